/** Items of a HEIF file, their properties and references: ISO/IEC 23008-12 and 14496-12, 8.11. */
import { type ByteSource, readLimitBytes } from './byte-source.ts';
import { Cursor } from './cursor.ts';
import { type Box, boxes, findBox } from './isobmff.ts';
import { MalformedContainer } from './malformed-container.ts';

/** The `meta` box and what lies in it. */
export interface HeifMeta {
  readonly box: Box;
  readonly children: readonly Box[];
}

export interface ItemInfo {
  readonly id: number;
  /** Four characters, or empty in the form of before HEIF. */
  readonly type: string;
  /** MIME type and encoding of an item of type `mime`, else empty. */
  readonly contentType: string;
  readonly contentEncoding: string;
  /** The `infe` box. */
  readonly box: Box;
}

export interface ItemReference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
  readonly box: Box;
}

const associationLimit = 100_000;
/** Names and MIME types of items are a few dozen characters. */
const namesLimitBytes = 4096;

/** The file's `meta` box, or null. Throws `MalformedContainer`, as do all below, where boxes do not fit together. */
export function readHeifMeta(source: ByteSource): HeifMeta | null {
  const box = findBox(source, 0, source.sizeBytes, 'meta', true);
  // It is a full box: version and flags come first.
  return box === null ? null : { box, children: [...boxes(source, box.bodyAt + 4, box.end)] };
}

/** The first child of `type`, or null. Tables are refused when they are too long to be kept in memory. */
export function metaChild(meta: HeifMeta, type: string): Box | null {
  const box = meta.children.find((child) => child.type === type) ?? null;
  return box === null || type === 'idat' ? box : checkTable(box);
}

/** The number of the picture to show, or null. */
export function primaryItem(source: ByteSource, meta: HeifMeta): number | null {
  const pitm = metaChild(meta, 'pitm');
  return pitm === null ? null : new Cursor(source, pitm.bodyAt + 4).next(source.u8(pitm.bodyAt) === 0 ? 2 : 4);
}

export function readItemInfos(source: ByteSource, meta: HeifMeta): ItemInfo[] {
  const iinf = metaChild(meta, 'iinf');
  if (iinf === null) return [];
  const start = iinf.bodyAt + (source.u8(iinf.bodyAt) === 0 ? 6 : 8);
  return [...boxes(source, start, iinf.end)].filter(({ type }) => type === 'infe').map((box) => readItemInfo(source, box));
}

function readItemInfo(source: ByteSource, box: Box): ItemInfo {
  const version = source.u8(box.bodyAt);
  const cursor = new Cursor(source, box.bodyAt + 4);
  const id = cursor.next(version === 3 ? 4 : 2);
  const none = { id, type: '', contentType: '', contentEncoding: '', box };
  if (version !== 2 && version !== 3) return none;
  cursor.next(2); // protection
  const type = source.text(cursor.at, 4);
  if (type !== 'mime') return { ...none, type };
  const namesAt = cursor.at + 4;
  const names = source.text(namesAt, Math.min(namesLimitBytes, Math.max(0, box.end - namesAt)));
  const [, contentType = '', contentEncoding = ''] = names.split('\0');
  return { ...none, type, contentType, contentEncoding };
}

/** For each item its properties, in the order in which they apply. */
export function readItemProperties(source: ByteSource, meta: HeifMeta): (item: number) => readonly Box[] {
  const iprp = metaChild(meta, 'iprp');
  if (iprp === null) return () => [];
  const ipco = findBox(source, iprp.bodyAt, iprp.end, 'ipco');
  const all = ipco === null ? [] : [...boxes(source, ipco.bodyAt, ipco.end)];
  const associations = readAssociations(source, iprp);
  return (item) => (associations.get(item) ?? []).flatMap((index) => all[index - 1] ?? []);
}

/** Numbers of properties, from 1, by item. */
function readAssociations(source: ByteSource, iprp: Box): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const ipma of boxes(source, iprp.bodyAt, iprp.end)) {
    if (ipma.type !== 'ipma') continue;
    const isWideItem = source.u8(ipma.bodyAt) >= 1;
    const isWideIndex = (source.u8(ipma.bodyAt + 3) & 1) === 1;
    const cursor = new Cursor(source, ipma.bodyAt + 4);
    const entries = Math.min(cursor.next(4), associationLimit);
    for (let entry = 0; entry < entries && cursor.at < ipma.end; entry++) {
      const item = cursor.next(isWideItem ? 4 : 2);
      const indices = Array.from({ length: cursor.next(1) }, () =>
        isWideIndex ? cursor.next(2) & 0x7fff : cursor.next(1) & 0x7f,
      );
      if (!found.has(item)) found.set(item, indices);
    }
  }
  return found;
}

export function readItemReferences(source: ByteSource, meta: HeifMeta): ItemReference[] {
  const iref = metaChild(meta, 'iref');
  if (iref === null) return [];
  const width = itemNumberBytes(source, iref);
  return Array.from(boxes(source, iref.bodyAt + 4, iref.end), (box) => {
    const cursor = new Cursor(source, box.bodyAt);
    const from = cursor.next(width);
    const count = cursor.next(2);
    if (cursor.at + count * width > box.end) throw new MalformedContainer('a part of its header is longer than the whole');
    return { type: box.type, from, to: Array.from({ length: count }, () => cursor.next(width)), box };
  });
}

/** Bytes of an item's number in an `iref` box. */
export function itemNumberBytes(source: ByteSource, iref: Box): 2 | 4 {
  return source.u8(iref.bodyAt) === 0 ? 2 : 4;
}

function checkTable(box: Box): Box {
  if (box.end - box.start > readLimitBytes) throw new MalformedContainer('a part of its header is impossibly long');
  return box;
}
