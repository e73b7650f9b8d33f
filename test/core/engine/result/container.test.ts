/** Pictures through a result's files and back. */
import { readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryPlace } from '../../../../core/engine/raster/byte-store.ts';
import { allocateRows, rowSamples, type RasterShape, type Samples } from '../../../../core/engine/raster/raster.ts';
import type { RasterExtra } from '../../../../core/engine/raster/tiff-fields.ts';
import { openRaster } from '../../../../core/engine/raster/tiff-raster-reader.ts';
import { halvePicture } from '../../../../core/engine/result/halve-rows.ts';
import { storedLevels, tileSideFor } from '../../../../core/engine/result/levels.ts';
import { createPyramid } from '../../../../core/engine/result/pyramid-writer.ts';
import { openLevel, verifyLevel } from '../../../../core/engine/result/stored-level.ts';
import { tiledLayout } from '../../../../core/engine/result/tiled-layout.ts';
import { tiledReader } from '../../../../core/engine/result/tiled-reader.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { levelCount, levelSize } from '../../../../core/photo/zoom-levels.ts';
import type { ResultLevel } from '../../../../core/photo/result.ts';
import { noise } from '../../../fixtures/pictures.ts';
import { everyShape } from '../../../fixtures/samples.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { p3Profile } from '../../../fixtures/p3-profile.ts';

const folder = temporaryFolder('container');
const plain: RasterExtra = { icc: null, density: null };
const never = new AbortController().signal;

/** Writes a picture in bands of `bandRows` rows. */
function write(
  shape: RasterShape,
  samples: Samples,
  side: number,
  extra = plain,
  bandRows = 7,
): { directory: string; levels: ResultLevel[] } {
  const directory = folder.fresh();
  const writer = createPyramid(directory, shape, side, extra);
  for (let y = 0; y < shape.height; y += bandRows) {
    const rows = Math.min(bandRows, shape.height - y);
    writer.writeRows(y, rows, samples.subarray(y * rowSamples(shape), (y + rows) * rowSamples(shape)));
  }
  writer.close();
  return { directory, levels: [...writer.levels] };
}

function read(directory: string, level: ResultLevel, shape: RasterShape, side: number, extra = plain): Samples {
  const levelShape = { ...shape, ...levelSize(shape, level.level) };
  const reader = tiledReader(openLevel(directory, level, tiledLayout(levelShape, side, extra)));
  const samples = allocateRows(levelShape, levelShape.height);
  try {
    for (let y = 0; y < levelShape.height; y += 5) {
      const rows = Math.min(5, levelShape.height - y);
      reader.readRows(y, rows, samples.subarray(y * rowSamples(levelShape), (y + rows) * rowSamples(levelShape)));
    }
  } finally {
    reader.close();
  }
  return samples;
}

function halved(shape: RasterShape, samples: Samples, times: number): Samples {
  let picture = { shape, samples };
  for (let done = 0; done < times; done += 1) picture = halvePicture(picture.shape, picture.samples);
  return picture.samples;
}

/** What sharp reads, written by it once more: its raw output drops the alpha of 8-bit grey. */
async function bySharp(path: string, { channels, bitDepth }: RasterShape): Promise<Samples> {
  const space = bitDepth === 16 ? (channels < 3 ? 'grey16' : 'rgb16') : channels < 3 ? 'b-w' : 'srgb';
  const place = new MemoryPlace();
  place.bytes = await sharp(path).keepIccProfile().toColourspace(space).tiff({ compression: 'none' }).toBuffer();
  const reader = openRaster(place);
  const samples = allocateRows(reader.shape, reader.shape.height);
  reader.readRows(0, reader.shape.height, samples);
  return samples;
}

describe('a picture in a result', () => {
  const sizes = [
    [1, 1],
    [1, 40],
    [40, 1],
    [15, 16],
    [16, 16],
    [17, 16],
    [16, 17],
    [31, 33],
    [64, 48],
    [65, 47],
    [130, 70],
  ] as const;
  for (const [width, height] of sizes) {
    it(`of ${String(width)} × ${String(height)} comes back in every shape, on every level, and to sharp`, async () => {
      for (const shape of everyShape(width, height)) {
        const samples = noise(shape, width * 100 + height);
        const side = 16;
        const { directory, levels } = write(shape, samples, side);
        expect(levels.map(({ level }) => level)).toEqual(storedLevels(shape, side));
        for (const level of levels) {
          const expected = halved(shape, samples, level.level);
          expect([shape, read(directory, level, shape, side)]).toEqual([shape, expected]);
          expect(statSync(join(directory, level.file)).size).toBe(level.fileBytes);
          expect([shape, await bySharp(join(directory, level.file), shape)]).toEqual([shape, expected]);
        }
      }
    });
  }

  it('comes back with the tiles that the engine uses, also at their border', async () => {
    for (const [width, height] of [
      [511, 513],
      [512, 512],
      [1025, 300],
    ] as const) {
      const shape: RasterShape = { width, height, channels: 3, bitDepth: 8 };
      const samples = noise(shape, width);
      const { directory, levels } = write(shape, samples, tileSideFor(shape), plain, 100);
      expect(read(directory, levels[0]!, shape, tileSideFor(shape))).toEqual(samples);
      expect(await bySharp(join(directory, 'pixels.tif'), shape)).toEqual(samples);
    }
  });

  it('carries its profile and density, in classic TIFF and BigTIFF alike', async () => {
    const icc = await p3Profile();
    const shape: RasterShape = { width: 90, height: 50, channels: 4, bitDepth: 16 };
    const samples = noise(shape, 4);
    for (const bigTiff of [false, true]) {
      const extra = { icc, density: { x: 240, y: 240 }, bigTiff };
      const { directory, levels } = write(shape, samples, 32, extra);
      const path = join(directory, 'pixels.tif');
      expect(readFileSync(path).readUInt16LE(2)).toBe(bigTiff ? 43 : 42);
      const facts = await sharp(path).metadata();
      expect([new Uint8Array(facts.icc ?? []), facts.density, facts.channels, facts.depth]).toEqual([icc, 240, 4, 'ushort']);
      expect(read(directory, levels[0]!, shape, 32, extra)).toEqual(samples);
    }
  });

  it('refuses rows that are missing, come twice or out of order', () => {
    const shape: RasterShape = { width: 40, height: 40, channels: 1, bitDepth: 8 };
    const row = noise({ ...shape, height: 1 }, 1);
    const writer = createPyramid(folder.fresh(), shape, 16, plain);
    writer.writeRows(0, 1, row);
    expect(() => {
      writer.writeRows(2, 1, row);
    }).toThrow('row 2');
    expect(() => {
      writer.writeRows(0, 1, row);
    }).toThrow('row 0');
    expect(() => {
      writer.close();
    }).toThrow('incomplete');
  });

  it('is noticed when it is cut, too long, gone, or of another header', async () => {
    const shape: RasterShape = { width: 40, height: 40, channels: 3, bitDepth: 8 };
    const { directory, levels } = write(shape, noise(shape, 1), 16);
    const [level] = levels;
    const open = (extra = plain) => openLevel(directory, level!, tiledLayout(shape, 16, extra));
    expect(() => open({ icc: null, density: { x: 72, y: 72 } })).toThrow(
      expect.objectContaining({ code: 'damaged', retry: true }),
    );
    const whole = open();
    await expect(verifyLevel(whole, level!, never)).resolves.toBeUndefined();
    truncateSync(join(directory, level!.file), level!.fileBytes - 1);
    await expect(verifyLevel(whole, level!, never)).rejects.toMatchObject({ code: 'damaged' });
    whole.close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'damaged' }));
    truncateSync(join(directory, level!.file), level!.fileBytes + 1);
    expect(() => open()).toThrow(expect.objectContaining({ code: 'damaged' }));
  });
});

describe('the levels of a result', () => {
  const size = fc.record({ width: fc.integer({ min: 1, max: 70_000 }), height: fc.integer({ min: 1, max: 70_000 }) });

  it('are stored so that any tile of any level is made from at most four stored tiles', () => {
    fc.assert(
      fc.property(size, (whole) => {
        const side = tileSideFor(whole);
        const stored = storedLevels(whole, side);
        for (let level = 0; level < levelCount(whole); level += 1) {
          const nearest = stored.findLast((candidate) => candidate <= level) ?? NaN;
          const { width, height } = levelSize(whole, nearest);
          const across = 2 ** (level - nearest);
          const columns = Math.min(across, Math.ceil(width / side));
          const rows = Math.min(across, Math.ceil(height / side));
          expect([whole, level, columns * rows <= 4]).toEqual([whole, level, true]);
        }
      }),
    );
  });

  it('take less than a fifth more room than a large picture itself', () => {
    const large = fc.record({ width: fc.integer({ min: 4096, max: 20_000 }), height: fc.integer({ min: 4096, max: 20_000 }) });
    fc.assert(
      fc.property(large, (whole) => {
        const tiles = storedLevels(whole, tileSideFor(whole)).map((level) => {
          const { width, height } = levelSize(whole, level);
          return Math.ceil(width / 512) * Math.ceil(height / 512);
        });
        const sum = tiles.reduce((total, count) => total + count, 0);
        expect(sum / (tiles[0] ?? 0)).toBeLessThan(1.2);
      }),
    );
  });
});
