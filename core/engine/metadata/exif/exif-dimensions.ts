/** Sets the tags that say how large the picture is and which way up. All of them fit into their 12-byte entry. */
import { fieldType, tag } from './exif-format.ts';
import { type ExifEntry, type ExifLayout, layOutExif, putU16, putU32, u16, u32 } from './exif-layout.ts';

interface TrueSize {
  readonly width: number;
  readonly height: number;
  readonly convertedToSrgb: boolean;
}

/** Tags 0x1001 and 0x1002 of the interoperability directory: RelatedImageWidth and RelatedImageLength. */
const widthTags = new Set<number>([tag.imageWidth, tag.pixelXDimension, 0x1001]);
const heightTags = new Set<number>([tag.imageLength, tag.pixelYDimension, 0x1002]);

/** Changes `bytes` in place. Tags that are absent stay absent. */
export function setDimensions(bytes: Buffer, size: TrueSize): void {
  const layout = layOutExif(bytes);
  scaleFocalPlane(bytes, layout, size);
  for (const ifd of layout.ifds.filter(({ kind }) => kind !== 'thumbnail' && kind !== 'gps')) {
    for (const entry of ifd.entries) {
      if (entry.tag === tag.orientation) setInline(bytes, entry, fieldType.short, 1, layout.littleEndian);
      else if (widthTags.has(entry.tag)) setSize(bytes, entry, size.width, layout.littleEndian);
      else if (heightTags.has(entry.tag)) setSize(bytes, entry, size.height, layout.littleEndian);
      else if (entry.tag === tag.colorSpace && size.convertedToSrgb)
        setInline(bytes, entry, fieldType.short, 1, layout.littleEndian);
    }
  }
}

/** Exif 2.32 allows SHORT and LONG for all size tags: a SHORT that is too small becomes a LONG in the same four bytes. */
function setSize(bytes: Buffer, entry: ExifEntry, pixels: number, littleEndian: boolean): void {
  setInline(
    bytes,
    entry,
    entry.type === fieldType.short && pixels <= 0xffff ? fieldType.short : fieldType.long,
    pixels,
    littleEndian,
  );
}

function setInline(bytes: Buffer, entry: ExifEntry, type: number, value: number, littleEndian: boolean): void {
  putU16(bytes, entry.at + 2, type, littleEndian);
  putU32(bytes, entry.at + 4, 1, littleEndian);
  putU32(bytes, entry.at + 8, 0, littleEndian);
  if (type === fieldType.short) putU16(bytes, entry.at + 8, value, littleEndian);
  else putU32(bytes, entry.at + 8, value, littleEndian);
}

/**
 * FocalPlaneX/YResolution count pixels on the sensor's plane, so they grow with the picture; viewers compute
 * sensor size and field of view from them and PixelXDimension. Nothing happens when the size is already true.
 */
function scaleFocalPlane(bytes: Buffer, layout: ExifLayout, size: TrueSize): void {
  const entries = layout.ifds.filter(({ kind }) => kind === 'exif').flatMap((ifd) => ifd.entries);
  const sides = entries.filter(({ tag: id }) => id === tag.pixelXDimension || id === tag.pixelYDimension);
  const [x, y] = sides.map((entry) => inlineNumber(bytes, entry, layout.littleEndian));
  if (sides.length !== 2 || x === undefined || y === undefined || x === 0 || y === 0) return;
  const factor = Math.max(size.width, size.height) / Math.max(x, y);
  const isFocal = (entry: ExifEntry) => entry.tag === tag.focalPlaneXResolution || entry.tag === tag.focalPlaneYResolution;
  for (const entry of entries.filter(isFocal)) {
    if (entry.value === null || entry.type !== fieldType.rational || entry.count !== 1) continue;
    const numerator = u32(bytes, entry.value.start, layout.littleEndian) * factor;
    const denominator = u32(bytes, entry.value.start + 4, layout.littleEndian);
    // What no longer fits into 32 bits is divided below instead.
    if (numerator <= 0xffffffff) putU32(bytes, entry.value.start, Math.round(numerator), layout.littleEndian);
    else putU32(bytes, entry.value.start + 4, Math.max(1, Math.round(denominator / factor)), layout.littleEndian);
  }
}

function inlineNumber(bytes: Buffer, entry: ExifEntry, littleEndian: boolean): number {
  if (entry.count !== 1) return 0;
  if (entry.type === fieldType.short) return u16(bytes, entry.at + 8, littleEndian);
  return entry.type === fieldType.long ? u32(bytes, entry.at + 8, littleEndian) : 0;
}
