/** What a photo carried besides pixels, as JSON beside a result: the file that is exported later gets it without the photo. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { metadataName } from '../../photo/result.ts';
import type { PhotoMetadata } from '../metadata/photo-metadata.ts';
import { scratchError } from '../raster/scratch-error.ts';
import { damagedResult } from './damaged-result.ts';

/** Bytes as base64. */
const block = z.base64().transform((text): Uint8Array => Buffer.from(text, 'base64'));

const schema = z.object({
  version: z.literal(1),
  profile: block.nullable(),
  photo: z.object({
    exif: block.nullable(),
    xmp: z.string().nullable(),
    extendedXmp: z.array(block),
    iptc: block.nullable(),
    copyright: block.nullable(),
    icc: block.nullable(),
    density: z.object({ x: z.number(), y: z.number() }).nullable(),
    notes: z.array(z.object({ keyword: z.string(), text: z.string() })),
    problems: z.array(z.string()),
  }),
});

export interface StoredMetadata {
  /** ICC profile that the samples are meant in, or null for sRGB. The photo's own may have been of no use. */
  readonly profile: Uint8Array | null;
  readonly photo: PhotoMetadata;
}

/** Writes `metadata.json`; returns its bytes and their CRC-32. Throws `disk-full` or `not-writable`. */
export async function writeMetadata(
  directory: string,
  { profile, photo }: StoredMetadata,
): Promise<{ bytes: number; crc32: number }> {
  const json = {
    version: 1,
    profile: base64(profile),
    photo: {
      ...photo,
      exif: base64(photo.exif),
      extendedXmp: photo.extendedXmp.map(base64),
      iptc: base64(photo.iptc),
      copyright: base64(photo.copyright),
      icc: base64(photo.icc),
    },
  };
  const bytes = Buffer.from(JSON.stringify(json));
  try {
    await writeFile(join(directory, metadataName), bytes);
  } catch (thrown) {
    throw scratchError(thrown);
  }
  return { bytes: bytes.length, crc32: crc32(bytes) };
}

/** Throws `damaged` when the file is not the one with this checksum. */
export async function readStoredMetadata(directory: string, expectedCrc32: number): Promise<StoredMetadata> {
  try {
    const bytes = await readFile(join(directory, metadataName));
    if (crc32(bytes) !== expectedCrc32) throw new Error('the metadata does not fit its checksum');
    return schema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (thrown) {
    throw damagedResult(thrown);
  }
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
