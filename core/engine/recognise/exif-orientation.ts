import type { ByteSource } from '../container/byte-source.ts';
import { nullIfMalformed } from '../container/malformed-container.ts';
import { entryNumber, findEntry, readDirectory, readTiffHead } from '../container/tiff-structure.ts';

const orientationTag = 0x0112;

/**
 * EXIF orientation 1..8 from the TIFF structure at `base`. A missing or senseless one is 1: a photo is not
 * refused because of its EXIF, and decoders do the same.
 */
export function exifOrientation(source: ByteSource, base: number): number {
  const stored = nullIfMalformed(() => {
    const head = readTiffHead(source, base);
    if (head === null) return undefined;
    return entryNumber(source, head, findEntry(readDirectory(source, head, head.firstDirectory), orientationTag));
  });
  return validOrientation(stored ?? undefined);
}

/** `value` when it is one of the eight orientations, else 1. */
export function validOrientation(value: number | undefined): number {
  return value !== undefined && value >= 1 && value <= 8 ? value : 1;
}
