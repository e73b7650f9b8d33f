/** Items of a HEIF file, their properties and references: ISO/IEC 23008-12 and 14496-12, 8.11. */
import type { ByteSource } from './byte-source.ts';
import { boxes, findBox } from './isobmff.ts';
import type { Box } from './isobmff.ts';
import { damaged } from './refusals.ts';

export interface HeifItems {
  readonly primary: number;
  /** Four-character item type by item. */
  readonly types: ReadonlyMap<number, string>;
  /** Properties of an item, in the order in which they apply. */
  properties(item: number): readonly Box[];
  /** Items that `from` names with a reference of `type`. */
  referencesFrom(from: number, type: string): readonly number[];
  /** Items that name `to` with a reference of `type`. */
  referencesTo(to: number, type: string): readonly number[];
}

interface Reference {
  readonly type: string;
  readonly from: number;
  readonly to: readonly number[];
}

const maxEntries = 100_000;

export function readHeifItems(source: ByteSource, meta: Box): HeifItems {
  // `meta` is a full box: version and flags come first.
  const inside = [...boxes(source, meta.start + 4, meta.end)];
  const first = (type: string): Box | null => inside.find((box) => box.type === type) ?? null;
  const pitm = first('pitm');
  if (pitm === null) throw damaged('it names no main picture');
  const iprp = first('iprp');
  const ipco = iprp && findBox(source, iprp.start, iprp.end, 'ipco');
  const all = ipco ? [...boxes(source, ipco.start, ipco.end)] : [];
  const associations = iprp ? readAssociations(source, iprp) : new Map<number, number[]>();
  const references = readReferences(source, first('iref'));
  return {
    primary: source.u8(pitm.start) === 0 ? source.u16(pitm.start + 4) : source.u32(pitm.start + 4),
    types: readTypes(source, first('iinf')),
    properties: (item) => (associations.get(item) ?? []).flatMap((index) => all[index - 1] ?? []),
    referencesFrom: (from, type) => references.filter((one) => one.type === type && one.from === from).flatMap((one) => one.to),
    referencesTo: (to, type) => references.filter((one) => one.type === type && one.to.includes(to)).map((one) => one.from),
  };
}

function readTypes(source: ByteSource, iinf: Box | null): Map<number, string> {
  const types = new Map<number, string>();
  if (iinf === null) return types;
  const start = iinf.start + (source.u8(iinf.start) === 0 ? 6 : 8);
  for (const infe of boxes(source, start, iinf.end)) {
    if (infe.type !== 'infe') continue;
    const version = source.u8(infe.start);
    if (version === 2) types.set(source.u16(infe.start + 4), source.text(infe.start + 8, 4));
    else if (version === 3) types.set(source.u32(infe.start + 4), source.text(infe.start + 10, 4));
  }
  return types;
}

function readAssociations(source: ByteSource, iprp: Box): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const ipma of boxes(source, iprp.start, iprp.end)) {
    if (ipma.type !== 'ipma') continue;
    const wideItems = source.u8(ipma.start) >= 1;
    const wideIndices = (source.u8(ipma.start + 3) & 1) === 1;
    const count = source.u32(ipma.start + 4);
    let at = ipma.start + 8;
    for (let entry = 0; entry < Math.min(count, maxEntries) && at < ipma.end; entry++) {
      const item = wideItems ? source.u32(at) : source.u16(at);
      at += wideItems ? 4 : 2;
      const properties = source.u8(at++);
      const indices = Array.from({ length: properties }, (_, index) =>
        wideIndices ? source.u16(at + index * 2) & 0x7fff : source.u8(at + index) & 0x7f,
      );
      at += properties * (wideIndices ? 2 : 1);
      if (!found.has(item)) found.set(item, indices);
    }
  }
  return found;
}

function readReferences(source: ByteSource, iref: Box | null): Reference[] {
  if (iref === null) return [];
  const wide = source.u8(iref.start) === 1;
  const id = (at: number): number => (wide ? source.u32(at) : source.u16(at));
  const step = wide ? 4 : 2;
  const references: Reference[] = [];
  for (const box of boxes(source, iref.start + 4, iref.end)) {
    const count = source.u16(box.start + step);
    const to = Array.from({ length: count }, (_, index) => id(box.start + step + 2 + index * step));
    references.push({ type: box.type, from: id(box.start), to });
  }
  return references;
}
