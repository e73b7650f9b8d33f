/** Where the bytes of HEIF items lie: the `iloc` box, ISO/IEC 14496-12, 8.11.3. */
import type { ByteSource } from './byte-source.ts';
import { Cursor } from './cursor.ts';
import { type HeifMeta, metaChild } from './heif-items.ts';
import { MalformedContainer } from './malformed-container.ts';

export interface ItemLocation {
  readonly id: number;
  /** 0: offsets count from the start of the file; 1: from the start of `idat`; 2: inside another item. */
  readonly method: number;
  readonly dataReference: number;
  /** Offsets with the item's base added. A length of 0 means to the end. */
  readonly extents: readonly { readonly offset: number; readonly length: number }[];
}

const itemLimit = 65_536;
/** Over all items; extents whose fields take no bytes would otherwise fill the memory from a short file. */
const extentLimit = 262_144;

/** Throws `MalformedContainer` when the table is broken; no table is an empty one. */
export function readItemLocations(source: ByteSource, meta: HeifMeta): ItemLocation[] {
  const iloc = metaChild(meta, 'iloc');
  if (iloc === null) return [];
  const version = source.u8(iloc.bodyAt);
  const cursor = new Cursor(source, iloc.bodyAt + 4);
  const sizes = cursor.next(2);
  const [offsetBytes, lengthBytes, baseBytes] = [fieldBytes(sizes >> 12), fieldBytes(sizes >> 8), fieldBytes(sizes >> 4)];
  const indexBytes = version === 0 ? 0 : fieldBytes(sizes);
  const count = cursor.next(version < 2 ? 2 : 4);
  if (count > itemLimit) throw new MalformedContainer('its header names too many items');
  let extentsLeft = extentLimit;
  return Array.from({ length: count }, () => {
    const id = cursor.next(version < 2 ? 2 : 4);
    const method = version === 0 ? 0 : cursor.next(2) & 15;
    const dataReference = cursor.next(2);
    const base = cursor.next(baseBytes);
    const extents = Array.from({ length: cursor.next(2) }, () => {
      if (cursor.at >= iloc.end || extentsLeft-- <= 0) throw new MalformedContainer('its table of items is broken');
      cursor.next(indexBytes);
      return { offset: base + cursor.next(offsetBytes), length: cursor.next(lengthBytes) };
    });
    return { id, method, dataReference, extents };
  });
}

/** The width that the lowest four bits of `nibbles` say. */
function fieldBytes(nibbles: number): 0 | 4 | 8 {
  const bytes = nibbles & 15;
  if (bytes !== 0 && bytes !== 4 && bytes !== 8)
    throw new MalformedContainer('its table of items has fields of an impossible size');
  return bytes;
}
