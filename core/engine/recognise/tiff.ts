/** Header of a TIFF or BigTIFF file: TIFF 6.0 with its technical notes. Only the first page is used. */
import { type ByteSource, readLimitBytes } from '../container/byte-source.ts';
import { nullIfMalformed } from '../container/malformed-container.ts';
import { entryNumber, findEntry, readDirectory, readTiffHead } from '../container/tiff-structure.ts';
import type { TiffDirectory, TiffHead } from '../container/tiff-structure.ts';
import { refuseCameraRaw } from './camera-raw.ts';
import { validOrientation } from './exif-orientation.ts';
import type { PhotoHeader } from './photo-header.ts';
import { damaged, unsupported } from './refusals.ts';

const tags = {
  subfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  planar: 284,
  tileWidth: 322,
  tileHeight: 323,
  inkSet: 332,
  extraSamples: 338,
  sampleFormat: 339,
  icc: 34675,
} as const;

/** None, CCITT (three), LZW, JPEG, Deflate (two), PackBits: what the decoder was built with. */
const compressions: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 7, 8, 32773, 32946]);
const maxPages = 10_000;

export function readTiffHeader(source: ByteSource): PhotoHeader {
  const head = readTiffHead(source, 0);
  if (head === null || head.firstDirectory === 0) throw damaged('it has no picture in it');
  const directory = readDirectory(source, head, head.firstDirectory);
  refuseCameraRaw(source, head, directory);
  const number = (tag: number, otherwise: number): number => entryNumber(source, head, findEntry(directory, tag)) ?? otherwise;

  const width = number(tags.width, 0);
  const height = number(tags.height, 0);
  if (width === 0 || height === 0) throw damaged('its header names a size of zero');
  const compression = number(tags.compression, 1);
  if (!compressions.has(compression)) throw unsupported(`a TIFF with compression ${String(compression)}`);
  const samples = number(tags.samples, 1);
  const bitDepth = readDepth(source, head, directory, samples);
  const colour = readColour(number(tags.photometric, samples >= 3 ? 2 : 1), samples, number(tags.inkSet, 1));
  const extra = readExtra(source, head, directory, samples - colour.samples);
  return {
    format: 'tiff',
    width,
    height,
    orientation: validOrientation(number(tags.orientation, 1)),
    colour: colour.colour,
    hasAlpha: extra.alpha,
    bitDepth,
    progressive: false,
    pages: countPages(source, head, directory),
    icc: readIcc(source, directory),
    heldBytes: largestPieceBytes(width, height, samples * Math.max(8, bitDepth), number),
    extraSamples: extra.dropped,
  };
}

function readDepth(source: ByteSource, head: TiffHead, directory: TiffDirectory, samples: number): number {
  if (samples < 1 || samples > 64) throw damaged('its header names an impossible number of channels');
  const entry = findEntry(directory, tags.bits);
  const depth = entryNumber(source, head, entry) ?? 1;
  for (let sample = 1; sample < Math.min(samples, entry?.count ?? 1); sample++) {
    if (entryNumber(source, head, entry, sample) !== depth) throw unsupported('a TIFF whose channels have different depths');
  }
  const format = entryNumber(source, head, findEntry(directory, tags.sampleFormat)) ?? 1;
  if (format === 3) throw unsupported('a TIFF of floating-point numbers', 'Save it with 16 bits a channel first.');
  // Two of the three channels of Lab go below zero.
  const lab = entryNumber(source, head, findEntry(directory, tags.photometric)) === 8;
  if (format !== 1 && format !== 4 && !(format === 2 && lab))
    throw unsupported('a TIFF of signed or complex numbers', 'Save it with 8 or 16 bits a channel first.');
  if (![1, 2, 4, 8, 16].includes(depth))
    throw unsupported(`a TIFF of ${String(depth)} bits a channel`, 'Save it with 8 or 16 bits a channel first.');
  if (depth < 8 && samples > 1)
    throw unsupported(`a colour TIFF of ${String(depth)} bits a channel`, 'Save it with 8 or 16 bits a channel first.');
  return depth;
}

function readColour(photometric: number, samples: number, inkSet: number): { colour: PhotoHeader['colour']; samples: number } {
  const known = {
    0: { colour: 'grey', samples: 1 },
    1: { colour: 'grey', samples: 1 },
    2: { colour: 'rgb', samples: 3 },
    3: { colour: 'rgb', samples: 1 },
    5: { colour: 'cmyk', samples: 4 },
    6: { colour: 'rgb', samples: 3 },
    8: { colour: 'other', samples: 3 },
  } as const;
  const found = known[photometric as keyof typeof known] as (typeof known)[keyof typeof known] | undefined;
  if (found === undefined) throw unsupported(`a TIFF with colour model ${String(photometric)}`);
  if (photometric === 5 && inkSet !== 1) throw unsupported('a TIFF of special inks');
  if (samples < found.samples) throw damaged('its header names too few channels');
  return found;
}

/** ExtraSamples 1 and 2 are alpha, which the decoder divides out where colours are multiplied by it; 0 is anything else (a saved selection). */
function readExtra(
  source: ByteSource,
  head: TiffHead,
  directory: TiffDirectory,
  count: number,
): { alpha: boolean; dropped: number } {
  if (count > 1) throw unsupported(`a TIFF with ${String(count)} extra channels`, 'Save it without the extra channels first.');
  const kind = entryNumber(source, head, findEntry(directory, tags.extraSamples));
  const alpha = count === 1 && (kind === 1 || kind === 2);
  return { alpha, dropped: alpha ? 0 : count };
}

/** Pages in the chain of directories, reduced-size copies not counted. Stops at a loop or where the file ends. */
function countPages(source: ByteSource, head: TiffHead, first: TiffDirectory): number {
  const seen = new Set([head.firstDirectory]);
  let pages = 1;
  for (let next = first.next; next !== 0 && !seen.has(next) && seen.size < maxPages && source.has(next, head.isBig ? 16 : 6);) {
    seen.add(next);
    const offset = next;
    const directory = nullIfMalformed(() => readDirectory(source, head, offset));
    // The first page is whole; a broken chain behind it costs nothing.
    if (directory === null) break;
    if (((entryNumber(source, head, findEntry(directory, tags.subfileType)) ?? 0) & 1) === 0) pages++;
    next = directory.next;
  }
  return pages;
}

function readIcc(source: ByteSource, directory: TiffDirectory): Uint8Array | null {
  const entry = findEntry(directory, tags.icc);
  if (entry === undefined || entry.count > readLimitBytes || !source.has(entry.valueAt, entry.count)) return null;
  return source.read(entry.valueAt, entry.count);
}

/** Bytes of the largest strip, or of a row of tiles, compressed and decoded: what is held at once. */
function largestPieceBytes(
  width: number,
  height: number,
  bitsPerPixel: number,
  number: (tag: number, otherwise: number) => number,
): number {
  const tileHeight = number(tags.tileHeight, 0);
  if (tileHeight > 0) {
    const tileWidth = Math.max(1, number(tags.tileWidth, width));
    return (Math.ceil(width / tileWidth) * tileWidth * tileHeight * bitsPerPixel * 2) / 8;
  }
  return (width * Math.min(height, number(tags.rowsPerStrip, height)) * bitsPerPixel * 2) / 8;
}
