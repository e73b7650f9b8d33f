/**
 * Puts metadata into an encoded AVIF: Exif and XMP items in the meta box, their bytes in a media data box
 * behind everything else. The meta box grows, so every file offset in it moves along.
 */
import type { ByteSource } from '../byte-source.ts';
import { checkBlockBytes, MalformedMetadata } from '../malformed.ts';
import type { PhotoMetadata } from '../photo-metadata.ts';
import type { Piece } from '../rewrite.ts';
import { type Box, childBoxes, Cursor, fileBoxes, fullBoxHead, makeBox } from './boxes.ts';
import { type ItemInfo, type ItemLocation, type MetaBox, parseMetaBox } from './items.ts';
import { isXmpItem } from './read-heif.ts';

interface NewItem {
  readonly id: number;
  readonly infe: Buffer;
  readonly data: Uint8Array;
}

/** The pieces of the rewritten file. Throws `MalformedMetadata` when it has no usable meta box. */
export function embedHeif(source: ByteSource, metadata: PhotoMetadata): Piece[] {
  const box = [...fileBoxes(source)].find(({ type }) => type === 'meta');
  if (box === undefined) throw new MalformedMetadata('no meta box');
  checkBlockBytes('the meta box', box.end - box.start);
  const meta = parseMetaBox(source.read(box.start, box.end - box.start));
  const removed = meta.items.filter((item) => item.type === 'Exif' || isXmpItem(item)).map(({ id }) => id);
  const added = newItems(meta, metadata);
  const dataBytes = added.reduce((sum, item) => sum + item.data.length, 0);
  // The size of iloc does not depend on the offsets in it: build once to learn the shift, once with it.
  const sizeProbe = buildMeta(meta, removed, added, () => 0, 0);
  const shift = sizeProbe.length - (box.end - box.start);
  const newDataAt = source.sizeBytes + shift + 8;
  const moved = (offset: number): number => (offset >= box.end ? offset + shift : offset);
  const rebuilt = buildMeta(meta, removed, added, moved, newDataAt);
  const kept: Piece[] = [
    { from: 0, to: box.start },
    rebuilt,
    ...withoutRanges(box.end, source.sizeBytes, removedRanges(meta, removed)),
  ];
  return dataBytes === 0 ? kept : [...kept, makeBox('mdat', ...added.map(({ data }) => data))];
}

function newItems(meta: MetaBox, metadata: PhotoMetadata): NewItem[] {
  const firstId = 1 + Math.max(0, meta.primaryId, ...meta.items.map(({ id }) => id), ...meta.locations.map(({ id }) => id));
  if (firstId + 1 > 0xffff) throw new MalformedMetadata('no item number is left');
  const items: NewItem[] = [];
  const add = (kind: string, names: string, data: Uint8Array) => {
    const id = firstId + items.length;
    const ids = Buffer.from([id >> 8, id & 255, 0, 0]);
    // Flag 1 hides the item: it is not a picture to show.
    items.push({ id, infe: makeBox('infe', fullBoxHead(2, 1), ids, Buffer.from(kind + names, 'latin1')), data });
  };
  // The four bytes say that the TIFF header follows at once.
  if (metadata.exif !== null) add('Exif', '\0', Buffer.concat([Buffer.alloc(4), metadata.exif]));
  if (metadata.xmp !== null) add('mime', '\0application/rdf+xml\0', Buffer.from(metadata.xmp, 'utf8'));
  return items;
}

function buildMeta(
  meta: MetaBox,
  removed: number[],
  added: NewItem[],
  moved: (offset: number) => number,
  newDataAt: number,
): Buffer {
  const items = meta.items.filter(({ id }) => !removed.includes(id));
  const locations = meta.locations.filter(({ id }) => !removed.includes(id));
  const rewritten = ['iinf', 'iloc', 'iref'];
  const iref = meta.children.find(({ type }) => type === 'iref');
  const boxes = meta.children.flatMap((child) => {
    if (child.type === 'iinf') return [buildItemInfos(items, added)];
    if (child.type === 'iloc') return [buildLocations(locations, added, moved, newDataAt)];
    return rewritten.includes(child.type) ? [] : [meta.bytes.subarray(child.start, child.end)];
  });
  const references = [
    ...(iref === undefined ? [] : keptReferences(meta.bytes, iref, removed)),
    ...added.map(({ id }) => cdsc(meta, iref, id)),
  ];
  const version = iref === undefined ? 0 : (meta.bytes[iref.bodyAt] ?? 0);
  if (references.length > 0) boxes.push(makeBox('iref', fullBoxHead(version, 0), ...references));
  return makeBox('meta', meta.bytes.subarray(8, 12), ...boxes);
}

function buildItemInfos(items: ItemInfo[], added: NewItem[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(items.length + added.length, 0);
  return makeBox('iinf', fullBoxHead(0, 0), count, ...items.map(({ raw }) => raw), ...added.map(({ infe }) => infe));
}

/** Version 1 with 8-byte offsets and 4-byte lengths, no base: holds every file whatever its size. */
function buildLocations(kept: ItemLocation[], added: NewItem[], moved: (offset: number) => number, newDataAt: number): Buffer {
  let dataAt = newDataAt;
  const rows = kept.map((location) => {
    const offset = (value: number) => (location.method === 0 ? moved(value) : value);
    const extents = location.extents.map((extent) => ({ offset: offset(extent.offset), length: extent.length }));
    return locationRow(location.id, location.method, location.dataReference, extents);
  });
  for (const { id, data } of added) {
    rows.push(locationRow(id, 0, 0, [{ offset: dataAt, length: data.length }]));
    dataAt += data.length;
  }
  const head = Buffer.from([0x84, 0, 0, 0]);
  head.writeUInt16BE(rows.length, 2);
  return makeBox('iloc', fullBoxHead(1, 0), head, ...rows);
}

function locationRow(id: number, method: number, dataReference: number, extents: { offset: number; length: number }[]): Buffer {
  if (method > 1) throw new MalformedMetadata('an item is stored inside another');
  const row = Buffer.alloc(8 + 12 * extents.length);
  row.writeUInt16BE(id, 0);
  row.writeUInt16BE(method, 2);
  row.writeUInt16BE(dataReference, 4);
  row.writeUInt16BE(extents.length, 6);
  for (const [index, { offset, length }] of extents.entries()) {
    row.writeBigUInt64BE(BigInt(offset), 8 + 12 * index);
    row.writeUInt32BE(length, 16 + 12 * index);
  }
  return row;
}

/** The reference boxes that start from an item that stays. */
function keptReferences(bytes: Buffer, iref: Box, removed: number[]): Buffer[] {
  const width = bytes[iref.bodyAt] === 0 ? 2 : 4;
  return childBoxes(bytes, iref.bodyAt + 4, iref.end)
    .filter((box) => !removed.includes(new Cursor(bytes, box.bodyAt).next(width)))
    .map((box) => bytes.subarray(box.start, box.end));
}

/** `cdsc`: the item describes the primary picture. */
function cdsc(meta: MetaBox, iref: Box | undefined, id: number): Buffer {
  const width = iref === undefined || meta.bytes[iref.bodyAt] === 0 ? 2 : 4;
  const body = Buffer.alloc(2 * width + 2);
  body.writeUIntBE(id, 0, width);
  body.writeUInt16BE(1, width);
  body.writeUIntBE(meta.primaryId, width + 2, width);
  return makeBox('cdsc', body);
}

/** File ranges of items that go: their bytes must not stay behind unreferenced. */
function removedRanges(meta: MetaBox, removed: number[]): { from: number; to: number }[] {
  return meta.locations
    .filter(({ id, method }) => removed.includes(id) && method === 0)
    .flatMap(({ extents }) => extents.map(({ offset, length }) => ({ from: offset, to: offset + length })))
    .sort((a, b) => a.from - b.from);
}

/** Copies `from`..`to` with zeros in place of `ranges`. */
function withoutRanges(from: number, to: number, ranges: { from: number; to: number }[]): Piece[] {
  const pieces: Piece[] = [];
  let at = from;
  for (const range of ranges) {
    const [start, end] = [Math.max(at, range.from), Math.min(to, range.to)];
    if (start >= end) continue;
    checkBlockBytes('an item', end - start);
    pieces.push({ from: at, to: start }, new Uint8Array(end - start));
    at = end;
  }
  return [...pieces, { from: at, to }];
}
