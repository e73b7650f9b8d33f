/**
 * Puts metadata into an encoded AVIF: Exif and XMP items in the meta box, their bytes in a media data box
 * behind everything else. The meta box grows, so every file offset in it moves along.
 */
import type { ByteSource } from '../../container/byte-source.ts';
import {
  type HeifMeta,
  type ItemInfo,
  itemNumberBytes,
  metaChild,
  primaryItem,
  readHeifMeta,
  readItemInfos,
  readItemReferences,
} from '../../container/heif-items.ts';
import { type ItemLocation, readItemLocations } from '../../container/heif-locations.ts';
import { type Box, fullBoxHead, makeBox } from '../../container/isobmff.ts';
import { checkBlockBytes, MalformedMetadata } from '../malformed.ts';
import type { PhotoMetadata } from '../photo-metadata.ts';
import type { Piece } from '../rewrite.ts';
import { isXmpItem } from './read-heif.ts';

/** The meta box with what of it changes. */
interface MetaContent extends HeifMeta {
  readonly source: ByteSource;
  readonly primary: number;
  readonly items: readonly ItemInfo[];
  readonly locations: readonly ItemLocation[];
}

interface NewItem {
  readonly id: number;
  readonly infe: Buffer;
  readonly data: Uint8Array;
}

/** The pieces of the rewritten file. Throws `MalformedMetadata` when it has no usable meta box. */
export function embedHeif(source: ByteSource, metadata: PhotoMetadata): Piece[] {
  const meta = readMetaContent(source);
  const { box } = meta;
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

function readMetaContent(source: ByteSource): MetaContent {
  const meta = readHeifMeta(source);
  if (meta === null) throw new MalformedMetadata('no meta box');
  const [items, locations] = [readItemInfos(source, meta), readItemLocations(source, meta)];
  return { ...meta, source, primary: primaryItem(source, meta) ?? 0, items, locations };
}

function newItems(meta: MetaContent, metadata: PhotoMetadata): NewItem[] {
  const firstId = 1 + Math.max(0, meta.primary, ...meta.items.map(({ id }) => id), ...meta.locations.map(({ id }) => id));
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
  meta: MetaContent,
  removed: number[],
  added: NewItem[],
  moved: (offset: number) => number,
  newDataAt: number,
): Buffer {
  const items = meta.items.filter(({ id }) => !removed.includes(id));
  const locations = meta.locations.filter(({ id }) => !removed.includes(id));
  const rewritten = ['iinf', 'iloc', 'iref'];
  const { source } = meta;
  const iref = metaChild(meta, 'iref');
  const boxes = meta.children.flatMap((child) => {
    if (child.type === 'iinf') return [buildItemInfos(source, items, added)];
    if (child.type === 'iloc') return [buildLocations(locations, added, moved, newDataAt)];
    return rewritten.includes(child.type) ? [] : [boxBytes(source, child)];
  });
  const references = [...keptReferences(meta, removed), ...added.map(({ id }) => cdsc(meta, iref, id))];
  const version = iref === null ? 0 : source.u8(iref.bodyAt);
  if (references.length > 0) boxes.push(makeBox('iref', fullBoxHead(version, 0), ...references));
  return makeBox('meta', source.read(meta.box.bodyAt, 4), ...boxes);
}

function buildItemInfos(source: ByteSource, items: ItemInfo[], added: NewItem[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(items.length + added.length, 0);
  return makeBox(
    'iinf',
    fullBoxHead(0, 0),
    count,
    ...items.map(({ box }) => boxBytes(source, box)),
    ...added.map(({ infe }) => infe),
  );
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
function keptReferences({ source, ...meta }: MetaContent, removed: number[]): Buffer[] {
  const kept = readItemReferences(source, meta).filter(({ from }) => !removed.includes(from));
  return kept.map(({ box }) => boxBytes(source, box));
}

function boxBytes(source: ByteSource, box: Box): Buffer {
  return source.read(box.start, box.end - box.start);
}

/** `cdsc`: the item describes the primary picture. */
function cdsc(meta: MetaContent, iref: Box | null, id: number): Buffer {
  const width = iref === null ? 2 : itemNumberBytes(meta.source, iref);
  const body = Buffer.alloc(2 * width + 2);
  body.writeUIntBE(id, 0, width);
  body.writeUInt16BE(1, width);
  body.writeUIntBE(meta.primary, width + 2, width);
  return makeBox('cdsc', body);
}

/** File ranges of items that go: their bytes must not stay behind unreferenced. */
function removedRanges(meta: MetaContent, removed: number[]): { from: number; to: number }[] {
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
