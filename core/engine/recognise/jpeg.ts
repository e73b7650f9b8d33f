/** Header of a JPEG file: ITU-T T.81 Annex B, EXIF 2.3 APP1, ICC APP2, Adobe APP14. */
import type { ByteSource } from './byte-source.ts';
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
// Longer than any padding that cameras write between segments.
const longestGarbageBytes = 64 * 1024;
const longestIccBytes = 16 * 1024 * 1024;

export function readJpegHeader(source: ByteSource): PhotoHeader {
  let orientation: number | null = null;
  let frame: Frame | null = null;
  const icc = new Map<number, Uint8Array>();
  let iccBytes = 0;
  for (let at = 2; ;) {
    const marker = nextMarker(source, at);
    at = marker.end;
    if (isStandalone(marker.code)) continue;
    if (marker.code === 0xd9) throw damaged('it ends before its picture begins');
    const length = source.u16(at);
    if (length < 2) throw damaged('a part of its header has no length');
    const start = at + 2;
    const bytes = length - 2;
    if (isFrame(marker.code)) {
      frame = readFrame(source, marker.code, start, bytes);
    } else if (marker.code === 0xe1 && orientation === null && bytes >= 14 && source.text(start, 6) === 'Exif\0\0') {
      orientation = exifOrientation(source, start + 6);
    } else if (marker.code === 0xe2 && bytes > 14 && iccBytes < longestIccBytes && source.text(start, 12) === 'ICC_PROFILE\0') {
      const sequence = source.u8(start + 12);
      if (!icc.has(sequence)) icc.set(sequence, source.bytes(start + 14, bytes - 14).slice());
      iccBytes += bytes - 14;
    } else if (marker.code === 0xda) {
      if (frame === null) throw damaged('its header names no size');
      return toHeader(frame, source.u8(start), orientation ?? 1, joinIcc(icc));
    }
    at += length;
  }
}

function nextMarker(source: ByteSource, from: number): { code: number; end: number } {
  let at = from;
  const limit = from + longestGarbageBytes;
  while (source.u8(at) !== 0xff) {
    if (++at > limit) throw damaged('its header is broken off');
  }
  while (source.u8(at) === 0xff) {
    if (++at > limit) throw damaged('its header is broken off');
  }
  return { code: source.u8(at), end: at + 1 };
}

/** Markers without a segment: stuffed zero, TEM, restart markers and a repeated start of image. */
function isStandalone(code: number): boolean {
  return code === 0x00 || code === 0x01 || (code >= 0xd0 && code <= 0xd8);
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
