import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { allocateRows } from '../../../../core/engine/raster/raster.ts';
import type { RasterShape, Samples } from '../../../../core/engine/raster/raster.ts';
import { tiffLayout } from '../../../../core/engine/raster/tiff-layout.ts';
import { openRaster } from '../../../../core/engine/raster/tiff-raster-reader.ts';
import { createRaster } from '../../../../core/engine/raster/tiff-raster-writer.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { everyShape, noise } from '../../../fixtures/samples.ts';
import { p3Profile } from '../../../fixtures/p3-profile.ts';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-raster-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
let files = 0;
const newPath = () => join(folder, `${String(files++)}.tif`);

const colourSpaces = { 1: 'b-w', 2: 'b-w', 3: 'srgb', 4: 'srgb' } as const;
const deepSpaces = { 1: 'grey16', 2: 'grey16', 3: 'rgb16', 4: 'rgb16' } as const;

function label(shape: RasterShape): string {
  return `${String(shape.width)}×${String(shape.height)}, ${String(shape.channels)} × ${String(shape.bitDepth)} bit`;
}

function write(shape: RasterShape, samples: Samples, bigTiff = false, icc: Uint8Array | null = null): string {
  const path = newPath();
  const writer = createRaster(path, shape, { icc, density: { x: 300, y: 240 }, bigTiff });
  const rowLength = shape.width * shape.channels;
  // Rows go in from the bottom up, in uneven bands: any order is allowed.
  for (let end = shape.height, band = 1; end > 0; end -= band, band = Math.min(end, band + 3)) {
    const start = Math.max(0, end - band);
    writer.writeRows(start, end - start, samples.subarray(start * rowLength));
    band = end - start;
  }
  writer.close();
  return path;
}

function readAll(path: string, bandRows: number): { shape: RasterShape; samples: Samples } {
  const reader = openRaster(path);
  const samples = allocateRows(reader.shape, reader.shape.height);
  const rowLength = reader.shape.width * reader.shape.channels;
  for (let y = 0; y < reader.shape.height; y += bandRows) {
    reader.readRows(y, Math.min(bandRows, reader.shape.height - y), samples.subarray(y * rowLength));
  }
  reader.close();
  return { shape: reader.shape, samples };
}

const sizes = [
  [1, 1],
  [1, 700],
  [7, 5],
  [1021, 3],
  [613, 509],
] as const;

describe.each([false, true])('a raster file (BigTIFF: %s)', (bigTiff) => {
  describe.each(sizes.flatMap(([width, height]) => everyShape(width, height)).map((shape) => ({ name: label(shape), shape })))(
    '$name',
    ({ shape }) => {
      test('gives back every sample', () => {
        const samples = noise(shape);
        const path = write(shape, samples, bigTiff);
        for (const band of [1, 13, shape.height]) {
          const back = readAll(path, band);
          expect(back.shape).toEqual(shape);
          expect(Buffer.compare(bytesOf(back.samples), bytesOf(samples))).toBe(0);
        }
      });

      test('is read by sharp with the same samples, density and channels', async () => {
        const samples = noise(shape, 7);
        const path = write(shape, samples, bigTiff);
        const metadata = await sharp(path).metadata();
        expect(metadata).toMatchObject({
          format: 'tiff',
          width: shape.width,
          height: shape.height,
          channels: shape.channels,
          depth: shape.bitDepth === 16 ? 'ushort' : 'uchar',
          hasAlpha: shape.channels % 2 === 0,
          density: 300,
        });
        const deep = shape.bitDepth === 16;
        const image = sharp(path).toColourspace(deep ? deepSpaces[shape.channels] : colourSpaces[shape.channels]);
        if (shape.channels === 2 && !deep) {
          // sharp's raw output drops the alpha of 8-bit grey, so its channels are looked at one by one.
          for (const channel of [0, 1] as const) {
            const data = await sharp(path).extractChannel(channel).toColourspace('b-w').raw().toBuffer();
            expect([...data]).toEqual([...samples.filter((_, index) => index % 2 === channel)]);
          }
        } else {
          const { data, info } = await image.raw({ depth: deep ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
          expect(info.channels).toBe(shape.channels);
          expect(Buffer.compare(data, bytesOf(samples))).toBe(0);
        }
      });

      test('written by sharp is read the same', async () => {
        const samples = noise(shape, 3);
        const path = newPath();
        const input = samples instanceof Uint16Array ? samples : new Uint8Array(samples);
        await sharp(input, { raw: { width: shape.width, height: shape.height, channels: shape.channels } })
          .toColourspace(shape.bitDepth === 16 ? deepSpaces[shape.channels] : colourSpaces[shape.channels])
          .tiff({ compression: 'none', bigtiff: bigTiff })
          .toFile(path);
        const back = readAll(path, 31);
        expect(back.shape).toEqual(shape);
        expect(Buffer.compare(bytesOf(back.samples), bytesOf(samples))).toBe(0);
      });
    },
  );
});

test('any size and band gives back every sample', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: 1, max: 90 }),
      fc.constantFrom(1, 2, 3, 4),
      fc.constantFrom(8, 16),
      fc.integer({ min: 1, max: 100 }),
      (width, height, channels, bitDepth, band) => {
        const shape = { width, height, channels, bitDepth } as RasterShape;
        const samples = noise(shape, width * height);
        const back = readAll(write(shape, samples), band);
        expect(back.shape).toEqual(shape);
        expect(Buffer.compare(bytesOf(back.samples), bytesOf(samples))).toBe(0);
      },
    ),
    { numRuns: 60 },
  );
});

test('a file in the other byte order is read with its samples turned round', () => {
  const shape: RasterShape = { width: 5, height: 4, channels: 3, bitDepth: 16 };
  const samples = noise(shape);
  const path = newPath();
  writeFileSync(path, foreignTiff(shape, samples));
  expect([...readAll(path, 3).samples]).toEqual([...samples]);
});

test('a profile goes in and sharp gives the same bytes', async () => {
  const icc = await p3Profile();
  expect(icc.length).toBeGreaterThan(100);
  const shape: RasterShape = { width: 9, height: 9, channels: 3, bitDepth: 8 };
  const path = write(shape, noise(shape), false, icc);
  expect((await sharp(path).metadata()).icc).toEqual(Buffer.from(icc));
});

test('a classic header ends at 4 GiB and BigTIFF begins', () => {
  const extra = { icc: null, density: null };
  const version = (shape: RasterShape) =>
    new DataView(tiffLayout(shape, extra).header.buffer).getUint16(2, endianness() === 'LE');
  expect(version({ width: 32768, height: 32700, channels: 4, bitDepth: 8 })).toBe(42);
  const big: RasterShape = { width: 32768, height: 32768, channels: 4, bitDepth: 8 };
  expect(version(big)).toBe(43);
  expect(tiffLayout(big, extra).fileBytes).toBeGreaterThan(2 ** 32);
});

describe('a writer refuses', () => {
  const shape: RasterShape = { width: 4, height: 4, channels: 1, bitDepth: 8 };

  test('to be closed while rows are missing', () => {
    const writer = createRaster(newPath(), shape);
    writer.writeRows(0, 3, new Uint8Array(12));
    expect(() => {
      writer.close();
    }).toThrow(/1 of 4 rows are missing/);
  });

  test.each([
    ['rows outside', 2, 3, new Uint8Array(12)],
    ['negative rows', -1, 1, new Uint8Array(12)],
    ['too few samples', 0, 2, new Uint8Array(7)],
    ['samples of another depth', 0, 1, new Uint16Array(4)],
  ] as const)('%s', (_, y, rows, samples) => {
    const writer = createRaster(newPath(), shape);
    expect(() => {
      writer.writeRows(y, rows, samples);
    }).toThrow();
  });

  test('a row that is there already', () => {
    const writer = createRaster(newPath(), shape);
    writer.writeRows(0, 2, new Uint8Array(8));
    expect(() => {
      writer.writeRows(1, 1, new Uint8Array(4));
    }).toThrow(/twice/);
  });
});

describe('a reader refuses', () => {
  test('a raster that is cut, once the missing rows are asked for', () => {
    const shape: RasterShape = { width: 100, height: 100, channels: 3, bitDepth: 8 };
    const path = write(shape, noise(shape));
    const bytes = new Uint8Array(20_000);
    const file = openSync(path, 'r');
    readSync(file, bytes);
    closeSync(file);
    writeFileSync(path, bytes);
    expect(() => readAll(path, 10)).toThrow(/ends early/);
  });

  test('any cut or random header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (tail, header) => {
        const path = newPath();
        writeFileSync(path, Buffer.concat([header ? Buffer.from('II*\0\x08\0\0\0', 'latin1') : Buffer.alloc(0), tail]));
        expect(() => openRaster(path)).toThrow();
      }),
    );
  });
});

function bytesOf(samples: Samples): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}

/** A TIFF in the byte order that this machine does not have, one strip a row, strips in reverse order. */
function foreignTiff(shape: RasterShape, samples: Samples): Uint8Array {
  const foreignLittle = endianness() === 'BE';
  const rowLength = shape.width * shape.channels;
  const tags: [number, number, number[]][] = [
    [256, 3, [shape.width]],
    [257, 3, [shape.height]],
    [258, 3, [16, 16, 16]],
    [259, 3, [1]],
    [262, 3, [2]],
    [273, 4, Array.from({ length: shape.height }, (_, row) => 1024 + (shape.height - 1 - row) * rowLength * 2)],
    [277, 3, [shape.channels]],
    [278, 3, [1]],
    [279, 4, Array.from({ length: shape.height }, () => rowLength * 2)],
  ];
  const view = new DataView(new ArrayBuffer(1024 + samples.length * 2));
  view.setUint16(0, foreignLittle ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, foreignLittle);
  view.setUint32(4, 8, foreignLittle);
  view.setUint16(8, tags.length, foreignLittle);
  let free = 512;
  tags.forEach(([tag, type, values], index) => {
    const entry = 10 + index * 12;
    const size = type === 3 ? 2 : 4;
    view.setUint16(entry, tag, foreignLittle);
    view.setUint16(entry + 2, type, foreignLittle);
    view.setUint32(entry + 4, values.length, foreignLittle);
    const outside = values.length * size > 4;
    if (outside) view.setUint32(entry + 8, free, foreignLittle);
    values.forEach((value, position) => {
      const at = (outside ? free : entry + 8) + position * size;
      if (size === 2) view.setUint16(at, value, foreignLittle);
      else view.setUint32(at, value, foreignLittle);
    });
    if (outside) free += values.length * size;
  });
  for (let row = 0; row < shape.height; row++) {
    for (let index = 0; index < rowLength; index++) {
      view.setUint16(
        1024 + ((shape.height - 1 - row) * rowLength + index) * 2,
        samples[row * rowLength + index] ?? 0,
        foreignLittle,
      );
    }
  }
  return new Uint8Array(view.buffer);
}
