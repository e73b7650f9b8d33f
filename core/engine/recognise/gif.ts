/** Header of a GIF file: GIF89a specification. */
import type { ByteSource } from '../container/byte-source.ts';
import { gifBlocks } from '../container/gif-blocks.ts';
import { nullIfMalformed } from '../container/malformed-container.ts';
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
  const frames = readFrames(source, width, height);
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

function readFrames(source: ByteSource, width: number, height: number): Frames {
  const frames: Frames = { count: 0, interlaced: false, transparent: false, coversScreen: true };
  // Behind bytes that are no GIF, what was counted so far is what a decoder will see.
  nullIfMalformed(() => {
    let transparent = false;
    for (const { kind, start } of gifBlocks(source)) {
      if (kind === 'extension') {
        if (source.u8(start + 1) === 0xf9 && source.has(start, 8)) transparent = (source.u8(start + 3) & 1) === 1;
        continue;
      }
      if (frames.count === 0) {
        const [left = 0, top = 0, across = 0, down = 0] = [1, 3, 5, 7].map((offset) => source.u16(start + offset, true));
        frames.interlaced = (source.u8(start + 9) & 0x40) !== 0;
        frames.transparent = transparent;
        frames.coversScreen = left === 0 && top === 0 && across >= width && down >= height;
      }
      frames.count++;
      transparent = false;
    }
  });
  return frames;
}
