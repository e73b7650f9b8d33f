/** The items of a HEIF meta box (ISO/IEC 23008-12): what they are, where their bytes lie, what they describe. */
import { type Box, childBoxes, Cursor } from './boxes.ts';
import { MalformedMetadata } from '../malformed.ts';

export interface Extent {
  readonly offset: number;
  readonly length: number;
}

export interface ItemLocation {
  readonly id: number;
  /** 0: offsets count from the start of the file; 1: from the start of `idat`; 2: inside another item. */
  readonly method: number;
  readonly dataReference: number;
  /** Offsets with the item's base added. */
  readonly extents: Extent[];
  readonly extentIndexes: number[];
}

export interface ItemInfo {
  readonly id: number;
  readonly type: string;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** The whole `infe` box as stored. */
  readonly raw: Buffer;
}

export interface MetaBox {
  readonly bytes: Buffer;
  readonly children: Box[];
  readonly primaryId: number;
  readonly items: ItemInfo[];
  readonly locations: ItemLocation[];
}

const itemLimit = 65536;

/** Parses a whole `meta` box, header included. Throws `MalformedMetadata` or a Buffer range error. */
export function parseMetaBox(bytes: Buffer): MetaBox {
  const outer = childBoxes(bytes, 0, bytes.length)[0];
  if (outer?.type !== 'meta') throw new MalformedMetadata('no meta box');
  const children = childBoxes(bytes, outer.bodyAt + 4, outer.end);
  const find = (type: string) => children.find((box) => box.type === type);
  const [pitm, iinf, iloc] = [find('pitm'), find('iinf'), find('iloc')];
  return {
    bytes,
    children,
    primaryId: pitm === undefined ? 0 : new Cursor(bytes, pitm.bodyAt + 4).next(bytes[pitm.bodyAt] === 0 ? 2 : 4),
    items: iinf === undefined ? [] : parseItemInfos(bytes, iinf),
    locations: iloc === undefined ? [] : parseLocations(bytes, iloc),
  };
}

function parseItemInfos(bytes: Buffer, iinf: Box): ItemInfo[] {
  const countBytes = bytes[iinf.bodyAt] === 0 ? 2 : 4;
  const boxes = childBoxes(bytes, iinf.bodyAt + 4 + countBytes, iinf.end).filter((box) => box.type === 'infe');
  return boxes.slice(0, itemLimit).map((box) => {
    const version = bytes[box.bodyAt] ?? 0;
    const cursor = new Cursor(bytes, box.bodyAt + 4);
    const raw = Buffer.from(bytes.subarray(box.start, box.end));
    const id = cursor.next(version === 3 ? 4 : 2);
    if (version < 2) return { id, type: '', contentType: '', contentEncoding: '', raw };
    cursor.next(2);
    const type = bytes.toString('latin1', cursor.at, cursor.at + 4);
    cursor.at += 4;
    cursor.text(box.end);
    const isMime = type === 'mime';
    return {
      id,
      type,
      contentType: isMime ? cursor.text(box.end) : '',
      contentEncoding: isMime ? cursor.text(box.end) : '',
      raw,
    };
  });
}

function parseLocations(bytes: Buffer, iloc: Box): ItemLocation[] {
  const version = bytes[iloc.bodyAt] ?? 0;
  const cursor = new Cursor(bytes, iloc.bodyAt + 4);
  const sizes = cursor.next(2);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version === 0 ? 0 : sizes & 15;
  for (const size of [offsetSize, lengthSize, baseSize, indexSize]) {
    if (size !== 0 && size !== 4 && size !== 8) throw new MalformedMetadata('iloc has fields of an impossible size');
  }
  const count = cursor.next(version < 2 ? 2 : 4);
  if (count > itemLimit) throw new MalformedMetadata('iloc has too many items');
  const locations: ItemLocation[] = [];
  for (let index = 0; index < count; index++) {
    const id = cursor.next(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : cursor.next(2) & 15;
    const dataReference = cursor.next(2);
    const base = cursor.next(baseSize);
    const extents: Extent[] = [];
    const extentIndexes: number[] = [];
    for (let left = cursor.next(2); left > 0; left--) {
      if (cursor.at >= iloc.end) throw new MalformedMetadata('iloc is cut off');
      extentIndexes.push(cursor.next(indexSize));
      const offset = base + cursor.next(offsetSize);
      extents.push({ offset, length: cursor.next(lengthSize) });
    }
    locations.push({ id, method, dataReference, extents, extentIndexes });
  }
  return locations;
}
