/** Header of a GIF file: GIF89a specification. */
import type { ByteSource } from './byte-source.ts';
import type { PhotoHeader } from './photo-header.ts';
import { damaged } from './refusals.ts';

interface Frames {
  count: number;
  /** Of the first frame. */
  interlaced: boolean;
  transparent: boolean;
  coversScreen: boolean;
}

export function readGifHeader(source: ByteSource): PhotoHeader {
  const width = source.u16(6, true);
  const height = source.u16(8, true);
  if (width === 0 || height === 0) throw damaged('its header names a size of zero');
  const frames = readFrames(source, 13 + colourTableBytes(source.u8(10)), width, height);
  if (frames.count === 0) throw damaged('it has no picture in it');
  return {
    format: 'gif',
    width,
    height,
    orientation: 1,
    colour: 'rgb',
    hasAlpha: frames.transparent || !frames.coversScreen,
    bitDepth: 8,
    progressive: frames.interlaced,
    pages: frames.count,
    icc: null,
    // The canvas, and the copy of it that goes on.
    heldBytes: width * height * 4 * 2,
  };
}

function colourTableBytes(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1);
}

function readFrames(source: ByteSource, start: number, width: number, height: number): Frames {
  const frames: Frames = { count: 0, interlaced: false, transparent: false, coversScreen: true };
  let transparent = false;
  for (let at = start; source.has(at, 1);) {
    const introducer = source.u8(at);
    if (introducer === 0x21 && source.has(at, 2)) {
      if (source.u8(at + 1) === 0xf9 && source.has(at, 8)) transparent = (source.u8(at + 3) & 1) === 1;
      at = skipSubBlocks(source, at + 2);
    } else if (introducer === 0x2c && source.has(at, 11)) {
      const packed = source.u8(at + 9);
      if (frames.count === 0) {
        const [left, top, across, down] = [1, 3, 5, 7].map((offset) => source.u16(at + offset, true)) as [
          number,
          number,
          number,
          number,
        ];
        frames.interlaced = (packed & 0x40) !== 0;
        frames.transparent = transparent;
        frames.coversScreen = left === 0 && top === 0 && across >= width && down >= height;
      }
      frames.count++;
      transparent = false;
      at = skipSubBlocks(source, at + 11 + colourTableBytes(packed));
    } else {
      // The trailer, or bytes that are no GIF: what was counted so far is what a decoder will see.
      break;
    }
  }
  return frames;
}

function skipSubBlocks(source: ByteSource, start: number): number {
  let at = start;
  while (source.has(at, 1)) {
    const length = source.u8(at);
    at += 1 + length;
    if (length === 0) break;
  }
  return at;
}
