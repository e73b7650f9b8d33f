import type { ByteSource } from '../container/byte-source.ts';
import { type HeifMeta, primaryItem, readItemInfos, readItemProperties, readItemReferences } from '../container/heif-items.ts';
import type { Box } from '../container/isobmff.ts';
import { damaged } from './refusals.ts';

/** How the pictures of a HEIF file hang together. */
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

/** Throws `damaged` when no picture is the main one, and `MalformedContainer`. */
export function readHeifItems(source: ByteSource, meta: HeifMeta): HeifItems {
  const primary = primaryItem(source, meta);
  if (primary === null) throw damaged('it names no main picture');
  const infos = readItemInfos(source, meta).filter(({ type }) => type !== '');
  const references = readItemReferences(source, meta);
  return {
    primary,
    types: new Map(infos.map(({ id, type }) => [id, type])),
    properties: readItemProperties(source, meta),
    referencesFrom: (from, type) => references.filter((one) => one.type === type && one.from === from).flatMap((one) => one.to),
    referencesTo: (to, type) => references.filter((one) => one.type === type && one.to.includes(to)).map((one) => one.from),
  };
}
