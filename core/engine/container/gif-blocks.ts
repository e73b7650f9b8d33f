/** Blocks of a GIF: GIF89a specification. */
import type { ByteSource } from './byte-source.ts';
import { MalformedContainer } from './malformed-container.ts';

export interface GifBlock {
  readonly kind: 'extension' | 'image';
  readonly start: number;
  /** First of the data sub-blocks. */
  readonly subBlocksAt: number;
  /** Behind the sub-block of length zero, or null when the file ends before it. */
  readonly end: number | null;
}

/**
 * Extensions and images up to the trailer, or to the end of a file without one. Throws `MalformedContainer` behind
 * an incomplete block, which is yielded when its head is there, and at bytes that are no block.
 */
export function* gifBlocks(source: ByteSource): Generator<GifBlock> {
  for (let at = 13 + colourTableBytes(source.u8(10)); source.has(at, 1);) {
    const introducer = source.u8(at);
    if (introducer === 0x3b) return;
    if (introducer !== 0x21 && introducer !== 0x2c) throw new MalformedContainer('it has an unknown part');
    const isExtension = introducer === 0x21;
    if (!source.has(at, isExtension ? 2 : 11)) throw new MalformedContainer('it ends too early');
    // An image's head has 10 bytes; its colour table follows, then the size of a code.
    const subBlocksAt = at + (isExtension ? 2 : 11 + colourTableBytes(source.u8(at + 9)));
    const end = subBlocksEnd(source, subBlocksAt);
    yield { kind: isExtension ? 'extension' : 'image', start: at, subBlocksAt, end };
    if (end === null) throw new MalformedContainer('it ends too early');
    at = end;
  }
}

/** Bytes of the colour table that the packed field of a screen or an image announces. */
function colourTableBytes(packed: number): number {
  return (packed & 0x80) === 0 ? 0 : 3 * 2 ** ((packed & 7) + 1);
}

function subBlocksEnd(source: ByteSource, start: number): number | null {
  for (let at = start; source.has(at, 1);) {
    const length = source.u8(at);
    at += 1 + length;
    if (length === 0) return at;
  }
  return null;
}
