import { isFailureCode } from '../../photo/failure.ts';
import type { ByteSource } from './byte-source.ts';
import { entryNumber, readDirectory, readTiffHead } from './tiff-structure.ts';

const orientationTag = 0x0112;

/**
 * EXIF orientation 1..8 from the TIFF structure at `base`. A missing or senseless one is 1: a photo is not
 * refused because of its EXIF, and decoders do the same.
 */
export function exifOrientation(source: ByteSource, base: number): number {
  try {
    const head = readTiffHead(source, base);
    if (head === null) return 1;
    const { entries } = readDirectory(source, head, head.firstDirectory);
    return validOrientation(entryNumber(source, head, entries.get(orientationTag)));
  } catch (thrown) {
    if (isFailureCode(thrown, 'damaged')) return 1;
    throw thrown;
  }
}

/** `value` when it is one of the eight orientations, else 1. */
export function validOrientation(value: number | undefined): number {
  return value !== undefined && value >= 1 && value <= 8 ? value : 1;
}
