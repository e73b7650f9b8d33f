import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { chooseStrength } from '../../../../core/engine/damage/choose-strength.ts';
import { uprightGrid, uprightSteps } from '../../../../core/engine/damage/upright-grid.ts';
import { decodePhoto } from '../../../../core/engine/decode/decode-photo.ts';
import type { RasterShape } from '../../../../core/engine/raster/raster.ts';
import { recognise } from '../../../../core/engine/recognise/recognise.ts';
import { sharp, type Sharp } from '../../../../core/engine/sharp.ts';
import { strengthFor } from '../../../../core/photo/damage.ts';
import { difference, noisySample } from './noisy-photo.ts';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-strength-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let files = 0;

// No multiple of 8: in a turned photo the blocks begin elsewhere.
const shape = { width: 491, height: 365, channels: 3, bitDepth: 8 } as const satisfies RasterShape;
const clean = Uint8Array.from(noisySample(shape, 0));

function photo(deviation: number): Sharp {
  return sharp(noisySample(shape, deviation), { raw: shape });
}

async function strengthOf(bytes: Uint8Array): Promise<number> {
  const path = join(folder, String(files++));
  writeFileSync(path, bytes);
  const scratchPath = `${path}.tif`;
  const facts = await recognise(path);
  await decodePhoto({ path, facts, scratchPath });
  return await chooseStrength(path, facts, scratchPath);
}

const jpeg = (deviation: number, quality: number, subsampling = '4:2:0'): Promise<Buffer> =>
  photo(deviation).jpeg({ quality, chromaSubsampling: subsampling }).toBuffer();

describe('the strength chosen for a photo', () => {
  test('is exactly 0 for a clean one without loss', async () => {
    expect(await strengthOf(await photo(0).png().toBuffer())).toBe(0);
    expect(await strengthOf(await photo(0).webp({ lossless: true }).toBuffer())).toBe(0);
    expect(await strengthOf(await photo(0).tiff().toBuffer())).toBe(0);
  });

  test.each([2, 5, 15, 25])('is that of its noise, when there is nothing but noise (σ %i)', async (deviation) => {
    expect(Math.abs((await strengthOf(await photo(deviation).png().toBuffer())) - strengthFor(deviation, 0))).toBeLessThan(0.05);
  });

  test('falls with the quality of a JPEG, and rises with the noise in it', async () => {
    const qualities = [98, 90, 75, 50, 30, 10];
    const strengths: number[] = [];
    for (const quality of qualities) strengths.push(await strengthOf(await jpeg(0, quality)));
    expect(strengths).toEqual(strengths.toSorted((a, b) => a - b));
    expect(new Set(strengths).size).toBe(qualities.length);
    for (const [index, quality] of qualities.slice(0, 4).entries())
      expect(await strengthOf(await jpeg(25, quality))).toBeGreaterThan(strengths[index]! + 0.1);
  });

  test.each([0, 5, 15])('is near that of the error it really has after JPEG (σ %i before)', async (deviation) => {
    for (const quality of [90, 75, 50, 30]) {
      const file = await jpeg(deviation, quality);
      const error = difference(clean, await sharp(file).raw().toBuffer());
      expect(Math.abs((await strengthOf(file)) - strengthFor(error, 0)), `quality ${String(quality)}`).toBeLessThan(0.1);
    }
  });

  test('is the same whichever way the camera was held', async () => {
    const upright = await strengthOf(await jpeg(10, 85));
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      const turned = await sharp(await jpeg(10, 85))
        .keepMetadata()
        .withMetadata({ orientation })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer();
      // Saved again at 100 for the tag alone: the file itself is that of quality 85 with another header.
      const file = withHeaderOf(turned, await jpeg(10, 85));
      expect(Math.abs((await strengthOf(file)) - upright), `orientation ${String(orientation)}`).toBeLessThan(0.03);
    }
  });

  test('comes from the tables alone for a CMYK photo', async () => {
    const strength = await strengthOf(await photo(15).toColourspace('cmyk').jpeg({ quality: 75 }).toBuffer());
    const quiet = await strengthOf(await photo(0).toColourspace('cmyk').jpeg({ quality: 75 }).toBuffer());
    expect(strength).toBe(quiet);
    expect(strength).toBeGreaterThan(0.2);
  });
});

/** The EXIF segment of `tagged` in front of the tables and picture of `file`. */
function withHeaderOf(tagged: Buffer, file: Buffer): Buffer {
  const at = tagged.indexOf(Buffer.from([0xff, 0xe1]));
  expect(at).toBeGreaterThan(0);
  const segment = tagged.subarray(at, at + 2 + tagged.readUInt16BE(at + 2));
  return Buffer.concat([file.subarray(0, 2), segment, file.subarray(2)]);
}

describe('the blocks of a turned JPEG', () => {
  test('begin where the stored picture ends, and change rows for columns', () => {
    const at = (orientation: number): object => uprightGrid({ width: 21, height: 13, orientation });
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(at)).toEqual([
      { left: 0, top: 0 },
      { left: 5, top: 0 },
      { left: 5, top: 5 },
      { left: 0, top: 5 },
      { left: 0, top: 0 },
      { left: 5, top: 0 },
      { left: 5, top: 5 },
      { left: 0, top: 5 },
    ]);
    const steps = Array.from({ length: 64 }, (_, index) => index);
    expect(uprightSteps(steps, 3)).toEqual(steps);
    expect(uprightSteps(steps, 6).slice(0, 3)).toEqual([0, 8, 16]);
    expect(uprightSteps(uprightSteps(steps, 5), 5)).toEqual(steps);
  });
});
