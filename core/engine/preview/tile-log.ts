/**
 * Tiles that previews made, in one file that only grows: a header that says of what, then records. A tile that is not as it was written is not
 * there; neither is what follows a torn record, nor anything made of other parts.
 *
 * Header: "ENTL", version, 32 bytes of digest. Record: pass, column, row, bytes and CRC-32 of its samples, CRC-32 of these five numbers; then the
 * samples as they lie in memory. Numbers have 32 bits, little-endian.
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';
import { canonicalJson } from '../../photo/canonical-json.ts';
import type { ResultParts } from '../../photo/result.ts';
import type { KnownTiles } from '../network/enlarge-raster.ts';
import type { Samples } from '../raster/raster.ts';
import { withScratchErrors } from '../raster/scratch-error.ts';

const magic = Buffer.from('ENTL\x01\0\0\0', 'latin1');
const recordHeadBytes = 24;
const checkedHeadBytes = 20;

/** What all tiles of a log have in common: everything that decides their pixels, and the grid they are of. */
export function logDigest(parts: Omit<ResultParts, 'resize'>, tileSide: number): Buffer {
  const { sourceSha256, orientation, modelSha256, strength, pixelVersion } = parts;
  const common = { sourceSha256, orientation, modelSha256, strength, pixelVersion, tileSide, order: endianness() };
  return createHash('sha256').update(canonicalJson(common)).digest();
}

interface Place {
  readonly at: number;
  readonly bytes: number;
  readonly crc32: number;
}

export class TileLog {
  readonly #file: number;
  readonly #places = new Map<string, Place>();
  /** Where the next record goes. */
  #end: number;

  private constructor(file: number, headerBytes: number) {
    this.#file = file;
    this.#end = headerBytes;
    this.#scan();
  }

  /** Opens a log to read it; null when there is none of these tiles. */
  static read(path: string, digest: Buffer): TileLog | null {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      return null; // No log, or one that cannot be read: the tiles are made again.
    }
    const header = Buffer.concat([magic, digest]);
    if (isOf(file, header)) return new TileLog(file, header.length);
    closeSync(file);
    return null;
  }

  /** Opens a log to read it and add to it; begins a new one when there is none of these tiles. Throws `disk-full` or `not-writable`. */
  static append(path: string, digest: Buffer): TileLog {
    const header = Buffer.concat([magic, digest]);
    return withScratchErrors(() => {
      const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      if (!isOf(file, header)) {
        ftruncateSync(file);
        writeSync(file, header, 0, header.length, 0);
      }
      const log = new TileLog(file, header.length);
      ftruncateSync(file, log.#end);
      return log;
    });
  }

  /** Tiles of one pass over pictures of this depth. */
  pass(pass: number, bitDepth: 8 | 16): KnownTiles {
    return { take: (x, y, length) => this.take({ pass, x, y }, length, bitDepth) };
  }

  /** The `length` samples of a tile's core, or null when they are not there, or not as they were written. */
  take(tile: TileName, length: number, bitDepth: 8 | 16): Samples | null {
    const place = this.#places.get(nameOf(tile));
    if (place?.bytes !== length * (bitDepth / 8)) return null;
    const bytes = new Uint8Array(place.bytes);
    try {
      if (readSync(this.#file, bytes, 0, bytes.length, place.at) !== bytes.length || crc32(bytes) !== place.crc32) return null;
    } catch {
      return null; // The drive fails there: the tile is made again.
    }
    return bitDepth === 16 ? new Uint16Array(bytes.buffer) : bytes;
  }

  /** Adds a tile. Throws `disk-full`. */
  put(tile: TileName, samples: Samples): void {
    const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    const head = Buffer.alloc(recordHeadBytes);
    [tile.pass, tile.x, tile.y, bytes.length, crc32(bytes)].forEach((value, index) => head.writeUInt32LE(value, index * 4));
    head.writeUInt32LE(crc32(head.subarray(0, checkedHeadBytes)), checkedHeadBytes);
    const record = Buffer.concat([head, bytes]);
    withScratchErrors(() => {
      for (let done = 0; done < record.length;)
        done += writeSync(this.#file, record, done, record.length - done, this.#end + done);
    });
    this.#places.set(nameOf(tile), { at: this.#end + head.length, bytes: bytes.length, crc32: crc32(bytes) });
    this.#end += record.length;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Finds the records; their samples are checked when they are taken. */
  #scan(): void {
    const { size } = fstatSync(this.#file);
    const head = Buffer.alloc(recordHeadBytes);
    while (this.#end + head.length <= size && readSync(this.#file, head, 0, head.length, this.#end) === head.length) {
      if (head.readUInt32LE(checkedHeadBytes) !== crc32(head.subarray(0, checkedHeadBytes))) return;
      const [pass = 0, x = 0, y = 0, bytes = 0, checksum = 0] = [0, 4, 8, 12, 16].map((at) => head.readUInt32LE(at));
      const at = this.#end + head.length;
      if (at + bytes > size) return;
      this.#places.set(nameOf({ pass, x, y }), { at, bytes, crc32: checksum });
      this.#end = at + bytes;
    }
  }
}

export interface TileName {
  readonly pass: number;
  readonly x: number;
  readonly y: number;
}

function nameOf({ pass, x, y }: TileName): string {
  return `${String(pass)}:${String(x)}:${String(y)}`;
}

function isOf(file: number, header: Buffer): boolean {
  const found = Buffer.alloc(header.length);
  return readSync(file, found, 0, found.length, 0) === found.length && found.equals(header);
}
