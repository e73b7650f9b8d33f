/**
 * One baseline JPEG from bands that are encoded side by side. A restart marker (ITU-T T.81, E.1.4) makes whatever
 * follows independent of what came before, so the scans of bands, each a JPEG of its own, put one behind the other with
 * restart markers between them are the scan of the whole picture: the same coefficients, so the same pixels.
 */
import { jpegSegments, startOfScan } from '../container/jpeg-segments.ts';
import { ByteSource } from '../container/byte-source.ts';
import { mapAhead } from './map-ahead.ts';

/** Most blocks between two restart markers: their number has 16 bits. */
const intervalLimit = 0xffff;
const endOfImageBytes = 2;

export interface Band {
  readonly top: number;
  readonly rows: number;
}

/**
 * Rows of a band: a multiple of `multiple`, which 16 must divide, with at most `most` rows and no more blocks than a
 * restart interval holds. 0 when not even `multiple` rows fit.
 */
export function bandRows(
  width: number,
  { multiple, most, blockSide }: { multiple: number; most: number; blockSide: 8 | 16 },
): number {
  const fitting = Math.floor(intervalLimit / Math.ceil(width / blockSide)) * blockSide;
  return Math.floor(Math.min(most, fitting) / multiple) * multiple;
}

/** The bands of a picture of so many rows, from its top; the last one may be lower. */
export function bandsOf(height: number, rows: number): Band[] {
  const count = Math.ceil(height / rows);
  return Array.from({ length: count }, (_, index) => ({ top: index * rows, rows: Math.min(rows, height - index * rows) }));
}

/**
 * Yields a JPEG from its beginning: first everything up to its first scan's data, then one part for each band.
 * `encode` makes a whole baseline JPEG of a band, with Huffman tables that do not depend on its pixels; up to `atOnce`
 * bands are encoded at a time. `blockSide` is that of a minimum coded unit: 8, or 16 where chroma is halved.
 */
export async function* jpegOfBands(
  { width, height }: { width: number; height: number },
  bands: readonly Band[],
  { encode, atOnce, blockSide }: { encode: (band: Band) => Promise<Buffer>; atOnce: number; blockSide: 8 | 16 },
): AsyncGenerator<Buffer, void, undefined> {
  const interval = Math.ceil(width / blockSide) * Math.ceil((bands[0]?.rows ?? 0) / blockSide);
  let head: Buffer | null = null;
  let index = 0;
  for await (const jpeg of mapAhead(bands, encode, atOnce)) {
    const { frameHeightAt, scanAt, dataAt } = partsOf(jpeg);
    jpeg.writeUInt16BE(height, frameHeightAt);
    const own = jpeg.subarray(0, dataAt);
    if (head === null) {
      head = own;
      yield Buffer.concat([own.subarray(0, scanAt), restartInterval(interval), own.subarray(scanAt)]);
    } else {
      if (!head.equals(own)) throw new Error('the bands of a JPEG have different headers');
      yield Buffer.from([0xff, 0xd0 + ((index - 1) % 8)]);
    }
    index += 1;
    const isLast = index === bands.length;
    yield jpeg.subarray(dataAt, isLast ? jpeg.length : jpeg.length - endOfImageBytes);
  }
}

function restartInterval(blocks: number): Buffer {
  const segment = Buffer.from([0xff, 0xdd, 0, 4, 0, 0]);
  segment.writeUInt16BE(blocks, 4);
  return segment;
}

/** Where the height stands, where the scan's header begins, and where the data behind it does. */
function partsOf(jpeg: Buffer): { frameHeightAt: number; scanAt: number; dataAt: number } {
  let frameHeightAt: number | null = null;
  for (const segment of jpegSegments(new ByteSource(jpeg, jpeg.length))) {
    if (segment.marker === 0xc0) frameHeightAt = segment.dataAt + 1;
    if (segment.marker === startOfScan && frameHeightAt !== null)
      return { frameHeightAt, scanAt: segment.start, dataAt: segment.end };
  }
  throw new Error('a band is not a baseline JPEG');
}
