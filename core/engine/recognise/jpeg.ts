/** Header of a JPEG file: ITU-T T.81, B.2.2 (frame header); orientation and profile from its application segments. */
import { type ByteSource, readLimitBytes } from '../container/byte-source.ts';
import { isJpegKind, jpegKind, jpegPayload, jpegSegments, startOfScan } from '../container/jpeg-segments.ts';
import { exifOrientation } from './exif-orientation.ts';
import type { PhotoHeader } from './photo-header.ts';
import { damaged, unsupported } from './refusals.ts';

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  readonly sampling: readonly { readonly horizontal: number; readonly vertical: number }[];
}

/** Baseline, extended, progressive and lossless with Huffman coding; extended and progressive with arithmetic coding. */
const supportedFrames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc9, 0xca]);

export function readJpegHeader(source: ByteSource): PhotoHeader {
  let orientation: number | null = null;
  let frame: Frame | null = null;
  const icc = new Map<number, Uint8Array>();
  let iccBytes = 0;
  for (const segment of jpegSegments(source)) {
    const { marker, dataAt, dataBytes } = segment;
    if (isFrame(marker)) {
      frame = readFrame(source, marker, dataAt, dataBytes);
    } else if (orientation === null && isJpegKind(source, segment, jpegKind.exif)) {
      orientation = exifOrientation(source, dataAt + jpegKind.exif.prefix.length);
    } else if (iccBytes < readLimitBytes && isJpegKind(source, segment, jpegKind.icc)) {
      const payload = jpegPayload(source, segment, jpegKind.icc);
      // Number of the piece, number of pieces, piece.
      const sequence = payload[0];
      if (sequence !== undefined && payload.length > 2 && !icc.has(sequence)) icc.set(sequence, payload.subarray(2));
      iccBytes += payload.length;
    } else if (marker === startOfScan) {
      if (frame === null) throw damaged('its header names no size');
      return toHeader(frame, source.u8(dataAt), orientation ?? 1, joinIcc(icc));
    }
  }
  throw damaged('it ends before its picture begins');
}

function isFrame(code: number): boolean {
  return code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
}

function readFrame(source: ByteSource, code: number, start: number, bytes: number): Frame {
  if (!supportedFrames.has(code))
    throw unsupported('a JPEG of an uncommon kind (hierarchical, or lossless with arithmetic coding)');
  if (bytes < 6) throw damaged('its header names no size');
  const precision = source.u8(start);
  if (precision > 8 && precision <= 16) throw unsupported(`a JPEG of ${String(precision)} bits a sample`);
  if (precision !== 8) throw damaged('its header names an impossible depth');
  const height = source.u16(start + 1);
  const width = source.u16(start + 3);
  if (width === 0 || height === 0) throw damaged('its header names a size of zero');
  const components = source.u8(start + 5);
  if (components !== 1 && components !== 3 && components !== 4) throw unsupported(`a JPEG of ${String(components)} components`);
  if (bytes < 6 + components * 3) throw damaged('its header is incomplete');
  const sampling = Array.from({ length: components }, (_, index) => {
    const factors = source.u8(start + 6 + index * 3 + 1);
    const horizontal = factors >> 4;
    const vertical = factors & 15;
    if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4)
      throw damaged('its header names an impossible sampling');
    return { horizontal, vertical };
  });
  return { width, height, progressive: code === 0xc2 || code === 0xca, sampling };
}

function toHeader(frame: Frame, componentsInScan: number, orientation: number, icc: Uint8Array | null): PhotoHeader {
  const components = frame.sampling.length;
  // Also a baseline picture in several scans makes the decoder keep every coefficient until the last one.
  const progressive = frame.progressive || componentsInScan < components;
  return {
    format: 'jpeg',
    width: frame.width,
    height: frame.height,
    orientation,
    colour: components === 1 ? 'grey' : components === 3 ? 'rgb' : 'cmyk',
    hasAlpha: false,
    bitDepth: 8,
    progressive,
    pages: 1,
    icc,
    heldBytes: progressive ? coefficientBytes(frame) : 0,
  };
}

/** Two bytes for each DCT coefficient of each component at its real sampling, blocks and MCUs rounded up. */
function coefficientBytes(frame: Frame): number {
  const mostHorizontal = Math.max(...frame.sampling.map((factors) => factors.horizontal));
  const mostVertical = Math.max(...frame.sampling.map((factors) => factors.vertical));
  const across = Math.ceil(frame.width / (8 * mostHorizontal));
  const down = Math.ceil(frame.height / (8 * mostVertical));
  const blocks = frame.sampling.reduce((sum, factors) => sum + across * factors.horizontal * down * factors.vertical, 0);
  return blocks * 64 * 2;
}

function joinIcc(chunks: ReadonlyMap<number, Uint8Array>): Uint8Array | null {
  if (chunks.size === 0) return null;
  const ordered = [...chunks.entries()].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
  return new Uint8Array(Buffer.concat(ordered));
}
