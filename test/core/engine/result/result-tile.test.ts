/** Tiles of stored results, as the screen gets them. */
import { describe, expect, it } from 'vitest';
import { MemoryPlace } from '../../../../core/engine/raster/byte-store.ts';
import { createRaster } from '../../../../core/engine/raster/tiff-raster-writer.ts';
import type { RasterShape, Samples } from '../../../../core/engine/raster/raster.ts';
import { halvePicture } from '../../../../core/engine/result/halve-rows.ts';
import { writeResultTile } from '../../../../core/engine/result/result-tile.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { levelCount } from '../../../../core/photo/zoom-levels.ts';
import { writeEngineResult } from '../../../fixtures/engine-result.ts';
import { fillRows } from '../../../fixtures/fill-rows.ts';
import { noise } from '../../../fixtures/pictures.ts';
import { everyShape } from '../../../fixtures/samples.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { p3Profile } from '../../../fixtures/p3-profile.ts';

const folder = temporaryFolder('result-tile');
const output = folder.of('tile.png');

/** 8-bit sRGB with alpha, as a browser would paint it. */
async function painted(input: string | Uint8Array): Promise<{ pixels: Buffer; width: number; height: number }> {
  const { data, info } = await sharp(input).toColourspace('srgb').ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

/** The same picture in a file of one strip after the other. */
function plainFile(shape: RasterShape, samples: Samples, icc: Uint8Array | null): Uint8Array {
  const place = new MemoryPlace();
  fillRows(createRaster(place, shape, { icc, density: null }), samples);
  return place.bytes;
}

function crop({ pixels, width, height }: { pixels: Buffer; width: number; height: number }, side: number, x: number, y: number) {
  const right = Math.min(width, (x + 1) * side);
  const bottom = Math.min(height, (y + 1) * side);
  const rows = Array.from({ length: bottom - y * side }, (_, row) => {
    const start = ((y * side + row) * width + x * side) * 4;
    return pixels.subarray(start, start + (right - x * side) * 4);
  });
  return { pixels: Buffer.concat(rows), width: right - x * side, height: bottom - y * side };
}

async function expectEveryTile(shape: RasterShape, samples: Samples, side: number, icc: Uint8Array | null): Promise<number> {
  const directory = folder.fresh();
  await writeEngineResult(directory, shape, samples, { profile: icc, side });
  let picture = { shape, samples };
  let tiles = 0;
  for (let level = 0; level < levelCount(shape); level += 1) {
    const expected = await painted(plainFile(picture.shape, picture.samples, icc));
    for (let y = 0; y * side < expected.height; y += 1) {
      for (let x = 0; x * side < expected.width; x += 1) {
        const answer = await writeResultTile({ resultDirectory: directory, level, x, y, output });
        const tile = crop(expected, side, x, y);
        expect([shape, level, x, y, await painted(output)]).toEqual([shape, level, x, y, tile]);
        expect(answer).toMatchObject({ width: tile.width, height: tile.height });
        tiles += 1;
      }
    }
    picture = halvePicture(picture.shape, picture.samples);
  }
  return tiles;
}

describe('a tile', () => {
  it('is that part of the picture on every level, in every shape', async () => {
    for (const shape of everyShape(83, 50)) expect(await expectEveryTile(shape, noise(shape, 5), 16, null)).toBeGreaterThan(30);
  });

  it('is converted from the profile of the photo', async () => {
    const icc = await p3Profile();
    for (const [channels, bitDepth] of [
      [3, 8],
      [4, 8],
      [3, 16],
    ] as const) {
      const shape: RasterShape = { width: 40, height: 40, channels, bitDepth };
      await expectEveryTile(shape, noise(shape, 6), 16, icc);
    }
    const red: RasterShape = { width: 20, height: 20, channels: 3, bitDepth: 8 };
    const directory = folder.fresh();
    await writeEngineResult(
      directory,
      red,
      Uint8Array.from({ length: 1200 }, (_, at) => [200, 60, 40][at % 3]!),
      { profile: icc },
    );
    await writeResultTile({ resultDirectory: directory, level: 0, x: 0, y: 0, output });
    // The same colour has a larger red in the smaller space.
    expect((await painted(output)).pixels[0]).toBeGreaterThan(210);
  });

  it('is a PNG', async () => {
    const shape: RasterShape = { width: 600, height: 20, channels: 3, bitDepth: 16 };
    const directory = folder.fresh();
    await writeEngineResult(directory, shape, noise(shape, 1));
    const { bytes } = await writeResultTile({ resultDirectory: directory, level: 0, x: 1, y: 0, output });
    const facts = await sharp(output).metadata();
    expect(facts).toMatchObject({ format: 'png', depth: 'uchar', width: 88, height: 20 });
    expect(bytes).toBeGreaterThan(88 * 20 * 3);
  });

  it('outside the picture is refused', async () => {
    const shape: RasterShape = { width: 40, height: 30, channels: 1, bitDepth: 8 };
    const resultDirectory = folder.fresh();
    await writeEngineResult(resultDirectory, shape, noise(shape, 1), { side: 16 });
    for (const [level, x, y] of [
      [0, 3, 0],
      [0, 0, 2],
      [1, 2, 0],
      [6, 1, 0],
      [7, 0, 0],
    ] as const)
      await expect(writeResultTile({ resultDirectory, level, x, y, output })).rejects.toMatchObject({ code: 'not-found' });
    await expect(writeResultTile({ resultDirectory, level: 6, x: 0, y: 0, output })).resolves.toMatchObject({
      width: 1,
      height: 1,
    });
  });
});
