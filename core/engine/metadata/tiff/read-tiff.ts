/** Metadata of a TIFF or BigTIFF: directories become a self-contained EXIF block, the rest are single tags. */
import type { ByteSource } from '../../container/byte-source.ts';
import { entryNumber, readDirectory, type TiffEntry, type TiffHead } from '../../container/tiff-structure.ts';
import { attempt, blockLimitBytes, MalformedMetadata } from '../malformed.ts';
import { isStorageTag, tag } from '../exif/exif-format.ts';
import { buildExif, emptyTree, type ExifField, exifDensity, type ExifTree, isTreePointer } from '../exif/exif-tree.ts';
import { copyrightOfResources, iptcOfResources } from '../iptc/photoshop.ts';
import { emptyMetadata, type PhotoMetadata } from '../photo-metadata.ts';
import { decodeXmp } from '../text.ts';
import { readTiffField, readTiffValue, requireTiffHead } from './tiff-values.ts';

export function readTiff(source: ByteSource): PhotoMetadata {
  const meta = emptyMetadata();
  attempt(meta.problems, 'The TIFF directory', () => {
    const head = requireTiffHead(source);
    readBlocks(source, head, readDirectory(source, head, head.firstDirectory).entries, meta);
  });
  return meta;
}

function readBlocks(source: ByteSource, head: TiffHead, entries: readonly TiffEntry[], meta: PhotoMetadata): void {
  const value = (what: string, id: number) => {
    const entry = entries.find((candidate) => candidate.tag === id);
    return entry === undefined ? null : attempt(meta.problems, what, () => readTiffValue(source, entry));
  };
  const xmp = value('XMP', tag.xmp);
  meta.xmp = xmp === null ? null : attempt(meta.problems, 'XMP', () => decodeXmp(xmp));
  meta.icc = value('The ICC profile', tag.icc);
  const iptc = value('IPTC', tag.iptc);
  const resources = value('The Photoshop resources', tag.photoshop);
  meta.iptc = iptc !== null ? unswappedIptc(iptc) : resources !== null ? iptcOfResources(resources) : null;
  meta.copyright = resources === null ? null : copyrightOfResources(resources);
  const tree = readTree(source, head, entries, meta.problems);
  if (Object.values(tree).some((fields) => fields.length > 0)) meta.exif = buildExif(tree, head.littleEndian);
  meta.density =
    meta.exif === null ? null : attempt(meta.problems, 'The resolution', () => exifDensity(meta.exif ?? Buffer.alloc(0)));
}

/** IPTC declared as LONGs was byte-swapped by some writers of big-endian files. */
function unswappedIptc(iptc: Buffer): Uint8Array {
  return iptc[0] !== 0x1c && iptc[3] === 0x1c && iptc.length % 4 === 0 ? Buffer.from(iptc).swap32() : iptc;
}

function readTree(source: ByteSource, head: TiffHead, ifd0: readonly TiffEntry[], problems: string[]): ExifTree {
  const tree = emptyTree();
  let totalBytes = 0;
  const fieldsOf = (entries: readonly TiffEntry[]): ExifField[] =>
    entries.flatMap((entry) => {
      // 64-bit types exist in BigTIFF only; a descriptive tag has no use for them.
      if (isTreePointer(entry.tag) || entry.type === 16 || entry.type === 17 || entry.type === 18) return [];
      return (
        attempt(problems, `EXIF tag ${entry.tag}`, () => {
          totalBytes += entry.valueBytes ?? 0;
          if (totalBytes > blockLimitBytes) throw new MalformedMetadata('the tags are too large');
          return [readTiffField(source, entry, head.littleEndian)];
        }) ?? []
      );
    });
  const child = (what: string, entries: readonly TiffEntry[], id: number): readonly TiffEntry[] => {
    const pointer = entries.find((entry) => entry.tag === id);
    if (pointer === undefined) return [];
    const read = () => {
      const offset = entryNumber(source, head, pointer);
      if (offset === undefined) throw new MalformedMetadata('its pointer is no number');
      return readDirectory(source, head, offset).entries;
    };
    return attempt(problems, what, read) ?? [];
  };
  const exif = child('The EXIF directory', ifd0, tag.exifIfd);
  // The size is part of how a TIFF stores its pixels; in the EXIF of other formats it has no place.
  tree.ifd0 = fieldsOf(ifd0.filter(({ tag: id }) => !isStorageTag(id) && id !== tag.imageWidth && id !== tag.imageLength));
  tree.exif = fieldsOf(exif);
  tree.gps = fieldsOf(child('The GPS directory', ifd0, tag.gpsIfd));
  tree.interop = fieldsOf(child('The interoperability directory', exif, tag.interopIfd));
  return tree;
}
