/** Header of a WebP file: RFC 9649. */
import { type ByteSource, readLimitBytes } from '../container/byte-source.ts';
import { jpegKind } from '../container/jpeg-segments.ts';
import { riffChunks } from '../container/riff-chunks.ts';
import { exifOrientation } from './exif-orientation.ts';
import type { PhotoHeader } from './photo-header.ts';
import { damaged } from './refusals.ts';

interface Bitstream {
  readonly width: number;
  readonly height: number;
  readonly alpha: boolean;
}

interface Chunks {
  orientation: number;
  frames: number;
  icc: Uint8Array | null;
  still: Bitstream | null;
}

const flag = { animation: 0x02, alpha: 0x10 } as const;

export function readWebpHeader(source: ByteSource): PhotoHeader {
  const extended = source.text(12, 4) === 'VP8X';
  const found = readChunks(source);
  const size = extended ? readCanvas(source) : found.still;
  if (size === null) throw damaged('it has no picture in it');
  if (extended && found.still === null && found.frames === 0) throw damaged('it has no picture in it');
  return {
    format: 'webp',
    width: size.width,
    height: size.height,
    orientation: found.orientation,
    colour: 'rgb',
    hasAlpha: size.alpha || (found.still?.alpha ?? false),
    bitDepth: 8,
    progressive: false,
    pages: Math.max(1, found.frames),
    icc: found.icc,
    // The decoder writes the whole frame in RGBA, and lossless ones keep a second copy; measured: 8.1 bytes a pixel.
    heldBytes: size.width * size.height * 9,
  };
}

function readCanvas(source: ByteSource): Bitstream {
  const flags = source.u8(20);
  return {
    width: 1 + u24(source, 24),
    height: 1 + u24(source, 27),
    alpha: (flags & flag.alpha) !== 0,
  };
}

function readChunks(source: ByteSource): Chunks {
  const found: Chunks = { orientation: 1, frames: 0, icc: null, still: null };
  for (const { type, dataAt, dataBytes } of riffChunks(source)) {
    switch (type) {
      case 'VP8 ':
        found.still ??= readLossy(source, dataAt);
        break;
      case 'VP8L':
        found.still ??= readLossless(source, dataAt);
        break;
      case 'ANMF':
        found.frames++;
        break;
      case 'ICCP':
        if (dataBytes <= readLimitBytes && source.has(dataAt, dataBytes)) found.icc ??= source.read(dataAt, dataBytes);
        break;
      case 'EXIF': {
        // Some writers keep the prefix of JPEG's APP1.
        const { prefix } = jpegKind.exif;
        const hasPrefix = source.has(dataAt, prefix.length) && source.text(dataAt, prefix.length) === prefix;
        found.orientation = exifOrientation(source, hasPrefix ? dataAt + prefix.length : dataAt);
        break;
      }
    }
  }
  return found;
}

function readLossy(source: ByteSource, start: number): Bitstream {
  if (source.text(start + 3, 3) !== '\x9d\x01\x2a') throw damaged('its picture does not begin as it should');
  return withSize(source.u16(start + 6, true) & 0x3fff, source.u16(start + 8, true) & 0x3fff, false);
}

function readLossless(source: ByteSource, start: number): Bitstream {
  if (source.u8(start) !== 0x2f) throw damaged('its picture does not begin as it should');
  const bits = source.u32(start + 1, true);
  return withSize(1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff), ((bits >>> 28) & 1) === 1);
}

function withSize(width: number, height: number, alpha: boolean): Bitstream {
  if (width === 0 || height === 0) throw damaged('its header names a size of zero');
  return { width, height, alpha };
}

function u24(source: ByteSource, at: number): number {
  return source.u16(at, true) + source.u8(at + 2) * 65536;
}
