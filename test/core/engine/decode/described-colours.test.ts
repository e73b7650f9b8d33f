import { afterAll, describe, expect, test } from 'vitest';
import { makePngChunk } from '../../../../core/engine/container/png-chunks.ts';
import { encodeRaster } from '../../../../core/engine/encode/encode.ts';
import type { RasterShape } from '../../../../core/engine/raster/raster.ts';
import { createRaster } from '../../../../core/engine/raster/tiff-raster-writer.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { decodeWhole, scratchFolder } from '../../../fixtures/decoding.ts';

const folder = scratchFolder();
afterAll(() => {
  folder.remove();
});

const colour = [0xec, 0x4e, 0x31];
const srgbPoints = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];
const swappedPoints = [0.3127, 0.329, 0.3, 0.6, 0.64, 0.33, 0.15, 0.06];

/** The sRGB value of a device value whose light is a power of 2.2. */
function shownBySrgb(value: number): number {
  return 255 * (1.055 * ((value / 255) ** 2.2) ** (1 / 2.4) - 0.055);
}

function numbers(type: string, values: number[]): Uint8Array {
  const data = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) data.writeUInt32BE(Math.round(value * 100_000), 4 * index);
  return makePngChunk(type, data);
}
const gamma = (value: number): Uint8Array => numbers('gAMA', [value]);
const chromaticities = (points: number[]): Uint8Array => numbers('cHRM', points);

/** A PNG of one colour with these chunks behind its IHDR. */
async function pngWith(chunks: Uint8Array[], grey = false): Promise<string> {
  const picture = sharp({ create: { width: 4, height: 4, channels: 3, background: '#ec4e31' } });
  const png = await (grey ? picture.toColourspace('b-w') : picture).png().toBuffer();
  return folder.file(Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]));
}

async function encodeAgain(decoded: Awaited<ReturnType<typeof decodeWhole>>, format: 'png' | 'jpeg'): Promise<string> {
  const raster = folder.path(`again-${format}.tif`);
  const writer = createRaster(raster, decoded.shape, { icc: decoded.icc, density: null });
  writer.writeRows(0, decoded.shape.height, decoded.samples);
  writer.close();
  const path = folder.path(`again.${format}`);
  await encodeRaster({ raster, shape: decoded.shape, sourceBits: 8, path, format, quality: format === 'jpeg' ? 100 : null, density: null });
  return path;
} // prettier-ignore

describe('a PNG that describes its colours by gAMA and cHRM', () => {
  test.each(['png', 'jpeg'] as const)('keeps its values, and a profile in a %s says what they mean', async (format) => {
    const decoded = await decodeWhole(await pngWith([gamma(0.45455), chromaticities(swappedPoints)]));
    expect([...decoded.samples.subarray(0, 3)]).toEqual(colour);
    expect(decoded.notes).toEqual([expect.stringContaining('gAMA and cHRM')]);
    const path = await encodeAgain(decoded, format);
    expect(Buffer.compare((await sharp(path).metadata()).icc ?? Buffer.alloc(0), decoded.icc ?? Buffer.alloc(1))).toBe(0);
    const shown = await sharp(path).toColourspace('srgb').raw().toBuffer();
    const expected = [0x4e, 0xec, 0x31].map(shownBySrgb);
    for (const [axis, value] of expected.entries()) expect(Math.abs((shown[axis] ?? 0) - value)).toBeLessThanOrEqual(2);
  });

  test.each([
    ['gAMA', [gamma(0.625)], false],
    ['cHRM', [chromaticities(swappedPoints)], false],
    ['gAMA', [gamma(1), chromaticities(swappedPoints)], true],
  ] as const)('says so when there is only %s that counts', async (name, chunks, grey) => {
    const decoded = await decodeWhole(await pngWith([...chunks], grey));
    expect(decoded.icc).not.toBeNull();
    expect(decoded.notes).toEqual([expect.stringContaining(`by ${name}:`)]);
    const space = Buffer.from(decoded.icc ?? []).toString('latin1', 16, 20);
    expect(space).toBe(grey ? 'GRAY' : 'RGB ');
  });

  test.each(Object.entries({
    'the gamma and primaries of sRGB': [gamma(0.45455), chromaticities(srgbPoints)],
    'the old rounding of its gamma': [gamma(0.45)],
    'an sRGB chunk before others': [makePngChunk('sRGB', new Uint8Array(1)), gamma(1), chromaticities(swappedPoints)],
    'an sRGB chunk behind others': [gamma(1), makePngChunk('sRGB', new Uint8Array(1))],
    'the numbers of sRGB (cICP)': [makePngChunk('cICP', new Uint8Array([1, 13, 0, 1])), gamma(1)],
    'a gamma of nothing': [gamma(0)],
    'chunks of a wrong length': [makePngChunk('gAMA', new Uint8Array(3)), makePngChunk('cHRM', new Uint8Array(31))],
  }))('needs no profile for %s', async (_, chunks) => {
    expect(await decodeWhole(await pngWith(chunks))).toMatchObject({ icc: null, notes: [] });
  }); // prettier-ignore

  test('is told when its primaries are impossible', async () => {
    const decoded = await decodeWhole(await pngWith([chromaticities(Array.from({ length: 8 }, () => 0.3))]));
    expect(decoded).toMatchObject({ icc: null, notes: [expect.stringContaining('cHRM')] });
  });
});

describe('a photo that names its colours by number (CICP)', () => {
  const shape: RasterShape = { width: 4, height: 4, channels: 3, bitDepth: 8 };
  const withNumbers = (primaries: number, transfer: number): Promise<string> =>
    pngWith([makePngChunk('cICP', new Uint8Array([primaries, transfer, 0, 1]))]);

  test.each([1, 9, 12].flatMap((primaries) => [1, 4, 5, 8, 13].map((transfer) => [primaries, transfer] as const)))(
    'keeps its values and gets a profile unless it is sRGB: primaries %i, transfer %i',
    async (primaries, transfer) => {
      const decoded = await decodeWhole(await withNumbers(primaries, transfer));
      expect(decoded.shape).toEqual(shape);
      expect([...decoded.samples.subarray(0, 3)]).toEqual(colour);
      const isSrgb = primaries === 1 && transfer !== 5 && transfer !== 8;
      expect(decoded.icc === null).toBe(isSrgb);
    },
  );

  test('says so when the numbers mean something that no profile of ours can say', async () => {
    const decoded = await decodeWhole(await withNumbers(1, 9));
    expect(decoded).toMatchObject({ icc: null, notes: [expect.stringContaining('CICP')] });
  });
});
