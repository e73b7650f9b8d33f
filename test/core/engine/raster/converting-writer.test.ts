import { describe, expect, it } from 'vitest';
import { convertingWriter } from '../../../../core/engine/raster/converting-writer.ts';
import type { RasterShape } from '../../../../core/engine/raster/raster.ts';
import { memoryWriter } from '../../../fixtures/memory-raster.ts';

const size = { width: 3, height: 2 };

describe('convertingWriter', () => {
  it('is the target itself when nothing has to change', () => {
    const target = memoryWriter({ ...size, channels: 3, bitDepth: 8 });
    expect(convertingWriter(target, target.shape)).toBe(target);
  });

  it('rounds 16 bits to the nearest of 8, for every 8-bit value and the values beside it', () => {
    const from: RasterShape = { width: 256 * 3, height: 1, channels: 1, bitDepth: 16 };
    const target = memoryWriter({ ...from, bitDepth: 8 });
    const samples = Uint16Array.from({ length: 768 }, (_, at) =>
      Math.min(65535, Math.max(0, Math.floor(at / 3) * 257 + ((at % 3) - 1) * 128)),
    );
    convertingWriter(target, from).writeRows(0, 1, samples);
    target.samples.forEach((value, at) => {
      expect(value).toBe(Math.floor(at / 3));
    });
  });

  for (const channels of [2, 4] as const) {
    it(`lays ${String(channels)} channels over white: opaque stays, transparent is white, half is half way`, () => {
      for (const bitDepth of [8, 16] as const) {
        const from: RasterShape = { width: 3, height: 1, channels, bitDepth };
        const top = bitDepth === 16 ? 65535 : 255;
        const target = memoryWriter({ ...from, channels: channels === 2 ? 1 : 3, bitDepth: 8 });
        const colours = channels - 1;
        const samples = (bitDepth === 16 ? Uint16Array : Uint8Array).from(
          [1, 0, 0.5].flatMap((alpha) => [...Array<number>(colours).fill(Math.round(top * 0.4)), Math.round(top * alpha)]),
        );
        convertingWriter(target, from).writeRows(0, 1, samples);
        const expected = [102, 255, 178.5].flatMap((value) => Array<number>(colours).fill(value));
        target.samples.forEach((value, at) => {
          expect(Math.abs(value - (expected[at] ?? NaN))).toBeLessThanOrEqual(1);
        });
      }
    });
  }

  it('refuses to invent alpha or to change the size', () => {
    const target = memoryWriter({ ...size, channels: 4, bitDepth: 8 });
    expect(() => convertingWriter(target, { ...size, channels: 3, bitDepth: 8 })).toThrow(/alpha/);
    expect(() => convertingWriter(target, { width: 4, height: 2, channels: 4, bitDepth: 8 })).toThrow(/size/);
  });
});
