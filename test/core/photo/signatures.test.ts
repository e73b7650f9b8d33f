import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { looksLikePhoto, signatureBytes } from '../../../core/photo/signatures.ts';
import { avif, cutOutPng, phoneJpeg, webp } from '../../fixtures/photos.ts';

function head(path: string): Uint8Array {
  const file = openSync(path, 'r');
  const bytes = new Uint8Array(signatureBytes);
  readSync(file, bytes, 0, signatureBytes, 0);
  closeSync(file);
  return bytes;
}

describe('the first bytes', () => {
  it.each([phoneJpeg, cutOutPng, webp, avif].map((make) => ({ make, name: make.name })))(
    'of a photo tell: $name',
    async ({ make }) => {
      const folder = mkdtempSync(join(tmpdir(), 'enlarger-signatures-'));
      try {
        expect(looksLikePhoto(head(await make(folder)))).toBe(true);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it.each(['GIF87a', 'GIF89a', '\0\0\0\x18ftypheic', '\0\0\0\x1cftypmsf1\0\0\0\0hevc'])(
    'of older and rarer kinds tell too: %j',
    (text) => {
      expect(looksLikePhoto(Buffer.from(text, 'latin1'))).toBe(true);
    },
  );

  it.each([
    ...['', 'x', '\xff\xd8', '\xff\xd8\xff\xf7', 'RIFF\0\0\0\0WAVE', 'RIFF', '\0\0\0\x18ftypisom\0\0\0\0mp42', 'II*\0', 'MM\0*'],
    ...['%PDF-1.7', 'PK\x03\x04', '<svg xmlns="http://www.w3.org/2000/svg">', '<?xpacket begin=', 'BM'],
  ])('of anything else do not: %j', (text) => {
    expect(looksLikePhoto(Buffer.from(text, 'latin1'))).toBe(false);
  });
});
