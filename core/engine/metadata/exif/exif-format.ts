/** Numbers of TIFF 6.0, Exif 2.32 and BigTIFF. */
import { jpegKind } from '../../container/jpeg-segments.ts';
import { bytesOfType } from '../../container/tiff-structure.ts';

/** Bytes that change places together when the byte order changes (a rational is two words). */
export function wordBytesOfType(type: number): number {
  return type === 5 || type === 10 ? 4 : (bytesOfType(type) ?? 1);
}

export const fieldType = {
  byte: 1,
  ascii: 2,
  short: 3,
  long: 4,
  rational: 5,
  undefined: 7,
  ifd: 13,
  long8: 16,
  ifd8: 18,
} as const;

export const tag = {
  imageWidth: 0x100,
  imageLength: 0x101,
  stripOffsets: 0x111,
  orientation: 0x112,
  stripByteCounts: 0x117,
  xResolution: 0x11a,
  yResolution: 0x11b,
  resolutionUnit: 0x128,
  thumbnailOffset: 0x201,
  thumbnailBytes: 0x202,
  xmp: 0x2bc,
  iptc: 0x83bb,
  photoshop: 0x8649,
  exifIfd: 0x8769,
  icc: 0x8773,
  gpsIfd: 0x8825,
  makerNote: 0x927c,
  colorSpace: 0xa001,
  pixelXDimension: 0xa002,
  pixelYDimension: 0xa003,
  interopIfd: 0xa005,
  focalPlaneXResolution: 0xa20e,
  focalPlaneYResolution: 0xa20f,
  dngPrivateData: 0xc634,
  padding: 0xea1c,
} as const;

/**
 * IFD0 tags that describe how some other file stores its pixels (or blocks that travel on their own:
 * XMP, IPTC, Photoshop, ICC). They are never carried over: the new container says all that itself.
 * Georeferencing is among them because its pixel scale is wrong after a change of size.
 */
export function isStorageTag(id: number): boolean {
  return storageTags.has(id) || (id >= 0x5012 && id <= 0x502f); // 0x5012.. are the thumbnail tags of GDI+
}

const storageTags = new Set([
  0xfe, 0xff, 0x102, 0x103, 0x106, 0x107, 0x108, 0x109, 0x10a, 0x111, 0x115, 0x116, 0x117, 0x118, 0x119, 0x11c, 0x120,
  0x121, 0x122, 0x123, 0x124, 0x125, 0x13d, 0x140, 0x141, 0x142, 0x143, 0x144, 0x145, 0x146, 0x147, 0x148, 0x14a, 0x14c,
  0x14d, 0x14e, 0x150, 0x151, 0x152, 0x153, 0x154, 0x155, 0x156, 0x157, 0x158, 0x159, 0x15a, 0x15b, 0x190, 0x191, 0x192,
  0x193, 0x1b1, 0x1b3, 0x200, 0x201, 0x202, 0x203, 0x205, 0x206, 0x207, 0x208, 0x209, 0x211, 0x212, 0x214, 0x22f, 0x2bc,
  0x83bb, 0x8649, 0x8773, 0x830e, 0x8480, 0x8482, 0x85d8, 0x87af, 0x87b0, 0x87b1, 0xa480, 0xa481,
]); // prettier-ignore

/** Tags beside the GPS IFD in which a position can hide: vendors store it in maker notes and private data. */
export function mayHidePosition(id: number): boolean {
  return id === tag.gpsIfd || id === tag.makerNote || id === tag.dngPrivateData || id === tag.padding;
}

/** Some writers put JPEG's `Exif\0\0` before the block in PNG and WebP too. */
export function withoutJpegPrefix(data: Buffer): Buffer {
  const { prefix } = jpegKind.exif;
  return data.toString('latin1', 0, prefix.length) === prefix ? data.subarray(prefix.length) : data;
}
