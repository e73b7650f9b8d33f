import { basename, join } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import type { RasterShape, Samples } from '../../../../core/engine/raster/raster.ts';
import { asymmetric, decodeWhole, imageOf, meanDifference, scratchFolder } from '../../../fixtures/decoding.ts';
import { addHeifTurns } from '../../../fixtures/heif-turns.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';

const folder = scratchFolder();
afterAll(() => {
  folder.remove();
});

interface Picture {
  readonly shape: RasterShape;
  readonly samples: Samples;
}

/** Moves every pixel: `target(x, y)` says from where in the source the pixel at x, y of the result comes. */
function rearrange(
  picture: Picture,
  sideways: boolean,
  source: (x: number, y: number, width: number, height: number) => [number, number],
): Picture {
  const { width, height } = picture.shape;
  const shape = { ...picture.shape, width: sideways ? height : width, height: sideways ? width : height };
  const samples = new Uint8Array(picture.samples.length);
  for (let y = 0; y < shape.height; y++) {
    for (let x = 0; x < shape.width; x++) {
      const [fromX, fromY] = source(x, y, width, height);
      const from = (fromY * width + fromX) * 3;
      samples.set(picture.samples.subarray(from, from + 3), (y * shape.width + x) * 3);
    }
  }
  return { shape, samples };
}

/** EXIF 2.3, tag 274: where row 0 and column 0 of the stored picture are seen. Here: upright pixel → stored pixel. */
const uprightFromStored: Record<number, (picture: Picture) => Picture> = {
  1: (picture) => picture,
  2: (picture) => rearrange(picture, false, (x, y, width) => [width - 1 - x, y]),
  3: (picture) => rearrange(picture, false, (x, y, width, height) => [width - 1 - x, height - 1 - y]),
  4: (picture) => rearrange(picture, false, (x, y, _, height) => [x, height - 1 - y]),
  5: (picture) => rearrange(picture, true, (x, y) => [y, x]),
  6: (picture) => rearrange(picture, true, (x, y, _, height) => [y, height - 1 - x]),
  7: (picture) => rearrange(picture, true, (x, y, width, height) => [width - 1 - y, height - 1 - x]),
  8: (picture) => rearrange(picture, true, (x, y, width) => [width - 1 - y, x]),
};

const encoders = {
  jpeg: (picture: Picture, orientation: number) =>
    imageOf(picture.shape, picture.samples).withMetadata({ orientation }).jpeg({ quality: 98, chromaSubsampling: '4:4:4' }),
  'progressive jpeg': (picture: Picture, orientation: number) =>
    imageOf(picture.shape, picture.samples)
      .withMetadata({ orientation })
      .jpeg({ quality: 98, chromaSubsampling: '4:4:4', progressive: true }),
  png: (picture: Picture, orientation: number) => imageOf(picture.shape, picture.samples).withMetadata({ orientation }).png(),
  'interlaced png': (picture: Picture, orientation: number) =>
    imageOf(picture.shape, picture.samples).withMetadata({ orientation }).png({ progressive: true }),
  webp: (picture: Picture, orientation: number) =>
    imageOf(picture.shape, picture.samples).withMetadata({ orientation }).webp({ lossless: true }),
  tiff: (picture: Picture, orientation: number) =>
    imageOf(picture.shape, picture.samples).withMetadata({ orientation }).tiff({ compression: 'lzw' }),
} as const;

const stored = [asymmetric(57, 34), asymmetric(31, 90), asymmetric(1, 5), asymmetric(300, 200)];

describe.each(Object.entries(encoders))('a %s', (name, encode) => {
  describe.each([1, 2, 3, 4, 5, 6, 7, 8])('of orientation %i', (orientation) => {
    test.each(stored.map((picture) => ({ size: `${String(picture.shape.width)} × ${String(picture.shape.height)}`, picture })))(
      'and $size pixels is turned upright',
      async ({ picture }) => {
        const path = folder.file(await encode(picture, orientation).toBuffer());
        const expected = uprightFromStored[orientation]?.(picture);
        const { facts, shape, samples } = await decodeWhole(path);
        expect(facts).toMatchObject({ orientation, width: expected?.shape.width, height: expected?.shape.height });
        expect(shape).toEqual(expected?.shape);
        const difference = meanDifference(samples, expected?.samples ?? new Uint8Array());
        if (name.includes('jpeg')) expect(difference).toBeLessThan(2);
        else expect(difference).toBe(0);
      },
    );
  });
});

describe.each([0, 1, 2, 3])('an AVIF that its container turns by %i quarters', (rotations) => {
  test.each([null, 0, 1] as const)('and mirrors along axis %s is turned upright', async (mirrorAxis) => {
    const picture = asymmetric(64, 40);
    const avif = await imageOf(picture.shape, picture.samples).avif({ lossless: true, chromaSubsampling: '4:4:4' }).toBuffer();
    const path = folder.file(addHeifTurns(avif, rotations, mirrorAxis));
    // irot turns anticlockwise: one quarter is EXIF orientation 8.
    let expected = uprightFromStored[[1, 8, 3, 6][rotations] ?? 1]?.(picture);
    if (mirrorAxis !== null && expected) expected = uprightFromStored[mirrorAxis === 0 ? 4 : 2]?.(expected);
    const { facts, shape, samples } = await decodeWhole(path);
    expect(facts).toMatchObject({ format: 'avif', orientation: 1, width: expected?.shape.width, height: expected?.shape.height });
    expect(shape).toEqual(expected?.shape);
    expect(meanDifference(samples, expected?.samples ?? new Uint8Array())).toBeLessThan(2);
  });
});

test.each([3, 6, 8])('an AVIF whose container and EXIF both speak of orientation %i is turned once', async (orientation) => {
  const picture = asymmetric(64, 40);
  const avif = await imageOf(picture.shape, picture.samples)
    .withMetadata({ orientation })
    .avif({ lossless: true, chromaSubsampling: '4:4:4' })
    .toBuffer();
  expect(avif.includes('irot')).toBe(true);
  expect(avif.includes('Exif')).toBe(true);
  const { shape, samples } = await decodeWhole(folder.file(avif));
  const expected = uprightFromStored[orientation]?.(picture);
  expect(shape).toEqual(expected?.shape);
  expect(meanDifference(samples, expected?.samples ?? new Uint8Array())).toBeLessThan(2);
});

const examples = sharedData('corpus/orientation');
if (examples === null) console.log('corpus/orientation is not there: its photos were not compared');

test.skipIf(examples === null)(
  'the photos of every orientation look like the upright one',
  async () => {
    const names = readdirSync(examples ?? '').filter((name) => /_[1-8]\.jpg$/u.test(name));
    expect(names.length).toBe(16);
    for (const name of names) {
      const reference = await decodeWhole(copy(join(examples ?? '', name.replace(/_\d/u, '_0'))));
      const turned = await decodeWhole(copy(join(examples ?? '', name)));
      expect(turned.shape).toEqual(reference.shape);
      const difference = meanDifference(await shrunk(turned), await shrunk(reference));
      expect(difference, name).toBeLessThanOrEqual(2);
    }
    console.log(`corpus/orientation: ${String(names.length)} photos were compared`);
  },
  60_000,
);

/** The photos were compressed anew for each orientation; at a tenth of the size that noise is gone, and a wrong turn is not. */
async function shrunk(picture: Picture): Promise<Samples> {
  const { width, height } = picture.shape;
  return imageOf(picture.shape, picture.samples)
    .resize(width / 10, height / 10)
    .raw()
    .toBuffer();
}

/** The shared folder is read-only, and the raster is written beside the file. */
function copy(path: string): string {
  return folder.file(readFileSync(path), basename(path));
}
