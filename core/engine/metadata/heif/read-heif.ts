/** Metadata of HEIC and AVIF: the Exif and XMP items and the profile of the primary picture. */
import type { ByteSource } from '../../container/byte-source.ts';
import {
  type HeifMeta,
  type ItemInfo,
  metaChild,
  primaryItem,
  readHeifMeta,
  readItemInfos,
  readItemProperties,
} from '../../container/heif-items.ts';
import { readItemLocations } from '../../container/heif-locations.ts';
import { attempt, checkBlockBytes, MalformedMetadata } from '../malformed.ts';
import { emptyMetadata, type PhotoMetadata } from '../photo-metadata.ts';
import { withoutJpegPrefix } from '../exif/exif-format.ts';
import { inflateBounded } from '../png/png-text.ts';
import { decodeXmp } from '../text.ts';

export function isXmpItem(item: ItemInfo): boolean {
  return item.type === 'mime' && item.contentType === 'application/rdf+xml';
}

export function readHeif(source: ByteSource): PhotoMetadata {
  const result = emptyMetadata();
  const { problems } = result;
  const meta = attempt(problems, 'The meta box', () => readHeifMeta(source));
  if (meta === null) return result;
  const items = attempt(problems, 'The table of items', () => readItemInfos(source, meta)) ?? [];
  const exif = items.find((item) => item.type === 'Exif');
  const xmp = items.find(isXmpItem);
  result.exif = attempt(problems, 'EXIF', () => (exif === undefined ? null : exifOfItem(itemBytes(source, meta, exif))));
  result.xmp = attempt(problems, 'XMP', () => (xmp === undefined ? null : xmpOfItem(xmp, itemBytes(source, meta, xmp))));
  result.icc = attempt(problems, 'The ICC profile', () => primaryProfile(source, meta));
  return result;
}

/** An item's bytes, its extents joined. A length of 0 means to the end of the file. */
function itemBytes(source: ByteSource, meta: HeifMeta, item: ItemInfo): Buffer {
  const location = readItemLocations(source, meta).find(({ id }) => id === item.id);
  const idat = metaChild(meta, 'idat');
  if (location === undefined || location.method > 1 || location.dataReference !== 0)
    throw new MalformedMetadata('it is stored elsewhere');
  let total = 0;
  const parts = location.extents.map(({ offset, length }) => {
    const bytes = length === 0 ? source.sizeBytes - offset : length;
    checkBlockBytes('the item', (total += bytes));
    if (location.method === 0) return source.read(offset, bytes);
    if (idat === null || idat.bodyAt + offset + bytes > idat.end) throw new MalformedMetadata('it runs out of its box');
    return source.read(idat.bodyAt + offset, bytes);
  });
  return Buffer.concat(parts);
}

/** Four bytes say how much stands before the TIFF header (usually nothing or `Exif\0\0`). */
function exifOfItem(bytes: Buffer): Uint8Array {
  const skip = 4 + bytes.readUInt32BE(0);
  if (skip >= bytes.length) throw new MalformedMetadata('its header lies outside the item');
  return withoutJpegPrefix(bytes.subarray(skip));
}

function xmpOfItem(item: ItemInfo, bytes: Buffer): string {
  if (item.contentEncoding === '') return decodeXmp(bytes);
  if (item.contentEncoding === 'deflate') return decodeXmp(inflateBounded(bytes));
  throw new MalformedMetadata(`it is compressed as ${item.contentEncoding}`);
}

/** The `colr` property of the primary item that holds an ICC profile (`prof` or `rICC`). */
function primaryProfile(source: ByteSource, meta: HeifMeta): Uint8Array | null {
  const properties = readItemProperties(source, meta)(primaryItem(source, meta) ?? 0);
  const colr = properties.find(({ type, bodyAt }) => type === 'colr' && ['prof', 'rICC'].includes(source.text(bodyAt, 4)));
  return colr === undefined ? null : source.read(colr.bodyAt + 4, colr.end - colr.bodyAt - 4);
}
