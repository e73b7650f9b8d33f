import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeLimits } from '../../../../core/engine/recognise/decode-cost.ts';
import { recognise } from '../../../../core/engine/recognise/recognise.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import type { Sharp } from '../../../../core/engine/sharp.ts';
import type { FailureCode } from '../../../../core/photo/failure.ts';
import { photoFactsSchema } from '../../../../core/photo/facts.ts';
import { scratchFolder } from '../../../fixtures/decoding.ts';
import { buildTiff, pageTags } from '../../../fixtures/tiff-builder.ts';
import type { TiffTag } from '../../../fixtures/tiff-builder.ts';

const folder = scratchFolder();
afterAll(() => {
  folder.remove();
});

const rgb = (): Sharp => sharp({ create: { width: 40, height: 30, channels: 3, background: '#ec4e31' } });
const rgba = (): Sharp =>
  sharp({ create: { width: 40, height: 30, channels: 4, background: { r: 9, g: 99, b: 199, alpha: 0.5 } } });
const expectCode = async (path: string, code: FailureCode): Promise<string> => {
  const failure = await recognise(path).then(
    () => null,
    (thrown: unknown) => thrown as { code: string; message: string },
  );
  expect(failure).toMatchObject({ code });
  // The sentence says what to do: it has at least two parts.
  expect(failure?.message).toMatch(/\.\s\S.*\.$|^This is .+\. .+/su);
  return failure?.message ?? '';
};

describe('facts', () => {
  const plain = {
    width: 40,
    height: 30,
    orientation: 1,
    colour: 'rgb',
    hasAlpha: false,
    bitDepth: 8,
    progressive: false,
    profileName: null,
    pages: 1,
  };
  test.each([
    ['jpeg', rgb().jpeg(), { format: 'jpeg' }],
    ['progressive jpeg', rgb().jpeg({ progressive: true }), { format: 'jpeg', progressive: true }],
    ['grey jpeg', rgb().toColourspace('b-w').jpeg(), { format: 'jpeg', colour: 'grey' }],
    ['cmyk jpeg', rgb().toColourspace('cmyk').jpeg(), { format: 'jpeg', colour: 'cmyk' }],
    ['png', rgb().png(), { format: 'png' }],
    ['png with alpha', rgba().png(), { format: 'png', hasAlpha: true }],
    ['interlaced png', rgb().png({ progressive: true }), { format: 'png', progressive: true }],
    ['16-bit png', rgb().toColourspace('rgb16').png(), { format: 'png', bitDepth: 16 }],
    ['16-bit grey png', rgb().toColourspace('grey16').png(), { format: 'png', bitDepth: 16, colour: 'grey' }],
    ['lossy webp', rgb().webp(), { format: 'webp' }],
    ['lossless webp with alpha', rgba().webp({ lossless: true }), { format: 'webp', hasAlpha: true }],
    ['lossy webp with alpha', rgba().webp(), { format: 'webp', hasAlpha: true }],
    ['tiff', rgb().tiff(), { format: 'tiff' }],
    ['bigtiff with alpha', rgba().tiff({ bigtiff: true, compression: 'lzw' }), { format: 'tiff', hasAlpha: true }],
    [
      '16-bit grey tiff',
      rgb().toColourspace('grey16').tiff({ compression: 'deflate' }),
      { format: 'tiff', bitDepth: 16, colour: 'grey' },
    ],
    ['avif', rgb().avif(), { format: 'avif' }],
    ['10-bit avif with alpha', rgba().avif({ bitdepth: 10 }), { format: 'avif', hasAlpha: true, bitDepth: 10 }],
    // The encoder reserves a transparent colour, used or not.
    ['gif', rgb().gif(), { format: 'gif', hasAlpha: true }],
  ] as const)('of a %s are those of its header, whatever the file is called', async (name, image, expected) => {
    const bytes = await image.toBuffer();
    for (const extension of ['jpg', 'png', 'txt', 'svg']) {
      const facts = await recognise(folder.file(bytes, `${name}.${extension}`));
      expect(photoFactsSchema.parse(facts)).toEqual(facts);
      expect(facts).toMatchObject({
        ...plain,
        ...expected,
        fileBytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(facts.decodeMemoryBytes).toBeGreaterThan(0);
    }
  });

  test.each(['jpeg', 'png', 'webp', 'tiff', 'avif'] as const)('of a %s name its profile', async (format) => {
    const facts = await recognise(folder.file(await rgb().withIccProfile('p3')[format]().toBuffer()));
    expect(facts.profileName).toMatch(/P3/u);
  });
});

describe('what is no file with a photo', () => {
  test('a missing file, a path through a file, an impossible name', async () => {
    await expectCode(folder.path('nothing.jpg'), 'not-found');
    await expectCode(`${folder.file('x')}/photo.jpg`, 'not-found');
    await expectCode(folder.path('x'.repeat(5000)), 'not-found');
    await expectCode(folder.path('zero\0.jpg'), 'not-found');
  });

  test('a folder, a link that leads nowhere, a link to itself', async () => {
    mkdirSync(folder.path('folder.jpg'));
    await expectCode(folder.path('folder.jpg'), 'not-a-photo');
    symlinkSync('nowhere', folder.path('dangling.jpg'));
    await expectCode(folder.path('dangling.jpg'), 'not-found');
    symlinkSync('loop.jpg', folder.path('loop.jpg'));
    await expectCode(folder.path('loop.jpg'), 'not-found');
  });

  test.skipIf(process.platform === 'win32')('a FIFO without a writer and a device, without waiting', async () => {
    execFileSync('mkfifo', [folder.path('pipe.jpg')]);
    await expectCode(folder.path('pipe.jpg'), 'not-a-photo');
    symlinkSync('/dev/zero', folder.path('zero.jpg'));
    await expectCode(folder.path('zero.jpg'), 'not-a-photo');
  });

  // Root may read everything, and Windows has other permissions.
  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('a file that may not be read', async () => {
    const path = folder.file(await rgb().png().toBuffer());
    chmodSync(path, 0);
    expect(await expectCode(path, 'not-found')).toMatch(/permission/u);
  });

  test.each([
    ['an empty file', '', 'not-a-photo'],
    ['text', 'Dear diary,\n', 'not-a-photo'],
    ['random bytes', Buffer.from([3, 1, 4, 1, 5, 9, 2, 6, 0, 250]), 'not-a-photo'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', 'not-a-photo'],
    ['SVG behind an XML header', '\ufeff<?xml version="1.0"?>\n<!-- a\ncomment -->\n<svg width="8"/>', 'not-a-photo'],
    ['SVG in UTF-16', Buffer.from('\ufeff<svg width="8"/>', 'utf16le'), 'not-a-photo'],
    ['a web page', '<!DOCTYPE html><html></html>', 'not-a-photo'],
    ['PDF', '%PDF-1.7\n', 'not-a-photo'],
    ['PostScript', '%!PS-Adobe-3.0 EPSF-3.0\n', 'not-a-photo'],
    ['ZIP', 'PK\x03\x04\x14\0\0\0', 'not-a-photo'],
    ['gzip (SVGZ)', Buffer.from([0x1f, 0x8b, 8, 0]), 'not-a-photo'],
    ['a video', '\0\0\0\x18ftypmp42\0\0\0\0isommp42', 'not-a-photo'],
    ['FITS', 'SIMPLE  =                    T', 'unsupported-format'],
    ['Netpbm', 'P6\n1 1\n255\nabc', 'unsupported-format'],
    ['a bitmap', `BM${'\0'.repeat(12)}\x28${'\0'.repeat(40)}`, 'unsupported-format'],
    ['JPEG XL', Buffer.from([0xff, 0x0a, 1, 2]), 'unsupported-format'],
    ['JPEG XL in its container', '\0\0\0\x0cJXL \r\n\x87\n', 'unsupported-format'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n', 'unsupported-format'],
    ['Photoshop', '8BPS\0\x01', 'unsupported-format'],
    ['RAF', 'FUJIFILMCCD-RAW 0201', 'unsupported-format'],
    ['ORF', 'IIRO\x08\0\0\0', 'unsupported-format'],
    ['RW2', 'IIU\0\x18\0\0\0', 'unsupported-format'],
    ['CR3', '\0\0\0\x18ftypcrx \0\0\0\x01crx isom', 'unsupported-format'],
  ] as const)('%s is refused and named', async (_, content, code) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, content.includes('\ufeff') ? 'utf8' : 'latin1') : content;
    await expectCode(folder.file(bytes), code);
  });
});

describe('camera RAW that is built like TIFF', () => {
  const raw = (more: readonly TiffTag[]): string =>
    folder.file(buildTiff([{ tags: pageTags(4, 4, 1, 8, 1, more), pixels: new Uint8Array(16) }]));
  test.each([
    ['DNG', [{ tag: 50706, type: 4, values: [0x01040000] }]],
    ['colour filter array (PEF, NEF)', [{ tag: 262, type: 3, values: [32803] }]],
    ['LinearRaw', [{ tag: 262, type: 3, values: [34892] }]],
    ['compression of a camera', [{ tag: 259, type: 3, values: [34713] }]],
  ] as const)('%s is unsupported', async (_, more) => {
    expect(await expectCode(raw(more as readonly TiffTag[]), 'unsupported-format')).toMatch(/RAW/u);
  });

  test('sensor data below the first directory is found', async () => {
    const preview = pageTags(4, 4, 1, 8, 1, [
      { tag: 271, type: 2, values: 'NIKON CORPORATION' },
      { tag: 330, type: 4, values: [0] },
    ]);
    const below = { tags: pageTags(4, 4, 1, 8, 32803), pixels: new Uint8Array(16) };
    const bytes = Buffer.from(buildTiff([{ tags: preview, pixels: new Uint8Array(16) }, below]));
    // The second directory hangs below the first instead of behind it.
    const entries = bytes.readUInt16LE(8);
    const nextAt = 10 + entries * 12;
    for (let index = 0; index < entries; index++) {
      if (bytes.readUInt16LE(10 + index * 12) === 330) bytes.writeUInt32LE(bytes.readUInt32LE(nextAt), 10 + index * 12 + 8);
    }
    bytes.writeUInt32LE(0, nextAt);
    expect(await expectCode(folder.file(bytes), 'unsupported-format')).toMatch(/NIKON CORPORATION/u);
  });

  test('and a plain TIFF of a camera is a photo', async () => {
    const facts = await recognise(raw([{ tag: 271, type: 2, values: 'NIKON CORPORATION' }]));
    expect(facts.format).toBe('tiff');
  });
});

describe('a photo beyond the limits is refused with figures before anything is decoded', () => {
  const header = (width: number, height: number, depth: number, colourType: number, interlaced: boolean): Buffer => {
    const chunk = (type: string, data: Buffer): Buffer => {
      const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
      const framed = Buffer.alloc(body.length + 8);
      framed.writeUInt32BE(data.length, 0);
      body.copy(framed, 4);
      framed.writeUInt32BE(crc32(body), body.length + 4);
      return framed;
    };
    const ihdr = Buffer.alloc(13);
    ihdr.writeUInt32BE(width, 0);
    ihdr.writeUInt32BE(height, 4);
    ihdr.set([depth, colourType, 0, 0, interlaced ? 1 : 0], 8);
    return Buffer.concat([
      Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
      chunk('IHDR', ihdr),
      chunk('IDAT', Buffer.alloc(2)),
      chunk('IEND', Buffer.alloc(0)),
    ]);
  };

  test.each([
    ['too many pixels', header(20_001, 10_000, 8, 2, false)],
    ['too many bytes', header(10_000, 9_000, 16, 6, false)],
    ['too long a side', header(65_501, 1, 8, 2, false)],
    ['the largest number', header(0x7fffffff, 0x7fffffff, 16, 6, true)],
    ['interlaced, at its true cost', header(10_000, 8_000, 16, 6, true)],
  ] as const)('%s', async (_, bytes) => {
    expect(await expectCode(folder.file(bytes), 'too-large')).toMatch(/\d+ × \d+ pixels/u);
  });

  test('and the same size without interlacing is not', async () => {
    const facts = await recognise(folder.file(header(10_000, 8_000, 16, 6, false)));
    expect(facts.decodeMemoryBytes).toBeLessThan(decodeLimits.memoryBytes);
  });

  test('a progressive JPEG costs its coefficients at their real sampling', async () => {
    const image = (chromaSubsampling: string) =>
      sharp({ create: { width: 1600, height: 1200, channels: 3, background: 'red' } }).jpeg({
        progressive: true,
        chromaSubsampling,
      });
    const full = await recognise(folder.file(await image('4:4:4').toBuffer()));
    const half = await recognise(folder.file(await image('4:2:0').toBuffer()));
    expect(full.decodeMemoryBytes - half.decodeMemoryBytes).toBe(1600 * 1200 * 3 * 2 - 1600 * 1200 * 1.5 * 2);
  });
});
