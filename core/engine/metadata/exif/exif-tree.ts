/**
 * EXIF as values instead of offsets: for sources and targets where the block cannot be kept as it is
 * (TIFF, whose directories belong to the file, and blocks too large for a JPEG segment).
 */
import { asBuffer } from '../as-buffer.ts';
import { fieldType, isStorageTag, tag, wordBytesOfType } from './exif-format.ts';
import { type IfdKind, layOutExif, putU16, putU32 } from './exif-layout.ts';

export interface ExifField {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** The value in little-endian order; maker notes and other UNDEFINED values as they are. */
  readonly data: Uint8Array;
}

export type TreeKind = Exclude<IfdKind, 'thumbnail'>;
export type ExifTree = Record<TreeKind, ExifField[]>;

const parents: { kind: TreeKind; parent: TreeKind; pointer: number }[] = [
  { kind: 'exif', parent: 'ifd0', pointer: tag.exifIfd },
  { kind: 'gps', parent: 'ifd0', pointer: tag.gpsIfd },
  { kind: 'interop', parent: 'exif', pointer: tag.interopIfd },
];

export function emptyTree(): ExifTree {
  return { ifd0: [], exif: [], gps: [], interop: [] };
}

/** True for tags that hold the offset of a directory of the tree. */
export function isTreePointer(id: number): boolean {
  return parents.some(({ pointer }) => pointer === id);
}

/** Reads a block into values; thumbnails and values outside the block are left out. Throws `MalformedMetadata`. */
export function parseExifTree(block: Uint8Array): ExifTree & { littleEndian: boolean } {
  const { ifds, littleEndian } = layOutExif(block);
  const tree = emptyTree();
  for (const { kind, entries } of ifds) {
    if (kind === 'thumbnail') continue;
    for (const { tag: id, type, count, value } of entries) {
      if (value === null || isTreePointer(id) || tree[kind].some((field) => field.tag === id)) continue;
      const data = toLittleEndian(block.subarray(value.start, value.end), type, littleEndian);
      tree[kind].push({ tag: id, type, count, data });
    }
  }
  return { ...tree, littleEndian };
}

/** A copy of a value with its words turned round where they are big-endian; the way back is the same. */
export function toLittleEndian(data: Uint8Array, type: number, isLittleEndian: boolean): Uint8Array {
  const copy = Buffer.from(data);
  if (isLittleEndian) return copy;
  const word = wordBytesOfType(type);
  if (word === 2) return copy.swap16();
  if (word === 4) return copy.swap32();
  return word === 8 ? copy.swap64() : copy;
}

/** A self-contained block: IFD0, then the others behind it, values after each table, even offsets. */
export function buildExif(tree: ExifTree, littleEndian: boolean): Uint8Array {
  const kinds = (['ifd0', 'exif', 'gps', 'interop'] as const).filter((kind) => isPresent(tree, kind));
  const fields = new Map(kinds.map((kind) => [kind, withPointers(tree, kind)]));
  const starts = new Map<TreeKind, number>();
  let end = 8;
  for (const [kind, list] of fields) {
    starts.set(kind, end);
    end += list.reduce((sum, field) => sum + outsideBytes(field), 2 + 12 * list.length + 4);
  }
  const bytes = Buffer.alloc(end);
  bytes.write(littleEndian ? 'II' : 'MM', 'latin1');
  putU16(bytes, 2, 42, littleEndian);
  putU32(bytes, 4, 8, littleEndian);
  for (const [kind, list] of fields) writeIfd(bytes, starts.get(kind) ?? 0, list, littleEndian, starts);
  return bytes;
}

function isPresent(tree: ExifTree, kind: TreeKind): boolean {
  return kind === 'ifd0' || tree[kind].length > 0 || (kind === 'exif' && tree.interop.length > 0);
}

function withPointers(tree: ExifTree, kind: TreeKind): ExifField[] {
  const pointers = parents
    .filter((child) => child.parent === kind && isPresent(tree, child.kind))
    .map(({ pointer }) => ({ tag: pointer, type: fieldType.long, count: 1, data: new Uint8Array(4) }));
  return [...tree[kind], ...pointers].sort((a, b) => a.tag - b.tag);
}

function outsideBytes(field: ExifField): number {
  return field.data.length <= 4 ? 0 : field.data.length + (field.data.length % 2);
}

function writeIfd(bytes: Buffer, at: number, fields: ExifField[], littleEndian: boolean, starts: Map<TreeKind, number>): void {
  putU16(bytes, at, fields.length, littleEndian);
  let valueAt = at + 2 + 12 * fields.length + 4;
  for (const [index, field] of fields.entries()) {
    const entryAt = at + 2 + 12 * index;
    putU16(bytes, entryAt, field.tag, littleEndian);
    putU16(bytes, entryAt + 2, field.type, littleEndian);
    putU32(bytes, entryAt + 4, field.count, littleEndian);
    const child = parents.find(({ pointer }) => pointer === field.tag);
    const data = toLittleEndian(field.data, field.type, littleEndian);
    if (child !== undefined) putU32(bytes, entryAt + 8, starts.get(child.kind) ?? 0, littleEndian);
    else if (data.length <= 4) bytes.set(data, entryAt + 8);
    else {
      putU32(bytes, entryAt + 8, valueAt, littleEndian);
      bytes.set(data, valueAt);
      valueAt += outsideBytes(field);
    }
  }
}

/** The bytes of one IFD0 value, or null. */
export function ifd0Value(block: Uint8Array, id: number): Uint8Array | null {
  const entry = layOutExif(block).ifds[0]?.entries.find((candidate) => candidate.tag === id);
  return entry?.value ? block.subarray(entry.value.start, entry.value.end) : null;
}

/** Fields of IFD0 that travel to another file. */
export function descriptiveFields(tree: ExifTree): ExifField[] {
  return tree.ifd0.filter((field) => !isStorageTag(field.tag));
}

/**
 * A block of at most `limitBytes`: without maker notes first (they are the bulk, and moving them breaks
 * their offsets), then without the largest values. `dropped` lists the tags that went.
 */
export function shrinkExif(block: Uint8Array, limitBytes: number): { exif: Uint8Array; dropped: number[] } {
  const dropped: number[] = [];
  let exif = block;
  if (block.length <= limitBytes) return { exif, dropped };
  const { littleEndian, ...tree } = parseExifTree(block);
  for (exif = buildExif(tree, littleEndian); exif.length > limitBytes; exif = buildExif(tree, littleEndian)) {
    const kinds = Object.keys(tree) as TreeKind[];
    const largest = kinds
      .flatMap((kind) => tree[kind].map((field) => ({ kind, field })))
      .sort((a, b) => weight(b.field) - weight(a.field))[0];
    if (largest === undefined) break;
    tree[largest.kind] = tree[largest.kind].filter((field) => field !== largest.field);
    dropped.push(largest.field.tag);
  }
  return { exif, dropped };
}

function weight(field: ExifField): number {
  return field.tag === tag.makerNote ? Infinity : field.data.length;
}

/** XResolution and YResolution in pixels an inch; null when they are absent or count something else. */
export function exifDensity(block: Uint8Array): { x: number; y: number } | null {
  const { ifd0 } = parseExifTree(block);
  const unit = ifd0.find((field) => field.tag === tag.resolutionUnit);
  const unitsPerInch = unit === undefined ? 1 : { 2: 1, 3: 2.54 }[asBuffer(unit.data).readUInt16LE(0)];
  const [x, y] = [tag.xResolution, tag.yResolution].map((id) => rational(ifd0.find((field) => field.tag === id)));
  return unitsPerInch !== undefined && typeof x === 'number' && typeof y === 'number'
    ? { x: x * unitsPerInch, y: y * unitsPerInch }
    : null;
}

function rational(field: ExifField | undefined): number | null {
  if (field?.type !== fieldType.rational || field.count < 1) return null;
  const data = asBuffer(field.data);
  const value = data.readUInt32LE(0) / data.readUInt32LE(4);
  return Number.isFinite(value) && value > 0 ? value : null;
}

/** XResolution, YResolution and ResolutionUnit for a density in pixels an inch. */
export function densityFields(density: { x: number; y: number }): ExifField[] {
  const field = (id: number, value: number): ExifField => {
    const data = Buffer.alloc(8);
    const denominator = Number.isInteger(value) ? 1 : 10000;
    data.writeUInt32LE(Math.min(0xffffffff, Math.round(value * denominator)), 0);
    data.writeUInt32LE(denominator, 4);
    return { tag: id, type: fieldType.rational, count: 1, data };
  };
  return [
    field(tag.xResolution, density.x),
    field(tag.yResolution, density.y),
    { tag: tag.resolutionUnit, type: fieldType.short, count: 1, data: new Uint8Array([2, 0]) },
  ];
}
