/** What lies at the picture's own edge is treated as what lies inside it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enlargeRaster } from '../../../../core/engine/network/enlarge-raster.ts';
import type { LoadedModel } from '../../../../core/engine/network/loaded-model.ts';
import { copyWindow, packColour, packPlane } from '../../../../core/engine/network/planes.ts';
import { allocateRows, maxSample, type RasterShape, type Samples } from '../../../../core/engine/raster/raster.ts';
import type { Channels, SampleDepth } from '../../../../core/photo/facts.ts';
import { openClean } from '../../../fixtures/clean-network.ts';
import { installedModel } from '../../../fixtures/installed-model.ts';
import { memoryReader, memoryWriter } from '../../../fixtures/memory-raster.ts';
import { noise } from '../../../fixtures/pictures.ts';
import { flatColours } from '../../../eval/test-charts.ts';

type Model = Pick<LoadedModel, 'card' | 'network'>;
const names = ['photo-x2 int8', 'photo-x2 fp32', 'half size', 'quarter size'] as const;
const models = {} as Record<(typeof names)[number], Model>;
beforeAll(async () => {
  models['photo-x2 int8'] = await installedModel('int8.onnx', 1);
  models['photo-x2 fp32'] = await installedModel('gpu.onnx', 1);
  models['half size'] = await openClean({ halvings: 1 });
  const quarter = { receptiveFieldRadius: 18, tile: { min: 44, default: 256, max: 1024, multiple: 4 } };
  models['quarter size'] = await openClean({ halvings: 2 }, quarter);
});
afterAll(async () => {
  for (const name of names) await models[name].network.release();
});

async function enlarged({ network, card }: Model, shape: RasterShape, samples: Samples, tileSide = 256): Promise<Samples> {
  const output = memoryWriter({ ...shape, width: shape.width * network.scale, height: shape.height * network.scale });
  await enlargeRaster({ input: memoryReader(shape, samples), output, network, card, tileSide, strength: 0.5 });
  return output.samples;
}

/** The picture with `border` more pixels on every side, as its edge. */
function continued(shape: RasterShape, samples: Samples, border: number): { shape: RasterShape; samples: Samples } {
  const larger = { ...shape, width: shape.width + 2 * border, height: shape.height + 2 * border };
  const result = allocateRows(larger, larger.height);
  const within = (place: number, end: number): number => Math.min(Math.max(place - border, 0), end - 1);
  for (let y = 0; y < larger.height; y += 1)
    for (let x = 0; x < larger.width; x += 1) {
      const from = (within(y, shape.height) * shape.width + within(x, shape.width)) * shape.channels;
      result.set(samples.subarray(from, from + shape.channels), (y * larger.width + x) * shape.channels);
    }
  return { shape: larger, samples: result };
}

/** The rectangle that is left when `border` pixels are taken off on every side. */
function trimmed(samples: Samples, { width, height, channels }: RasterShape, border: number): number[] {
  const rows: number[] = [];
  for (let y = border; y < height - border; y += 1) {
    const row = y * width;
    rows.push(...samples.subarray((row + border) * channels, (row + width - border) * channels));
  }
  return rows;
}

const border = 24;
const shapes: [number, number, Channels, SampleDepth][] = [
  [1, 1, 3, 8],
  [5, 2, 3, 16],
  [3, 70, 1, 8],
  [31, 29, 3, 8],
  [61, 45, 1, 16],
];

describe.each(names)('a picture alone (%s)', (name) => {
  test.each(shapes)('of %i × %i, %i channels, %i bits is as in a larger one that goes on like its edge', async (...drawn) => {
    const [width, height, channels, bitDepth] = drawn;
    const shape = { width, height, channels, bitDepth };
    const samples = noise(shape, width);
    const { scale } = models[name].network;
    const larger = continued(shape, samples, border);
    const whole = await enlarged(models[name], larger.shape, larger.samples);
    const grown = { ...larger.shape, width: larger.shape.width * scale, height: larger.shape.height * scale };
    const expected = trimmed(whole, grown, border * scale);
    for (const tileSide of [48, 256]) expect([...(await enlarged(models[name], shape, samples, tileSide))]).toEqual(expected);
  });
});

describe('a flat picture', () => {
  test.each(['photo-x2 int8', 'photo-x2 fp32'] as const)('stays flat up to its edge (%s)', async (name) => {
    for (const colour of flatColours) {
      const shape: RasterShape = { width: 24, height: 20, channels: 3, bitDepth: 8 };
      const flat = Uint8Array.from({ length: 24 * 20 * 3 }, (_, index) => colour[index % 3]!);
      const result = await enlarged(models[name], shape, flat);
      // Four phases of an enlarged pixel may round differently; each phase is one colour everywhere.
      for (let y = 0; y < 40; y += 1)
        for (let x = 0; x < 48; x += 1) {
          const at = (y * 48 + x) * 3;
          const first = ((y % 2) * 48 + (x % 2)) * 3;
          expect([...result.subarray(at, at + 3)]).toEqual([...result.subarray(first, first + 3)]);
          for (const channel of [0, 1, 2]) expect(Math.abs(result[at + channel]! - colour[channel]!)).toBeLessThanOrEqual(2);
        }
    }
  });
});

describe('a window over the edges of a picture', () => {
  test.each([8, 16] as const)('is filled with the nearest pixel, by every way of filling (%i bits)', (bitDepth) => {
    const shape: RasterShape = { width: 5, height: 4, channels: 3, bitDepth };
    const samples = noise(shape, 3);
    const band = { samples, width: 5, channels: 3, top: 0, rows: 4 };
    const picture = { left: 0, top: 0, width: 5, height: 4 };
    for (const window of [
      { left: -3, top: -2, width: 11, height: 9 },
      { left: 2, top: 1, width: 2, height: 2 },
      { left: -1, top: 2, width: 2, height: 6 },
      { left: 4, top: -5, width: 3, height: 6 },
    ]) {
      const size = window.width * window.height;
      const together = new Float32Array(3 * size);
      packColour(band, window, together);
      for (let channel = 0; channel < 3; channel += 1) {
        const expected = Float32Array.from({ length: size }, (_, index) => {
          const x = Math.min(Math.max(window.left + (index % window.width), 0), 4);
          const y = Math.min(Math.max(window.top + Math.floor(index / window.width), 0), 3);
          return samples[(y * 5 + x) * 3 + channel]! / maxSample(bitDepth);
        });
        const [alone, whole, copied] = [new Float32Array(size), new Float32Array(20), new Float32Array(size)];
        packPlane(band, channel, window, alone);
        packPlane(band, channel, picture, whole);
        copyWindow(whole, picture, window, copied);
        expect(alone).toEqual(expected);
        expect(copied).toEqual(expected);
        expect(together.subarray(channel * size, (channel + 1) * size)).toEqual(expected);
      }
    }
  });
});
