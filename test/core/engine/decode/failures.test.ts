import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { decodePhoto } from '../../../../core/engine/decode/decode-photo.ts';
import { requireScratchSpace } from '../../../../core/engine/decode/scratch-space.ts';
import { recognise } from '../../../../core/engine/recognise/recognise.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { imageOf, scratchFolder } from '../../../fixtures/decoding.ts';
import { noise } from '../../../fixtures/samples.ts';

const folder = scratchFolder();
afterAll(() => {
  folder.remove();
});

const shape = { width: 200, height: 150, channels: 3, bitDepth: 8 } as const;
const image = () => imageOf(shape, noise(shape));
const encoders = {
  jpeg: () => image().jpeg().toBuffer(),
  'progressive jpeg': () => image().jpeg({ progressive: true }).toBuffer(),
  png: () => image().png().toBuffer(),
  'interlaced png': () => image().png({ progressive: true }).toBuffer(),
  webp: () => image().webp().toBuffer(),
  tiff: () => image().tiff({ compression: 'none' }).toBuffer(),
  avif: () => image().avif().toBuffer(),
  gif: () => image().gif().toBuffer(),
};

describe.each(Object.entries(encoders))('a %s', (name, encode) => {
  test.each([0.3, 0.6, 0.9])('of which only %f is there is damaged, and leaves nothing behind', async (part) => {
    const whole = await encode();
    const path = folder.file(whole.subarray(0, Math.floor(whole.length * part)));
    const scratchPath = folder.path(`${name}-${String(part)}.tif`);
    const attempt = recognise(path).then((facts) => decodePhoto({ path, facts, scratchPath }));
    await expect(attempt).rejects.toMatchObject({ code: 'damaged' });
    expect(existsSync(scratchPath)).toBe(false);
  });
});

test('a file that became another one since its facts were taken is source-changed', async () => {
  const path = folder.file(await image().png().toBuffer());
  const facts = await recognise(path);
  writeFileSync(
    path,
    await sharp({ create: { width: 7, height: 7, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  );
  const scratchPath = folder.path('changed.tif');
  await expect(decodePhoto({ path, facts, scratchPath })).rejects.toMatchObject({ code: 'source-changed', retry: true });
  expect(existsSync(scratchPath)).toBe(false);
});

test('a cancelled decode leaves nothing behind', async () => {
  const path = folder.file(await image().png().toBuffer());
  const facts = await recognise(path);
  const before = folder.path('cancelled-before.tif');
  await expect(decodePhoto({ path, facts, scratchPath: before, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  });
  const during = folder.path('cancelled-during.tif');
  const controller = new AbortController();
  const attempt = decodePhoto({ path, facts, scratchPath: during, signal: controller.signal });
  controller.abort();
  await expect(attempt).rejects.toMatchObject({ code: 'cancelled' });
  expect(existsSync(before) || existsSync(during)).toBe(false);
});

test('too little space for a scratch file is disk-full, with the figures', async () => {
  await expect(requireScratchSpace(folder.path('x'), 2 ** 60)).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringMatching(/need \d+ MB and \d+ MB are free/u) as unknown,
  });
  await expect(requireScratchSpace(folder.path('x'), 1)).resolves.toBeUndefined();
});

test.skipIf(!existsSync('/dev/full'))('a raster that the disk does not take is disk-full', async () => {
  const { createRaster } = await import('../../../../core/engine/raster/tiff-raster-writer.ts');
  expect(() => createRaster('/dev/full', shape)).toThrow(expect.objectContaining({ code: 'disk-full' }) as Error);
});
