/** A JPEG put together from bands holds what the same encoder makes of the whole picture. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandRows, bandsOf, jpegOfBands } from '../../../../core/engine/encode/jpeg-bands.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import type { RasterShape } from '../../../../core/engine/raster/raster.ts';
import { noise } from '../../../fixtures/pictures.ts';

interface Case {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly halvesChroma: boolean;
  readonly rows: number;
}

function pictureOf({ width, height, channels }: Case): {
  samples: Uint8Array;
  encode: (top: number, rows: number, halved: boolean) => Promise<Buffer>;
} {
  const shape: RasterShape = { width, height, channels, bitDepth: 8 };
  const samples = noise(shape, 3) as Uint8Array;
  const encode = async (top: number, rows: number, halved: boolean): Promise<Buffer> => {
    const picture = sharp(samples, { raw: { width, height, channels } }).extract({ left: 0, top, width, height: rows });
    return await (channels === 1 ? picture.toColourspace('b-w') : picture)
      .jpeg({ quality: 80, chromaSubsampling: halved ? '4:2:0' : '4:4:4', optimiseCoding: false })
      .toBuffer();
  };
  return { samples, encode };
}

async function inBands(tried: Case): Promise<{ whole: Buffer; parts: Buffer[] }> {
  const { encode } = pictureOf(tried);
  const blockSide = tried.halvesChroma && tried.channels === 3 ? 16 : 8;
  const parts: Buffer[] = [];
  const bands = bandsOf(tried.height, tried.rows);
  const made = jpegOfBands(tried, bands, {
    encode: async ({ top, rows }) => encode(top, rows, tried.halvesChroma),
    atOnce: 3,
    blockSide,
  });
  for await (const part of made) parts.push(part);
  return { whole: await encode(0, tried.height, tried.halvesChroma), parts };
}

const cases = fc.record({
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 420 }),
  channels: fc.constantFrom(1 as const, 3 as const),
  halvesChroma: fc.boolean(),
  rows: fc.integer({ min: 1, max: 8 }).map((count) => count * 16),
});

describe('a JPEG of bands', () => {
  it('has the pixels of the same picture encoded at once, to the last bit', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (tried) => {
        const { whole, parts } = await inBands(tried);
        const joined = Buffer.concat(parts);
        const facts = await sharp(joined).metadata();
        const expected = await sharp(whole).metadata();
        expect([facts.width, facts.height, facts.channels, facts.chromaSubsampling]).toEqual([
          tried.width,
          tried.height,
          expected.channels,
          expected.chromaSubsampling,
        ]);
        // A decoder that met anything unexpected would fail here instead of filling up with grey.
        const decoded = await sharp(joined, { failOn: 'warning' }).raw().toBuffer();
        expect(decoded.equals(await sharp(whole).raw().toBuffer())).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('has its whole header in its first part, and counts its restart markers from 0 to 7 and again', async () => {
    const { parts } = await inBands({ width: 20, height: 16 * 11, channels: 3, halvesChroma: false, rows: 16 });
    const joined = Buffer.concat(parts);
    // 20 pixels are 3 blocks, 16 rows are 2.
    expect(parts[0]?.includes(Buffer.from([0xff, 0xdd, 0, 4, 0, 6]))).toBe(true);
    const markers = [...joined].flatMap((byte, at) =>
      byte === 0xff && (joined[at + 1] ?? 0) >= 0xd0 && (joined[at + 1] ?? 0) <= 0xd7 ? [(joined[at + 1] ?? 0) - 0xd0] : [],
    );
    expect(markers).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0, 1]);
    expect(joined.subarray(-2)).toEqual(Buffer.from([0xff, 0xd9]));
  });

  it('refuses bands that would need different headers', async () => {
    const { encode } = pictureOf({ width: 20, height: 64, channels: 3, halvesChroma: false, rows: 32 });
    const made = jpegOfBands({ width: 20, height: 64 }, bandsOf(64, 32), {
      encode: async ({ top, rows }) => encode(top, rows, top > 0),
      atOnce: 1,
      blockSide: 8,
    });
    const reading = (async () => {
      for await (const part of made) expect(part.length).toBeGreaterThan(0);
    })();
    await expect(reading).rejects.toThrow('different headers');
  });
});

describe('the rows of a band', () => {
  it('are as many as asked for, or as many as a restart interval holds, in whole rows of tiles', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 65_500 }),
        fc.constantFrom(16, 64, 256),
        fc.constantFrom(256, 512, 1024),
        fc.constantFrom(8 as const, 16 as const),
        (width, multiple, most, blockSide) => {
          const rows = bandRows(width, { multiple, most, blockSide });
          const blocks = (count: number): number => Math.ceil(width / blockSide) * (count / blockSide);
          expect(rows % multiple).toBe(0);
          expect(rows).toBeLessThanOrEqual(most);
          expect(blocks(rows)).toBeLessThanOrEqual(65_535);
          const larger = rows + multiple;
          expect(larger > most || blocks(larger) > 65_535).toBe(true);
        },
      ),
    );
    expect(bandRows(8000, { multiple: 256, most: 512, blockSide: 8 })).toBe(512);
    expect(bandRows(40_000, { multiple: 256, most: 512, blockSide: 8 })).toBe(0);
  });
});
