import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import type { PhotoFormat } from '../../../../core/photo/facts.ts';
import { type PhotoMetadata, readMetadata } from '../../../../core/engine/metadata/metadata.ts';
import { parseExifTree } from '../../../../core/engine/metadata/exif/exif-tree.ts';
import { makePngChunk as pngChunk } from '../../../../core/engine/container/png-chunks.ts';
import { encoded, exifBlock, iptcBlock, xmpPacket } from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-read-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function read(bytes: Uint8Array, format: PhotoFormat): Promise<PhotoMetadata> {
  const path = join(folder, 'photo');
  writeFileSync(path, bytes);
  return readMetadata(path, format);
}

const exif = exifBlock({ littleEndian: true });

async function pngWith(...chunks: [type: string, data: Uint8Array][]): Promise<Buffer> {
  const png = await encoded('png');
  const end = png.length - 12; // before IEND: the reader must walk past the picture
  return Buffer.concat([png.subarray(0, end), ...chunks.map(([type, data]) => pngChunk(type, data)), png.subarray(end)]);
}

function rawProfile(kind: string, bytes: Uint8Array): Buffer {
  return Buffer.from(`\n${kind}\n${bytes.length}\n${Buffer.from(bytes).toString('hex').replace(/.{72}/g, '$&\n')}\n`);
}

describe('PNG', () => {
  const text = (keyword: string, body: Uint8Array) => Buffer.concat([Buffer.from(`${keyword}\0`), body]);
  const zipped = (keyword: string, body: Uint8Array) => Buffer.concat([Buffer.from(`${keyword}\0\0`), deflateSync(body)]);
  const international = (keyword: string, body: Uint8Array, isZipped: boolean) =>
    Buffer.concat([Buffer.from(`${keyword}\0${isZipped ? '\x01' : '\0'}\0en\0\0`), isZipped ? deflateSync(body) : body]);
  const forms: [string, 'tEXt' | 'zTXt' | 'iTXt', (keyword: string, body: Uint8Array) => Buffer][] = [
    ['tEXt', 'tEXt', text],
    ['zTXt', 'zTXt', zipped],
    ['iTXt', 'iTXt', (keyword, body) => international(keyword, body, false)],
    ['compressed iTXt', 'iTXt', (keyword, body) => international(keyword, body, true)],
  ];
  test.each(forms)('raw profiles, XMP and notes in %s behind the picture', async (_, type, make) => {
    const withPrefix = Buffer.concat([Buffer.from('Exif\0\0'), exif]);
    const profile = Buffer.from('any profile');
    const meta = await read(
      await pngWith(
        [type, make('Raw profile type exif', rawProfile('exif', withPrefix))],
        [type, make('Raw profile type iptc', rawProfile('iptc', iptcBlock))],
        [type, make('Raw profile type icc', rawProfile('icc', profile))],
        [type, make('XML:com.adobe.xmp', Buffer.from(xmpPacket))],
        [type, make('Author', Buffer.from('Somebody'))],
      ),
      'png',
    );
    expect(meta.problems).toEqual([]);
    expect(Buffer.from(meta.exif ?? []).equals(exif)).toBe(true);
    expect(Buffer.from(meta.iptc ?? []).equals(iptcBlock)).toBe(true);
    expect(Buffer.from(meta.icc ?? []).equals(profile)).toBe(true);
    expect(meta.xmp).toContain('Titel');
    expect(meta.notes).toEqual([{ keyword: 'Author', text: 'Somebody' }]);
  });

  test('what inflates beyond 16 MiB is refused, and the rest is read', async () => {
    const bomb = zipped('Raw profile type exif', Buffer.alloc(40 * 1024 * 1024));
    const iccBomb = Buffer.concat([Buffer.from('icc\0\0'), deflateSync(Buffer.alloc(40 * 1024 * 1024))]);
    const noteBomb = zipped('Comment', Buffer.alloc(1024 * 1024, 65));
    const meta = await read(
      await pngWith(
        ['zTXt', bomb],
        ['iCCP', iccBomb],
        ['zTXt', noteBomb],
        ['iTXt', international('XML:com.adobe.xmp', Buffer.from(xmpPacket), true)],
      ),
      'png',
    );
    expect(meta.problems).toHaveLength(3);
    expect([meta.exif, meta.icc, meta.notes]).toEqual([null, null, []]);
    expect(meta.xmp).toContain('Titel');
  });
});

describe.each([
  { littleEndian: true, isBig: false },
  { littleEndian: false, isBig: false },
  { littleEndian: true, isBig: true },
  { littleEndian: false, isBig: true },
])('TIFF (little-endian: $littleEndian, BigTIFF: $isBig)', ({ littleEndian, isBig }) => {
  test('directories become an EXIF block of their own, other blocks come out whole', async () => {
    const meta = await read(tiffFile(littleEndian, isBig), 'tiff');
    expect(meta.problems).toEqual([]);
    expect(meta.xmp).toBe(xmpPacket);
    expect(
      Buffer.from(meta.iptc ?? [])
        .subarray(0, iptcBlock.length)
        .equals(iptcBlock),
    ).toBe(true);
    expect(meta.density).toEqual({ x: 240, y: 120 });
    const tree = parseExifTree(meta.exif ?? Buffer.alloc(0));
    expect(tree.littleEndian).toBe(littleEndian);
    expect(tree.ifd0.map((field) => field.tag)).toEqual([0x10f, 0x112, 0x11a, 0x11b, 0x128]);
    expect(Buffer.from(tree.exif[0]?.data ?? []).toString()).toBe('2024:05:06 07:08:09\0');
    expect(Buffer.from(tree.gps[0]?.data ?? []).readUInt32LE(0)).toBe(48);
  });
});

/** A TIFF without pixels: Make, orientation, resolution, XMP, IPTC, and directories for EXIF and GPS. */
function tiffFile(littleEndian: boolean, isBig: boolean): Buffer {
  const [countBytes, entryBytes, word] = isBig ? [8, 20, 8] : [2, 12, 4];
  const chunks: Buffer[] = [];
  const number = (value: number, width: number): Buffer => {
    const bytes = Buffer.alloc(width);
    if (width === 8) bytes[littleEndian ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](BigInt(value));
    else bytes[littleEndian ? 'writeUIntLE' : 'writeUIntBE'](value, 0, width);
    return bytes;
  };
  let end = isBig ? 16 : 8;
  const append = (bytes: Buffer): number => {
    chunks.push(bytes);
    end += bytes.length;
    return end - bytes.length;
  };
  const directory = (fields: [tag: number, type: number, count: number, value: Buffer][]): number => {
    const rows = fields.map(([tag, type, count, value]) => {
      const stored =
        value.length <= word ? Buffer.concat([value, Buffer.alloc(word - value.length)]) : number(append(value), word);
      return Buffer.concat([number(tag, 2), number(type, 2), number(count, word), stored]);
    });
    expect(rows.every((row) => row.length === entryBytes)).toBe(true);
    return append(Buffer.concat([number(fields.length, countBytes), ...rows, Buffer.alloc(word)]));
  };
  const rational = (...values: number[]) => Buffer.concat(values.map((value) => number(value, 4)));
  const padded = Buffer.concat([iptcBlock, Buffer.alloc((4 - (iptcBlock.length % 4)) % 4)]);
  const longs = littleEndian ? padded : Buffer.from(padded).swap32(); // as old big-endian writers swap it
  const exifAt = directory([[0x9003, 2, 20, Buffer.from('2024:05:06 07:08:09\0')]]);
  const gpsAt = directory([[2, 5, 3, rational(48, 1, 51, 1, 30, 1)]]);
  const firstAt = directory([
    [0x10f, 2, 6, Buffer.from('Maker\0')],
    [0x112, 3, 1, number(6, 2)],
    [0x11a, 5, 1, rational(240, 1)],
    [0x11b, 5, 1, rational(120, 1)],
    [0x128, 3, 1, number(2, 2)],
    [0x2bc, 1, Buffer.byteLength(xmpPacket), Buffer.from(xmpPacket)],
    [0x83bb, 4, longs.length / 4, longs],
    [0x8769, isBig ? 18 : 4, 1, number(exifAt, word)],
    [0x8825, isBig ? 18 : 4, 1, number(gpsAt, word)],
  ]);
  const header = isBig ? [number(43, 2), number(8, 2), number(0, 2), number(firstAt, 8)] : [number(42, 2), number(firstAt, 4)];
  return Buffer.concat([Buffer.from(littleEndian ? 'II' : 'MM'), ...header, ...chunks]);
}

test('GIF: the XMP application extension and comments', async () => {
  const gif = await sharp({ create: { width: 4, height: 4, channels: 3, background: '#888' } })
    .gif()
    .toBuffer();
  const trailer = Buffer.concat([
    Buffer.from([1]),
    Buffer.from(Array.from({ length: 256 }, (_, index) => 255 - index)),
    Buffer.from([0]),
  ]);
  const extension = Buffer.concat([Buffer.from('!\xff\x0bXMP DataXMP', 'latin1'), Buffer.from(xmpPacket), trailer]);
  const comment = Buffer.from('!\xfe\x05Hello\0', 'latin1');
  const meta = await read(Buffer.concat([gif.subarray(0, gif.length - 1), extension, comment, Buffer.from(';')]), 'gif');
  expect(meta.problems).toEqual([]);
  expect(meta.xmp).toBe(xmpPacket);
  expect(meta.notes).toEqual([{ keyword: 'Comment', text: 'Hello' }]);
});

test('AVIF: what libheif wrote', async () => {
  const avif = await sharp(await encoded('avif', { profile: true }))
    .keepIccProfile()
    .withExif({ IFD0: { Make: 'Maker' } })
    .withXmp(xmpPacket)
    .avif()
    .toBuffer();
  const meta = await read(avif, 'avif');
  const found = await sharp(avif).metadata();
  expect(meta.problems).toEqual([]);
  expect(meta.xmp).toBe(xmpPacket);
  expect(Buffer.from(meta.icc ?? []).equals(found.icc ?? Buffer.alloc(1))).toBe(true);
  expect(Buffer.from(parseExifTree(meta.exif ?? Buffer.alloc(0)).ifd0[0]?.data ?? []).toString()).toBe('Maker\0');
});

test('JPEG: profile in many chunks, and segments behind the frame header', async () => {
  const profile = Buffer.from(Array.from({ length: 150_000 }, (_, index) => index % 253));
  const chunk = (index: number) =>
    segment(
      0xe2,
      Buffer.concat([
        Buffer.from(`ICC_PROFILE\0`),
        Buffer.from([index, 3]),
        profile.subarray((index - 1) * 50_000, index * 50_000),
      ]),
    );
  const jpeg = await encoded('jpeg');
  const scanAt = jpeg.indexOf(Buffer.from([0xff, 0xda]));
  const late = segment(0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmpPacket}`));
  const file = (chunks: Buffer[]) =>
    Buffer.concat([jpeg.subarray(0, 2), ...chunks, jpeg.subarray(2, scanAt), late, jpeg.subarray(scanAt)]);
  const meta = await read(file([chunk(2), chunk(1), chunk(3)]), 'jpeg');
  expect(Buffer.from(meta.icc ?? []).equals(profile)).toBe(true);
  expect(meta.xmp).toBe(xmpPacket);
  const broken = await read(file([chunk(2), chunk(3)]), 'jpeg');
  expect([broken.icc, broken.problems.length]).toEqual([null, 1]);
});

function segment(marker: number, payload: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}

test.each(['jpeg', 'png', 'webp', 'tiff', 'avif', 'heic', 'gif'] as const)(
  '%s: a file cut off anywhere is read as far as it goes',
  async (format) => {
    const whole =
      format === 'gif' || format === 'heic' ? Buffer.from('GIF89a\x04\0\x04\0\xf0') : await encoded(format, { profile: true });
    for (let length = 0; length < whole.length; length += Math.max(1, Math.floor(whole.length / 60))) {
      const meta = await read(whole.subarray(0, length), format);
      expect([meta.xmp, meta.iptc, meta.extendedXmp, meta.notes]).toEqual([null, null, [], []]);
    }
  },
);
