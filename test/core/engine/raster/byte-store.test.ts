import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryPlace, openStore } from '../../../../core/engine/raster/byte-store.ts';
import { allocateRows } from '../../../../core/engine/raster/raster.ts';
import { openRaster } from '../../../../core/engine/raster/tiff-raster-reader.ts';
import { createRaster } from '../../../../core/engine/raster/tiff-raster-writer.ts';
import { everyShape, noise } from '../../../fixtures/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'store-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a raster in memory', () => {
  for (const shape of everyShape(33, 19)) {
    it(`is the same as in a file: ${String(shape.channels)} channels of ${String(shape.bitDepth)} bits`, () => {
      const samples = noise(shape);
      const memory = new MemoryPlace();
      const path = join(folder, 'raster.tif');
      for (const place of [memory, path]) {
        const writer = createRaster(place, shape);
        writer.writeRows(0, shape.height, samples);
        writer.close();
        const reader = openRaster(place);
        const back = allocateRows(shape, shape.height);
        reader.readRows(0, shape.height, back);
        reader.close();
        expect(back).toEqual(samples);
      }
      expect(Buffer.compare(Buffer.from(memory.bytes), readFileSync(path))).toBe(0);
    });
  }

  it('ends where it ends', () => {
    expect(() => {
      openStore(new MemoryPlace()).read(new Uint8Array(1), 0);
    }).toThrow(/ends early/);
  });
});
