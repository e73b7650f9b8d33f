/** Values of a TIFF's entries, read one by one; pixels stay on disk. */
import type { ByteSource } from '../../container/byte-source.ts';
import { readTiffHead, type TiffEntry, type TiffHead } from '../../container/tiff-structure.ts';
import { type ExifField, toLittleEndian } from '../exif/exif-tree.ts';
import { checkBlockBytes, MalformedMetadata } from '../malformed.ts';

/** Throws `MalformedMetadata` when the file is no TIFF. */
export function requireTiffHead(source: ByteSource): TiffHead {
  const head = readTiffHead(source, 0);
  if (head === null) throw new MalformedMetadata('no TIFF header');
  return head;
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
