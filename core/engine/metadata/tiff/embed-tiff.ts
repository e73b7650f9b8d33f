/**
 * Puts metadata into an encoded TIFF or BigTIFF by appending: a new first directory with all tags of the
 * old and those of the metadata. The header is pointed at it last, so a cut-off append harms nothing.
 */
import type { ByteSource } from '../../container/byte-source.ts';
import { readDirectory, type TiffHead, tiffWidths } from '../../container/tiff-structure.ts';
import { EnlargerError } from '../../../photo/failure.ts';
import { fieldType, tag } from '../exif/exif-format.ts';
import {
  densityFields,
  descriptiveFields,
  type ExifField,
  type ExifTree,
  parseExifTree,
  toLittleEndian,
} from '../exif/exif-tree.ts';
import { attempt } from '../malformed.ts';
import type { PhotoMetadata } from '../photo-metadata.ts';
import { requireTiffHead } from './tiff-values.ts';

const copyrightTag = 0x8298;
const classicLimitBytes = 0xffffffff;
const replacedTags = new Set<number>([tag.xmp, tag.iptc, tag.exifIfd, tag.gpsIfd, tag.photoshop]);
const densityTags = new Set<number>([tag.xResolution, tag.yResolution, tag.resolutionUnit]);

/** An entry ready to write: taken over as it stands, or new with its value in file order. */
type Row = { tag: number; raw: Uint8Array } | { tag: number; type: number; count: number; data: Uint8Array };

/** What to write where. Throws when a classic TIFF would outgrow 4 GiB. */
export function embedTiff(source: ByteSource, meta: PhotoMetadata, problems: string[]): { at: number; bytes: Uint8Array }[] {
  const header = requireTiffHead(source);
  const first = readDirectory(source, header, header.firstDirectory);
  const exif = meta.exif;
  const tree = exif === null ? null : attempt(problems, 'EXIF', () => parseExifTree(exif));
  const density = densityOf(tree, meta.density);
  const old = first.entries.filter(
    (entry) => !replacedTags.has(entry.tag) && !(density.length > 0 && densityTags.has(entry.tag)),
  );
  const taken = new Set([...old.map((entry) => entry.tag), ...density.map((field) => field.tag), tag.orientation]);
  const appended = new Appender(header, source.sizeBytes);
  const { entryBytes, wordBytes } = tiffWidths(header.isBig);
  const rows: Row[] = old.map(({ tag: id, at }) => ({ tag: id, raw: source.read(at, entryBytes) }));
  const add = (fields: ExifField[]) => rows.push(...fields.map((field) => inFileOrder(field, header)));
  add(density);
  if (meta.xmp !== null) add([bytesField(tag.xmp, fieldType.byte, Buffer.from(meta.xmp, 'utf8'))]);
  if (meta.iptc !== null) add([bytesField(tag.iptc, fieldType.undefined, meta.iptc)]);
  if (meta.copyright !== null) add([bytesField(tag.photoshop, fieldType.byte, meta.copyright)]);
  if (tree !== null) {
    // A sub-directory's pointer is known once the directory is written, so the innermost comes first.
    const pointer = (id: number, fields: ExifField[]): ExifField[] =>
      fields.length === 0
        ? []
        : [
            pointerField(
              id,
              appended.directory(
                fields.map((field) => inFileOrder(field, header)),
                0,
              ),
              header,
            ),
          ];
    const exifFields = [...tree.exif, ...pointer(tag.interopIfd, tree.interop)];
    add(descriptiveFields(tree).filter((field) => !taken.has(field.tag)));
    add([...pointer(tag.exifIfd, exifFields), ...pointer(tag.gpsIfd, tree.gps)]);
  }
  const ifdAt = appended.directory(rows, first.next);
  if (!header.isBig && appended.end > classicLimitBytes) {
    throw new EnlargerError(
      'too-large',
      'The result does not fit into a TIFF of 4 GiB together with its metadata. Choose --format png or --strip all.',
    );
  }
  const pointer = Buffer.alloc(wordBytes);
  writeUint(pointer, 0, wordBytes, ifdAt, header.littleEndian);
  return [
    { at: source.sizeBytes, bytes: appended.bytes() },
    { at: header.isBig ? 8 : 4, bytes: pointer },
  ];
}

/** EXIF's own words where it has them, so that a resolution in pixels a centimetre stays one. */
function densityOf(tree: ExifTree | null, density: PhotoMetadata['density']): ExifField[] {
  const own = (tree?.ifd0 ?? []).filter((field) => densityTags.has(field.tag));
  if (own.some((field) => field.tag === tag.xResolution)) return own;
  return density === null ? [] : densityFields(density);
}

function bytesField(id: number, type: number, data: Uint8Array): ExifField {
  return { tag: id, type, count: data.length, data };
}

/** In the tree's order (little-endian), like every other field. */
function pointerField(id: number, at: number, { isBig }: TiffHead): ExifField {
  const data = Buffer.alloc(isBig ? 8 : 4);
  writeUint(data, 0, data.length, at, true);
  return { tag: id, type: isBig ? fieldType.ifd8 : fieldType.long, count: 1, data };
}

function inFileOrder(field: ExifField, { littleEndian }: TiffHead): Row {
  if (field.type !== fieldType.ascii) return { ...field, data: toLittleEndian(field.data, field.type, littleEndian) };
  const data = terminated(field);
  return { ...field, count: data.length, data };
}

/**
 * libtiff warns of text without a final zero and of zeros within, and careful readers take a warning for damage.
 * Copyright alone may hold two texts, the photographer's and the editor's.
 */
function terminated(field: ExifField): Uint8Array {
  const parts = Buffer.from(field.data).toString('latin1').split('\0');
  const text = field.tag === copyrightTag ? parts.filter((part) => part.trim() !== '').join('; ') : (parts[0] ?? '');
  return Buffer.from(`${text}\0`, 'latin1');
}

/** Collects values and directories behind the end of a file. */
class Appender {
  readonly header: TiffHead;
  readonly start: number;
  readonly parts: Uint8Array[] = [];
  end: number;

  constructor(header: TiffHead, fileBytes: number) {
    this.header = header;
    this.start = fileBytes;
    this.end = fileBytes;
  }

  /** Appends values, then the table; returns where the table starts. */
  directory(rows: Row[], nextIfdAt: number): number {
    const { isBig, littleEndian } = this.header;
    const { countBytes, entryBytes, wordBytes } = tiffWidths(isBig);
    const sorted = [...rows].sort((a, b) => a.tag - b.tag);
    const table = Buffer.alloc(countBytes + entryBytes * sorted.length + wordBytes);
    writeUint(table, 0, countBytes, sorted.length, littleEndian);
    for (const [index, row] of sorted.entries()) {
      const at = countBytes + index * entryBytes;
      if ('raw' in row) {
        table.set(row.raw, at);
        continue;
      }
      writeUint(table, at, 2, row.tag, littleEndian);
      writeUint(table, at + 2, 2, row.type, littleEndian);
      writeUint(table, at + 4, wordBytes, row.count, littleEndian);
      if (row.data.length <= wordBytes) table.set(row.data, at + 4 + wordBytes);
      else writeUint(table, at + 4 + wordBytes, wordBytes, this.append(row.data), littleEndian);
    }
    writeUint(table, table.length - wordBytes, wordBytes, nextIfdAt, littleEndian);
    return this.append(table);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.parts);
  }

  /** Offsets are kept multiples of 8, as BigTIFF wants them. Offsets past 4 GiB wrap and are refused by the caller. */
  private append(data: Uint8Array): number {
    const padding = (8 - (this.end % 8)) % 8;
    const at = this.end + padding;
    this.parts.push(new Uint8Array(padding), data);
    this.end = at + data.length;
    return this.header.isBig ? at : at % 0x100000000;
  }
}

/** An unsigned number of 2, 4 or 8 bytes. */
function writeUint(bytes: Buffer, at: number, width: number, value: number, littleEndian: boolean): void {
  if (width === 8 && littleEndian) bytes.writeBigUInt64LE(BigInt(value), at);
  else if (width === 8) bytes.writeBigUInt64BE(BigInt(value), at);
  else if (littleEndian) bytes.writeUIntLE(value, at, width);
  else bytes.writeUIntBE(value, at, width);
}
