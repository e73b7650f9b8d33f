/** Header of a PNG file: PNG specification, third edition (eXIf, acTL, cICP included). */
import { inflateSync } from 'node:zlib';
import type { ByteSource } from '../container/byte-source.ts';
import { type PngChunk, pngChunks } from '../container/png-chunks.ts';
import { exifOrientation } from './exif-orientation.ts';
import type { Chromaticities } from '../colour/matrix-profile.ts';
import type { Cicp, PhotoHeader, PngColours } from './photo-header.ts';
import { damaged, unsupported } from './refusals.ts';

/** Samples a pixel by colour type; a palette index becomes three. */
const colourTypes: Readonly<Record<number, { samples: number; depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 3, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};
/** gAMA and cHRM count hundred-thousandths. */
const fraction = 100_000;
const longestIccBytes = 4 * 1024 * 1024;

interface Ancillary {
  transparency: boolean;
  palette: boolean;
  orientation: number;
  frames: number;
  icc: Uint8Array | null;
  cicp: Cicp | null;
  isSrgb: boolean;
  colours: PngColours;
}

export function readPngHeader(source: ByteSource): PhotoHeader {
  if (source.text(12, 4) === 'CgBI') throw unsupported('a PNG of an iPhone app (CgBI)');
  if (source.u32(8) !== 13 || source.text(12, 4) !== 'IHDR') throw damaged('it does not begin with its size');
  const width = source.u32(16);
  const height = source.u32(20);
  const bitDepth = source.u8(24);
  const colourType = source.u8(25);
  const interlaced = source.u8(28) === 1;
  const colour = colourTypes[colourType];
  if (width === 0 || height === 0 || width > 0x7fffffff || height > 0x7fffffff)
    throw damaged('its header names an impossible size');
  if (!colour?.depths.includes(bitDepth)) throw damaged('its header names an impossible colour type');
  if (source.u8(26) !== 0 || source.u8(27) !== 0 || source.u8(28) > 1) throw damaged('its header names an unknown compression');

  const found = readChunks(source, colourType);
  const alpha = colourType >= 4 || found.transparency;
  const samples = colour.samples + (alpha && colourType < 4 ? 1 : 0);
  // The picture that the passes fill, and the copy that goes on from there.
  const heldBytes = interlaced ? width * height * samples * (bitDepth === 16 ? 2 : 1) * 2 : 0;
  return {
    format: 'png',
    width,
    height,
    orientation: found.orientation,
    colour: colourType === 0 || colourType === 4 ? 'grey' : 'rgb',
    hasAlpha: alpha,
    bitDepth,
    progressive: interlaced,
    pages: found.frames,
    icc: found.icc,
    heldBytes,
    ...(found.cicp === null ? {} : { cicp: found.cicp }),
    ...(found.isSrgb || (found.colours.gamma ?? found.colours.primaries) === null ? {} : { pngColours: found.colours }),
  };
}

function readChunks(source: ByteSource, colourType: number): Ancillary {
  const found: Ancillary = {
    transparency: false,
    palette: false,
    orientation: 1,
    frames: 1,
    icc: null,
    cicp: null,
    isSrgb: false,
    colours: { gamma: null, primaries: null },
  };
  let data = false;
  // A file that ends between or inside later chunks has its header nevertheless: decoding will say that it is cut.
  for (const chunk of pngChunks(source)) {
    if (chunk.type === 'IDAT') data = true;
    else if (source.has(chunk.dataAt, chunk.dataBytes)) readChunk(source, chunk, colourType, data, found);
  }
  if (!data) throw damaged('it has no picture in it');
  return found;
}

function readChunk(
  source: ByteSource,
  { type, dataAt, dataBytes }: PngChunk,
  colourType: number,
  afterData: boolean,
  found: Ancillary,
): void {
  switch (type) {
    case 'PLTE':
      found.palette = true;
      break;
    case 'tRNS':
      if (!afterData) found.transparency = isTransparency(colourType, dataBytes, found.palette);
      break;
    case 'eXIf':
      if (dataBytes >= 8) found.orientation = exifOrientation(source, dataAt);
      break;
    case 'acTL':
      if (!afterData && dataBytes === 8) found.frames = Math.max(1, source.u32(dataAt));
      break;
    case 'iCCP':
      if (!afterData && found.icc === null) found.icc = inflateProfile(source.read(dataAt, dataBytes));
      break;
    case 'cICP':
      if (!afterData && dataBytes === 4) found.cicp = { primaries: source.u8(dataAt), transfer: source.u8(dataAt + 1) };
      break;
    case 'sRGB':
      if (!afterData && dataBytes === 1) found.isSrgb = true;
      break;
    case 'gAMA':
      if (!afterData && dataBytes === 4) found.colours = { ...found.colours, gamma: source.u32(dataAt) / fraction };
      break;
    case 'cHRM':
      if (!afterData && dataBytes === 32) found.colours = { ...found.colours, primaries: readPrimaries(source, dataAt) };
      break;
  }
}

/** White, red, green, blue, of each x and y. */
function readPrimaries(source: ByteSource, at: number): Chromaticities {
  const point = (index: number) => [source.u32(at + 8 * index) / fraction, source.u32(at + 8 * index + 4) / fraction] as const;
  return { white: point(0), red: point(1), green: point(2), blue: point(3) };
}

/** libpng ignores a tRNS chunk of the wrong length, or before the palette it belongs to. */
function isTransparency(colourType: number, length: number, palette: boolean): boolean {
  if (colourType === 3) return palette && length > 0 && length <= 256;
  return (colourType === 0 && length === 2) || (colourType === 2 && length === 6);
}

/** Profile of an iCCP chunk (name, 0, method, zlib stream), or null when it cannot be inflated within bounds. */
function inflateProfile(chunk: Uint8Array): Uint8Array | null {
  const name = chunk.subarray(0, 80).indexOf(0);
  if (name < 1) return null;
  try {
    return new Uint8Array(inflateSync(chunk.subarray(name + 2), { maxOutputLength: longestIccBytes }));
  } catch {
    // A broken profile is no reason to refuse a photo: libpng leaves it out with a warning, and so does this.
    return null;
  }
}
