/** Many photos looked at together. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodePhoto } from '../../../../core/engine/decode/decode-photo.ts';
import { handlers } from '../../../../core/engine/handlers.ts';
import { rasterShape } from '../../../../core/photo/facts.ts';
import { recognise } from '../../../../core/engine/recognise/recognise.ts';
import { allocateRows } from '../../../../core/engine/raster/raster.ts';
import { openRaster } from '../../../../core/engine/raster/tiff-raster-reader.ts';
import { profiledPicture } from '../../../../core/engine/screen-picture.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { lookedSchema, type Looked } from '../../../../core/photo/engine-protocol.ts';
import { thumbnailFile } from '../../../../core/photo/thumbnail.ts';
import { goodPhotos, phoneJpeg, truncatedJpeg } from '../../../fixtures/photos.ts';
import { phone } from '../../../fixtures/exif-block.ts';
import { quietContext, sha256Of } from '../../../fixtures/real-engine.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const folder = temporaryFolder('look');
const corpus = sharedData('corpus');
if (corpus === null) console.log('look: the shared corpus is absent, its photos are not covered');

type Good = Extract<Looked, { ok: true }>;

let taken = 0;
/** Looks at all of them, each thumbnail in a place of its own. */
async function lookAll(paths: readonly string[], side = 64): Promise<{ looked: Looked; thumbnail: string }[]> {
  const items = paths.map((path) => ({ path, thumbnail: folder.of(`${String((taken += 1))}.thumb`), thumbnailSide: side }));
  const { looks } = await handlers.look({ items }, quietContext);
  expect(looks).toHaveLength(items.length);
  return looks.map((looked, index) => ({ looked: lookedSchema.parse(looked), thumbnail: items[index]!.thumbnail }));
}

/** The picture in a thumbnail file that checks itself. */
function unwrapped(path: string): Buffer {
  const file = readFileSync(path);
  const picture = file.subarray(thumbnailFile.headerBytes);
  expect([file.toString('latin1', 0, 4), file.readUInt32BE(4)]).toEqual([thumbnailFile.magic, crc32(picture)]);
  return picture;
}

function good({ looked }: { looked: Looked }): Good {
  if (!looked.ok) throw new Error(looked.failure.message);
  return looked;
}

describe('look', () => {
  it('tells of every kind of photo what recognising tells, and shows it small', async () => {
    const paths = await Promise.all(Object.values(goodPhotos).map(async (make) => make(folder.path)));
    const looks = await lookAll(paths);
    for (const [index, path] of paths.entries()) {
      const { facts, damaged, thumbnail } = good(looks[index]!);
      expect([path, facts]).toEqual([path, await recognise(path)]);
      expect([path, damaged, thumbnail?.width, thumbnail?.height]).toEqual([path, false, 64, 48]);
      const picture = unwrapped(looks[index]!.thumbnail);
      expect(await sharp(picture).metadata()).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
      expect(thumbnail?.bytes).toBe(statSync(looks[index]!.thumbnail).size);
    }
  });

  it('shows every orientation upright', async () => {
    const size = { width: 96, height: 64 };
    mkdirSync(folder.of('turned'));
    const paths: string[] = [];
    for (let orientation = 1; orientation <= 8; orientation += 1)
      paths.push(await phoneJpeg(folder.of('turned'), orientation, size));
    const looks = await lookAll(paths, 48);
    const pixels = async (index: number) => sharp(unwrapped(looks[index]!.thumbnail)).raw().toBuffer();
    const upright = await pixels(0);
    for (let index = 1; index < 8; index += 1) {
      expect(good(looks[index]!).thumbnail).toMatchObject({ width: 48, height: 32 });
      const turned = await pixels(index);
      const difference = upright.reduce((sum, value, at) => sum + Math.abs(value - turned[at]!), 0) / upright.length;
      expect([index, difference < 4]).toEqual([index, true]);
    }
  });

  it('reads what the metadata tells', async () => {
    const [looked] = await lookAll([await phoneJpeg(folder.path)]);
    const { details } = good(looked!);
    expect(details).toMatchObject({ takenAt: '2024-06-21T19:42:07', camera: `${phone.make} ${phone.model}` });
    expect(details.latitude).toBeCloseTo(46 + 33 / 60 + 12.5 / 3600, 9);
    expect(details.longitude).toBeCloseTo(7 + 58 / 60 + 41.25 / 3600, 9);
  });

  it('shows colours as sRGB, and what is transparent over grey', async () => {
    const red = folder.of('red.png');
    const tagged = sharp({ create: { width: 30, height: 30, channels: 3, background: { r: 200, g: 60, b: 40 } } });
    await tagged.withIccProfile('p3').png().toFile(red);
    const clear = folder.of('clear.png');
    await sharp({ create: { width: 30, height: 30, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } })
      .png()
      .toFile(clear);
    const looks = await lookAll([red, clear]);
    const mean = async (index: number) => (await sharp(unwrapped(looks[index]!.thumbnail)).stats()).channels.map((c) => c.mean);
    for (const [at, value] of (await mean(0)).entries()) expect(Math.abs(value - [200, 60, 40][at]!)).toBeLessThan(4);
    for (const value of await mean(1)) expect(Math.abs(value - 128)).toBeLessThan(3);
  });

  it('does not enlarge what is small already', async () => {
    const path = folder.of('tiny.png');
    await sharp({ create: { width: 5, height: 3, channels: 3, background: 'teal' } })
      .png()
      .toFile(path);
    expect(good((await lookAll([path]))[0]!).thumbnail).toMatchObject({ width: 5, height: 3 });
  });

  it('lets a bad file fail alone, with the reason, and shows what there is of a damaged one', async () => {
    const text = folder.of('text.jpg');
    writeFileSync(text, 'this is text');
    const empty = folder.of('empty.jpg');
    writeFileSync(empty, '');
    const cut = await truncatedJpeg(folder.path);
    const whole = await phoneJpeg(folder.path);
    const headless = folder.of('headless.png');
    writeFileSync(
      headless,
      await sharp({ create: { width: 90, height: 90, channels: 3, background: 'teal' } })
        .png()
        .toBuffer(),
    );
    truncateSync(headless, 60);
    const looks = await lookAll([text, whole, empty, cut, folder.of('absent.jpg'), folder.path, headless, whole]);
    const codes = looks.map(({ looked }) => (looked.ok ? (looked.damaged ? 'damaged pixels' : 'good') : looked.failure.code));
    expect(codes).toEqual([
      'not-a-photo',
      'good',
      'not-a-photo',
      'damaged pixels',
      'not-found',
      'not-a-photo',
      'damaged',
      'good',
    ]);
    expect(good(looks[3]!).thumbnail).toMatchObject({ width: 64, height: 48 });
    for (const { looked, thumbnail } of looks) expect(existsSync(thumbnail)).toBe(looked.ok && looked.thumbnail !== null);
  });

  it('makes no thumbnail that nobody asked for, and writes nowhere else', async () => {
    const source = folder.fresh();
    const path = await phoneJpeg(source);
    const before = [sha256Of(path), statSync(path).mtimeMs, readdirSync(source)];
    const { looks } = await handlers.look({ items: [{ path, thumbnail: null, thumbnailSide: 64 }] }, quietContext);
    expect(looks[0]).toMatchObject({ ok: true, damaged: false, thumbnail: null });
    expect([sha256Of(path), statSync(path).mtimeMs, readdirSync(source)]).toEqual(before);
  });

  it('looks at a file that is too large to be held as at any other', async () => {
    const path = folder.of('large.tif');
    const shape = { width: 3000, height: 2000, channels: 3 as const };
    await sharp({ create: { ...shape, background: { r: 20, g: 140, b: 70 } } })
      .tiff({ compression: 'none' })
      .toFile(path);
    expect(statSync(path).size).toBeGreaterThan(16 * 2 ** 20);
    const [looked] = await lookAll([path]);
    expect(good(looked!).facts).toEqual(await recognise(path));
    const { channels } = await sharp(unwrapped(looked!.thumbnail)).stats();
    expect(channels.map(({ mean }) => Math.round(mean / 10))).toEqual([2, 14, 7]);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const path = await phoneJpeg(folder.path);
    const items = Array.from({ length: 60 }, (_, index) => ({
      path,
      thumbnail: folder.of(`c${String(index)}`),
      thumbnailSide: 64,
    }));
    const context = { ...quietContext, signal: controller.signal, progress: () => controller.abort() };
    await expect(handlers.look({ items }, context)).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(items.at(-1)!.thumbnail)).toBe(false);
  });

  it('answers an empty list with an empty one', async () => {
    expect(await handlers.look({ items: [] }, quietContext)).toEqual({ looks: [] });
  });
});

describe.skipIf(corpus === null)('look at the corpus', () => {
  const folders = ['orientation', 'exif-samples', 'widegamut', 'sharp-fix', 'libvips', 'libavif', 'pngsuite'];
  // A skipped block is read through all the same.
  const files = (corpus === null ? [] : folders).flatMap((name) => {
    const path = `${String(corpus)}/${name}`;
    return readdirSync(path).map((file) => `${path}/${file}`).filter((file) => statSync(file).isFile()); // prettier-ignore
  });

  /** Mean of each channel of the whole photo as the engine decodes it, as sRGB over the ground of thumbnails. */
  async function decodedMeans(path: string): Promise<number[] | null> {
    const facts = await recognise(path);
    const scratchPath = folder.of('decoded.tif');
    const { icc, shape } = await decodePhoto({ path, facts, scratchPath });
    const reader = openRaster(scratchPath);
    const samples = allocateRows(shape, shape.height);
    reader.readRows(0, shape.height, samples);
    reader.close();
    const picture = profiledPicture(shape, samples, icc).flatten({ background: '#808080' }).toColourspace('srgb');
    return (await sharp(await picture.png({ compressionLevel: 0 }).toBuffer()).stats()).channels.map(({ mean }) => mean);
  }

  it('shows the colours that decoding gives, whatever the container, depth, profile or transparency', async () => {
    const small = [];
    for (const path of files) {
      const facts = await recognise(path).catch(() => null);
      // Pixels enough for a mean that shrinking keeps, few enough for a quick test.
      if (facts !== null && Math.min(facts.width, facts.height) >= 32 && facts.width * facts.height < 1.5e6)
        small.push({ path, facts });
    }
    expect(small.length).toBeGreaterThan(200);
    const looks = await lookAll(small.map(({ path }) => path).slice(0, 256), 512);
    const wrong: [string, unknown][] = [];
    for (const [index, { path, facts }] of small.slice(0, 256).entries()) {
      const looked = good(looks[index]!);
      expect(looked.facts).toEqual(facts);
      if (looked.damaged || looked.thumbnail === null) continue;
      const expected = await decodedMeans(path);
      const { channels } = await sharp(unwrapped(looks[index]!.thumbnail)).toColourspace('srgb').stats();
      const means = channels.map(({ mean }) => mean);
      // Grey may be told in one channel or in three.
      const off = means.map((mean, at) => Math.abs(mean - (expected?.[Math.min(at, expected.length - 1)] ?? NaN)));
      // JPEG takes that much of the strongest colours at edges.
      if (off.some((difference) => !(difference < 8))) wrong.push([path, [means, expected, rasterShape(facts)]]);
    }
    expect(wrong).toEqual([]);
  });

  it('ends for hostile files, each with a reason or a picture', async () => {
    const hostile = ['bombs', 'libheif-fuzz', 'libpng-testpngs', 'zune-fuzz', 'bmpsuite'].flatMap((name) => {
      const path = `${String(corpus)}/${name}`;
      return readdirSync(path).map((file) => `${path}/${file}`).filter((file) => statSync(file).isFile()); // prettier-ignore
    });
    const step = process.env['ENLARGER_TEST_LONG'] === '1' ? 1 : 10;
    const chosen = hostile.filter((_, index) => index % step === 0);
    for (let at = 0; at < chosen.length; at += 256) await lookAll(chosen.slice(at, at + 256), 128);
  });
});
