/** Directories of a TIFF or BigTIFF file, read entry by entry; pixels stay on disk. */
import type { ByteSource } from '../byte-source.ts';
import { checkBlockBytes, MalformedMetadata } from '../malformed.ts';
import { bytesOfType } from '../exif/exif-format.ts';
import { type ExifField, toLittleEndian } from '../exif/exif-tree.ts';

export interface TiffHeader {
  readonly littleEndian: boolean;
  /** BigTIFF: 64-bit offsets and counts. */
  readonly isBig: boolean;
  readonly firstIfdAt: number;
}

export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the value lies in the file, and its length; null for an unknown type. */
  readonly valueAt: number;
  readonly valueBytes: number | null;
  /** The entry as stored: 12 bytes, in BigTIFF 20. */
  readonly raw: Buffer;
}

export interface TiffIfd {
  readonly entries: TiffEntry[];
  readonly nextIfdAt: number;
}

const entryLimit = 4096;

/** Throws `MalformedMetadata` when the file is no TIFF. */
export function readTiffHeader(source: ByteSource): TiffHeader {
  const head = source.read(0, 16);
  const order = head.toString('latin1', 0, 2);
  const littleEndian = order === 'II';
  const magic = readUint(head, 2, 2, littleEndian);
  if ((order !== 'II' && order !== 'MM') || (magic !== 42 && magic !== 43)) throw new MalformedMetadata('no TIFF header');
  const isBig = magic === 43;
  return { littleEndian, isBig, firstIfdAt: readUint(head, isBig ? 8 : 4, isBig ? 8 : 4, littleEndian) };
}

export function readTiffIfd(source: ByteSource, { littleEndian, isBig }: TiffHeader, at: number): TiffIfd {
  const [countBytes, entryBytes, wordBytes] = isBig ? [8, 20, 8] : [2, 12, 4];
  const count = readUint(source.read(at, countBytes), 0, countBytes, littleEndian);
  if (count > entryLimit) throw new MalformedMetadata('a directory has too many entries');
  const tableAt = at + countBytes;
  const table = source.read(tableAt, count * entryBytes);
  const entries = Array.from({ length: count }, (_, index): TiffEntry => {
    const raw = table.subarray(index * entryBytes, (index + 1) * entryBytes);
    const type = readUint(raw, 2, 2, littleEndian);
    const values = readUint(raw, 4, wordBytes, littleEndian);
    const size = bytesOfType(type);
    const valueBytes = size === null ? null : size * values;
    const inline = tableAt + index * entryBytes + 4 + wordBytes;
    const valueAt =
      valueBytes !== null && valueBytes <= wordBytes ? inline : readUint(raw, 4 + wordBytes, wordBytes, littleEndian);
    return { tag: readUint(raw, 0, 2, littleEndian), type, count: values, valueAt, valueBytes, raw };
  });
  const nextAt = tableAt + count * entryBytes;
  const hasNext = nextAt + wordBytes <= source.sizeBytes;
  return { entries, nextIfdAt: hasNext ? readUint(source.read(nextAt, wordBytes), 0, wordBytes, littleEndian) : 0 };
}

/** An entry's value in file order. Throws `MalformedMetadata` when it is too large or outside the file. */
export function readTiffValue(source: ByteSource, entry: TiffEntry): Buffer {
  if (entry.valueBytes === null) throw new MalformedMetadata(`tag ${entry.tag} has an unknown type`);
  checkBlockBytes(`tag ${entry.tag}`, entry.valueBytes);
  return source.read(entry.valueAt, entry.valueBytes);
}

export function readTiffField(source: ByteSource, entry: TiffEntry, littleEndian: boolean): ExifField {
  const data = toLittleEndian(readTiffValue(source, entry), entry.type, littleEndian);
  return { tag: entry.tag, type: entry.type, count: entry.count, data };
}

/** An unsigned number of 2, 4 or 8 bytes. */
export function readUint(bytes: Buffer, at: number, width: number, littleEndian: boolean): number {
  if (width === 8) return Number(littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  return littleEndian ? bytes.readUIntLE(at, width) : bytes.readUIntBE(at, width);
}

export function writeUint(bytes: Buffer, at: number, width: number, value: number, littleEndian: boolean): void {
  if (width === 8 && littleEndian) bytes.writeBigUInt64LE(BigInt(value), at);
  else if (width === 8) bytes.writeBigUInt64BE(BigInt(value), at);
  else if (littleEndian) bytes.writeUIntLE(value, at, width);
  else bytes.writeUIntBE(value, at, width);
}
