import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { RasterShape, Samples } from '../../../../core/engine/raster/raster.ts';
import { createRaster } from '../../../../core/engine/raster/tiff-raster-writer.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import type { Sharp } from '../../../../core/engine/sharp.ts';
import { decodeWhole, imageOf, meanDifference, scratchFolder } from '../../../fixtures/decoding.ts';
import { everyShape, noise } from '../../../fixtures/samples.ts';
import { buildTiff, pageTags } from '../../../fixtures/tiff-builder.ts';
import { p3Profile } from '../../../fixtures/p3-profile.ts';

const folder = scratchFolder();
afterAll(() => {
  folder.remove();
});

let rasters = 0;

/** A TIFF file of these samples with `icc`, whether they fit or not. */
function rasterFile(shape: RasterShape, samples: Samples, icc: Uint8Array): string {
  const path = folder.path(`raster-${String(rasters++)}.tif`);
  const writer = createRaster(path, shape, { icc, density: null });
  writer.writeRows(0, shape.height, samples);
  writer.close();
  return path;
}

/** Samples of `shape` in a file with `icc`, not converted: through a TIFF, whose profile sharp then keeps. */
function tagged(shape: RasterShape, samples: Samples, icc: Uint8Array): Sharp {
  return sharp(rasterFile(shape, samples, icc))
    .keepIccProfile()
    .toColourspace(shape.bitDepth === 16 ? (shape.channels <= 2 ? 'grey16' : 'rgb16') : shape.channels <= 2 ? 'b-w' : 'srgb');
}

/** Formats without loss, and the shapes that each can hold. */
const lossless: Record<string, { encode: (image: Sharp) => Sharp; holds: (shape: RasterShape) => boolean }> = {
  png: { encode: (image) => image.png(), holds: () => true },
  'interlaced png': { encode: (image) => image.png({ progressive: true }), holds: () => true },
  'tiff (none)': { encode: (image) => image.tiff({ compression: 'none' }), holds: () => true },
  'tiff (lzw, tiled)': {
    encode: (image) => image.tiff({ compression: 'lzw', predictor: 'horizontal', tile: true, tileWidth: 64, tileHeight: 64 }),
    holds: () => true,
  },
  'tiff (deflate, big)': { encode: (image) => image.tiff({ compression: 'deflate', bigtiff: true }), holds: () => true },
  webp: {
    encode: (image) => image.webp({ lossless: true, exact: true }),
    holds: (shape) => shape.bitDepth === 8 && shape.channels >= 3,
  },
};

describe.each(Object.entries(lossless))('a %s', (_, { encode, holds }) => {
  const shapes = everyShape(83, 61).filter(holds);
  test.each(shapes.map((shape) => ({ name: `${String(shape.channels)} × ${String(shape.bitDepth)} bit`, shape })))(
    'of $name gives its device values',
    async ({ shape }) => {
      const samples = noise(shape, 11);
      const decoded = await decodeWhole(folder.file(await encode(imageOf(shape, samples)).toBuffer()));
      expect(decoded.shape).toEqual(shape);
      expect(decoded.icc).toBeNull();
      expect(decoded.notes).toEqual([]);
      expect(meanDifference(decoded.samples, samples)).toBe(0);
    },
  );

  test.each(
    shapes
      .filter((shape) => shape.channels >= 3)
      .map((shape) => ({ name: `${String(shape.channels)} × ${String(shape.bitDepth)} bit`, shape })),
  )('of $name in Display P3 keeps values and profile', async ({ shape }) => {
    const icc = await p3Profile();
    const samples = noise(shape, 12);
    const decoded = await decodeWhole(folder.file(await encode(tagged(shape, samples, icc)).toBuffer()));
    expect(decoded.facts.profileName).not.toBeNull();
    expect(Buffer.compare(decoded.icc ?? Buffer.alloc(0), icc)).toBe(0);
    expect(meanDifference(decoded.samples, samples)).toBe(0);
  });
});

test.each([1, 3] as const)('a JPEG of %i channels gives the values that its decoder gives, profile or not', async (channels) => {
  const shape: RasterShape = { width: 64, height: 48, channels, bitDepth: 8 };
  const flat = new Uint8Array(64 * 48 * channels).map((_, index) => [236, 78, 49][index % channels] ?? 0);
  const icc = await p3Profile();
  const image = channels === 3 ? tagged(shape, flat, icc) : imageOf(shape, flat);
  const decoded = await decodeWhole(folder.file(await image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()));
  expect(decoded.shape).toEqual(shape);
  expect(decoded.icc === null).toBe(channels === 1);
  expect(meanDifference(decoded.samples, flat)).toBeLessThan(1);
});

describe.each([10, 12] as const)('an AVIF of %i bits', (bits) => {
  test('is spread over 16 bits: black stays 0, white becomes 65535, every level keeps its place', async () => {
    const levels = 2 ** bits;
    const shape: RasterShape = { width: levels, height: 8, channels: 3, bitDepth: 16 };
    const ramp = new Uint16Array(levels * 8 * 3).map((_, index) => (Math.floor(index / 3) % levels) << (16 - bits));
    const avif = await imageOf(shape, ramp).avif({ lossless: true, chromaSubsampling: '4:4:4', bitdepth: bits }).toBuffer();
    const { facts, samples } = await decodeWhole(folder.file(avif));
    expect(facts).toMatchObject({ bitDepth: bits, format: 'avif' });
    expect(samples[0]).toBe(0);
    expect(samples[levels * 3 - 1]).toBe(65535);
    let worst = 0;
    for (let index = 0; index < levels * 3; index++)
      worst = Math.max(worst, Math.abs((samples[index] ?? 0) - Math.round((Math.floor(index / 3) * 65535) / (levels - 1))));
    expect(worst).toBeLessThanOrEqual(1);
  });
});

describe('a PNG', () => {
  test.each([1, 2, 4] as const)('palette of %i bits becomes RGB', async (bits) => {
    const colours = 2 ** bits;
    const shape: RasterShape = { width: 40, height: 30, channels: 3, bitDepth: 8 };
    const samples = new Uint8Array(40 * 30 * 3).map(
      (_, index) => ((Math.floor(index / 3) % colours) * 16 + (index % 3) * 5) & 255,
    );
    const png = await imageOf(shape, samples).png({ palette: true, colours, dither: 0, quality: 100 }).toBuffer();
    expect(png[25]).toBe(3);
    const decoded = await decodeWhole(folder.file(png));
    expect(decoded.facts).toMatchObject({ colour: 'rgb', hasAlpha: false });
    expect(decoded.facts.bitDepth).toBeLessThanOrEqual(bits);
    expect(meanDifference(decoded.samples, samples)).toBe(0);
  });

  test('palette with transparency becomes RGBA', async () => {
    const shape: RasterShape = { width: 16, height: 16, channels: 4, bitDepth: 8 };
    const samples = new Uint8Array(16 * 16 * 4).map((_, index) =>
      index % 4 === 3 ? (index % 8 === 3 ? 0 : 255) : index % 8 < 4 ? 0 : 200,
    );
    const decoded = await decodeWhole(
      folder.file(await imageOf(shape, samples).png({ palette: true, dither: 0, quality: 100 }).toBuffer()),
    );
    expect(decoded.facts).toMatchObject({ colour: 'rgb', hasAlpha: true });
    expect(decoded.samples.filter((_, index) => index % 4 === 3)).toEqual(samples.filter((_, index) => index % 4 === 3));
  });
});

describe('a TIFF', () => {
  test.each([1, 4] as const)('of %i-bit grey is widened to 8', async (bits) => {
    const width = 16;
    const rowBytes = (width * bits) / 8;
    const packed = new Uint8Array(rowBytes * 4).map((_, index) => (index * 37 + 0x1b) & 255);
    const { shape, samples } = await decodeWhole(
      folder.file(buildTiff([{ tags: pageTags(width, 4, 1, bits, 1), pixels: packed }])),
    );
    expect(shape).toEqual({ width, height: 4, channels: 1, bitDepth: 8 });
    const top = 2 ** bits - 1;
    const expected = Uint8Array.from({ length: width * 4 }, (_, pixel) => {
      const bit = pixel * bits;
      const value = ((packed[bit >> 3] ?? 0) >> (8 - bits - (bit & 7))) & top;
      return Math.round((value * 255) / top);
    });
    expect([...samples]).toEqual([...expected]);
  });

  test('whose colours are multiplied by alpha is divided again, at 8 and 16 bits', async () => {
    for (const bits of [8, 16] as const) {
      const max = bits === 8 ? 255 : 65535;
      const alphas = [0, max, Math.round(max / 2), Math.round(max / 4)];
      const colour = [max, Math.round(max * 0.4), 0];
      const multiplied = alphas.flatMap((alpha) => [...colour.map((value) => Math.round((value * alpha) / max)), alpha]);
      const pixels = bits === 8 ? Uint8Array.from(multiplied) : new Uint8Array(Uint16Array.from(multiplied).buffer);
      const tags = pageTags(4, 1, 4, bits, 2, [{ tag: 338, type: 3, values: [1] }]);
      const { facts, samples } = await decodeWhole(folder.file(buildTiff([{ tags, pixels }])));
      expect(facts.hasAlpha).toBe(true);
      alphas.forEach((alpha, pixel) => {
        expect(samples[pixel * 4 + 3]).toBe(alpha);
        colour.forEach((value, channel) => {
          const found = samples[pixel * 4 + channel] ?? NaN;
          expect(Math.abs(found - (alpha === 0 ? 0 : value))).toBeLessThanOrEqual(alpha === 0 ? 0 : max / alpha);
        });
      });
    }
  });

  test('with a plain alpha channel keeps colour under full transparency', async () => {
    const tags = pageTags(2, 1, 4, 8, 2, [{ tag: 338, type: 3, values: [2] }]);
    const { samples } = await decodeWhole(
      folder.file(buildTiff([{ tags, pixels: Uint8Array.of(10, 20, 30, 0, 40, 50, 60, 128) }])),
    );
    expect([...samples]).toEqual([10, 20, 30, 0, 40, 50, 60, 128]);
  });

  test('with a saved selection loses it, and says so', async () => {
    const tags = pageTags(2, 1, 4, 8, 2, [{ tag: 338, type: 3, values: [0] }]);
    const decoded = await decodeWhole(folder.file(buildTiff([{ tags, pixels: Uint8Array.of(10, 20, 30, 0, 40, 50, 60, 128) }])));
    expect([...decoded.samples]).toEqual([10, 20, 30, 40, 50, 60]);
    expect(decoded.notes).toHaveLength(1);
  });

  test('of white-is-zero grey is turned the right way', async () => {
    const { samples } = await decodeWhole(
      folder.file(buildTiff([{ tags: pageTags(3, 1, 1, 8, 0), pixels: Uint8Array.of(0, 100, 255) }])),
    );
    expect([...samples]).toEqual([255, 155, 0]);
  });

  test('of several pages gives the first, and says so', async () => {
    const page = (value: number) => ({ tags: pageTags(2, 2, 1, 8, 1), pixels: new Uint8Array(4).fill(value) });
    for (const loop of [false, true]) {
      const decoded = await decodeWhole(folder.file(buildTiff([page(10), page(20), page(30)], loop)));
      expect([...decoded.samples]).toEqual([10, 10, 10, 10]);
      expect(decoded.facts.pages).toBe(3);
      expect(decoded.notes).toEqual(['the file has 3 pages: only the first was used']);
    }
  });
});

describe('colours that no raster has', () => {
  const red = { r: 236, g: 78, b: 49 };
  const flat = (): Sharp => sharp({ create: { width: 20, height: 10, channels: 3, background: red } });

  test.each([
    ['CMYK JPEG', () => flat().toColourspace('cmyk').jpeg({ quality: 100 })],
    ['CMYK JPEG with its profile', () => flat().withIccProfile('cmyk').jpeg({ quality: 100 })],
    ['CMYK TIFF', () => flat().toColourspace('cmyk').tiff({ compression: 'lzw' })],
  ] as const)('%s become sRGB with its profile, and say so', async (_, encode) => {
    const decoded = await decodeWhole(folder.file(await encode().toBuffer()));
    expect(decoded.facts.colour).toBe('cmyk');
    expect(decoded.shape).toEqual({ width: 20, height: 10, channels: 3, bitDepth: 8 });
    expect(decoded.notes).toEqual(['CMYK was converted to sRGB']);
    expect(Buffer.from(decoded.icc ?? []).toString('latin1')).toContain('acsp');
    // A press cannot print this red quite as bright.
    expect(Math.abs((decoded.samples[0] ?? 0) - red.r)).toBeLessThan(16);
    expect(Math.abs((decoded.samples[1] ?? 0) - red.g)).toBeLessThan(24);
  });

  test('16-bit Lab becomes 16-bit sRGB, and says so', async () => {
    const decoded = await decodeWhole(folder.file(await flat().toColourspace('labs').tiff({ compression: 'lzw' }).toBuffer()));
    expect(decoded.facts).toMatchObject({ colour: 'other', bitDepth: 16 });
    expect(decoded.shape.bitDepth).toBe(16);
    expect(decoded.notes).toEqual(['Lab was converted to sRGB']);
    [red.r, red.g, red.b].forEach((value, channel) => {
      expect(Math.abs((decoded.samples[channel] ?? 0) / 257 - value)).toBeLessThan(1.5);
    });
  });

  test('a profile of another colour model is left out, and that is said', async () => {
    const grey: RasterShape = { width: 8, height: 8, channels: 1, bitDepth: 8 };
    const decoded = await decodeWhole(rasterFile(grey, noise(grey), await p3Profile()));
    expect(decoded.icc).toBeNull();
    expect(decoded.notes).toHaveLength(1);
  });
});

describe('a PNG whose colours are named by number (cICP)', () => {
  const withCicp = async (primaries: number, transfer: number): Promise<string> => {
    const png = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#ec4e31' } })
      .png()
      .toBuffer();
    const body = Buffer.from([...Buffer.from('cICP'), primaries, transfer, 0, 1]);
    const chunk = Buffer.alloc(16);
    chunk.writeUInt32BE(4, 0);
    body.copy(chunk, 4);
    chunk.writeUInt32BE(crc32(body), 12);
    return folder.file(Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]));
  };

  test('as Display P3 goes on with a P3 profile and its own values', async () => {
    const decoded = await decodeWhole(await withCicp(12, 13));
    expect(Buffer.compare(decoded.icc ?? Buffer.alloc(0), await p3Profile())).toBe(0);
    expect([...decoded.samples.subarray(0, 3)]).toEqual([0xec, 0x4e, 0x31]);
  });

  test('as sRGB needs no profile', async () => {
    expect(await decodeWhole(await withCicp(1, 13))).toMatchObject({ icc: null, notes: [] });
  });

  test.each([16, 18])('as HDR (transfer %i) is unsupported', async (transfer) => {
    await expect(decodeWhole(await withCicp(9, transfer))).rejects.toMatchObject({ code: 'unsupported-format' });
  });
});

test('a GIF gives its first frame, transparent where it is not covered', async () => {
  const frame: RasterShape = { width: 24, height: 16, channels: 4, bitDepth: 8 };
  const first = new Uint8Array(24 * 16 * 4).map((_, index) =>
    index % 4 === 3 ? (index < 24 * 4 * 4 ? 0 : 255) : index < 24 * 4 * 4 ? 0 : ([200, 30, 60][index % 4] ?? 0),
  );
  const second = first.map((value, index) => (index % 4 === 1 ? 255 - value : value));
  const both = new Uint8Array([...first, ...second]);
  const gif = await sharp(both, { raw: { width: 24, height: 32, channels: 4, pageHeight: 16 } })
    .gif({ delay: [100, 100], loop: 0 })
    .toBuffer();
  const decoded = await decodeWhole(folder.file(gif));
  expect(decoded.shape).toEqual(frame);
  expect(decoded.facts.pages).toBe(2);
  expect(decoded.notes).toEqual(['the file has 2 frames: only the first was used']);
  expect(meanDifference(decoded.samples, first)).toBe(0);
});
