/** Metadata of HEIC and AVIF: the Exif and XMP items and the profile of the primary picture. */
import type { ByteSource } from '../byte-source.ts';
import { attempt, checkBlockBytes, MalformedMetadata } from '../malformed.ts';
import { emptyMetadata, type PhotoMetadata } from '../photo-metadata.ts';
import { withoutJpegPrefix } from '../exif/exif-format.ts';
import { inflateBounded } from '../png/png-text.ts';
import { decodeXmp } from '../text.ts';
import { type Box, childBoxes, Cursor, fileBoxes } from './boxes.ts';
import { type ItemInfo, type MetaBox, parseMetaBox } from './items.ts';

export function isXmpItem(item: ItemInfo): boolean {
  return item.type === 'mime' && item.contentType === 'application/rdf+xml';
}

export function readHeif(source: ByteSource): PhotoMetadata {
  const result = emptyMetadata();
  const meta = attempt(result.problems, 'The meta box', () => readMetaBox(source));
  if (meta === null) return result;
  const exif = meta.items.find((item) => item.type === 'Exif');
  const xmp = meta.items.find(isXmpItem);
  result.exif = attempt(result.problems, 'EXIF', () => (exif === undefined ? null : exifOfItem(itemBytes(source, meta, exif))));
  result.xmp = attempt(result.problems, 'XMP', () => (xmp === undefined ? null : xmpOfItem(xmp, itemBytes(source, meta, xmp))));
  result.icc = attempt(result.problems, 'The ICC profile', () => primaryProfile(meta));
  return result;
}

function readMetaBox(source: ByteSource): MetaBox | null {
  for (const box of fileBoxes(source)) {
    if (box.type !== 'meta') continue;
    checkBlockBytes('the meta box', box.end - box.start);
    return parseMetaBox(source.read(box.start, box.end - box.start));
  }
  return null;
}

/** An item's bytes, its extents joined. A length of 0 means to the end of the file. */
function itemBytes(source: ByteSource, meta: MetaBox, item: ItemInfo): Buffer {
  const location = meta.locations.find(({ id }) => id === item.id);
  const idat = meta.children.find((box) => box.type === 'idat');
  if (location === undefined || location.method > 1 || location.dataReference !== 0)
    throw new MalformedMetadata('it is stored elsewhere');
  let total = 0;
  const parts = location.extents.map(({ offset, length }) => {
    const bytes = length === 0 ? source.sizeBytes - offset : length;
    checkBlockBytes('the item', (total += bytes));
    if (location.method === 0) return source.read(offset, bytes);
    const start = (idat?.bodyAt ?? Infinity) + offset;
    if (idat === undefined || start + bytes > idat.end) throw new MalformedMetadata('it runs out of its box');
    return meta.bytes.subarray(start, start + bytes);
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
function primaryProfile(meta: MetaBox): Uint8Array | null {
  const iprp = meta.children.find((box) => box.type === 'iprp');
  if (iprp === undefined) return null;
  const boxes = childBoxes(meta.bytes, iprp.bodyAt, iprp.end);
  const ipco = boxes.find((box) => box.type === 'ipco');
  const properties = ipco === undefined ? [] : childBoxes(meta.bytes, ipco.bodyAt, ipco.end);
  const indexes = boxes.filter((box) => box.type === 'ipma').flatMap((ipma) => associations(meta, ipma));
  const colr = indexes
    .map((index) => properties[index - 1])
    .find((box) => box?.type === 'colr' && ['prof', 'rICC'].includes(meta.bytes.toString('latin1', box.bodyAt, box.bodyAt + 4)));
  return colr === undefined ? null : meta.bytes.subarray(colr.bodyAt + 4, colr.end);
}

/** Property numbers (from 1) of the primary item in one `ipma` box. */
function associations(meta: MetaBox, ipma: Box): number[] {
  const version = meta.bytes[ipma.bodyAt] ?? 0;
  const isWide = ((meta.bytes[ipma.bodyAt + 3] ?? 0) & 1) === 1;
  const cursor = new Cursor(meta.bytes, ipma.bodyAt + 4);
  for (let entries = cursor.next(4); entries > 0 && cursor.at < ipma.end; entries--) {
    const id = cursor.next(version < 1 ? 2 : 4);
    const count = cursor.next(1);
    const indexes = Array.from({ length: count }, () => cursor.next(isWide ? 2 : 1) & (isWide ? 0x7fff : 0x7f));
    if (id === meta.primaryId) return indexes;
  }
  return [];
}
