import { describe, expect, it } from 'vitest';
import { suspicion, type LookedTile } from '../../../../core/engine/device/tile-look.ts';
import { probeTiles } from '../../../../core/engine/device/probe-tiles.ts';

const side = 64;
const scale = 2;

/** A textured picture, and itself enlarged by repeating pixels. */
function tile(): LookedTile & { output: Float32Array } {
  const input = new Float32Array(3 * side * side);
  for (let channel = 0; channel < 3; channel += 1)
    for (let y = 0; y < side; y += 1)
      for (let x = 0; x < side; x += 1)
        input[(channel * side + y) * side + x] = 0.5 + 0.4 * Math.sin(x / 7 + channel) * Math.cos(y / 5 - channel);
  const large = side * scale;
  const output = new Float32Array(3 * large * large);
  for (let channel = 0; channel < 3; channel += 1)
    for (let y = 0; y < large; y += 1)
      for (let x = 0; x < large; x += 1)
        output[(channel * large + y) * large + x] =
          input[(channel * side + Math.floor(y / scale)) * side + Math.floor(x / scale)]!;
  return { input, width: side, height: side, scale, output };
}

const plane = (side * scale) ** 2;
const faults: Record<string, (output: Float32Array) => Float32Array> = {
  'is black': (output) => output.fill(0),
  'is white': (output) => output.fill(1),
  'is one grey': (output) => output.fill(0.5),
  'has a value that is no number': (output) => output.with(17, NaN),
  'has an infinite value': (output) => output.with(plane + 5, Infinity),
  'has a red tint': (output) => output.map((value, at) => (at < plane ? value + 0.1 : value)),
  'is darker': (output) => output.map((value) => value * 0.8),
  'has its channels swapped': (output) => Float32Array.from([...output.subarray(plane), ...output.subarray(0, plane)]),
  'is shifted by a quarter': (output) => {
    const shift = (side * scale) / 4;
    return output.map((_, at) => output[(Math.floor(at / plane) * plane + ((at + shift) % plane)) % output.length]!);
  },
  'is scrambled in blocks': (output) => output.map((_, at) => output[(at + 64 * 40) % output.length]!),
  'is black in a corner': (output) => {
    const dark = output.slice();
    for (let y = 0; y < 24; y += 1) for (let x = 0; x < 24; x += 1) dark[y * side * scale + x] = 0;
    return dark;
  },
  'is empty': () => new Float32Array(),
};

describe('a look at a tile', () => {
  it('finds nothing in one that is right', () => {
    expect(suspicion(tile())).toBeNull();
  });

  it('finds nothing in one that is cleaned: details are gone, brightness stays', () => {
    const right = tile();
    const noisy = right.input.map((value, at) => value + 0.2 * Math.sin(at * 12.9898));
    expect(suspicion({ ...right, input: noisy })).toBeNull();
  });

  for (const [what, harm] of Object.entries(faults))
    it(`suspects one that ${what}`, () => {
      const right = tile();
      expect(suspicion({ ...right, output: harm(right.output) })).toEqual(expect.any(String));
    });

  it('suspects nothing of probe tiles that come out as they went in, of any size', () => {
    const card = { input: { name: 'x', channels: 3, range: [0, 1], layout: 'NCHW', extraPlanes: ['strength'] } } as const;
    for (const size of [1, 7, 8, 9, 33, 64])
      for (const { planes } of probeTiles(card as never, size))
        expect(
          suspicion({ input: planes, width: size, height: size, scale: 1, output: planes.slice(0, 3 * size * size) }),
        ).toBeNull();
  });
});
