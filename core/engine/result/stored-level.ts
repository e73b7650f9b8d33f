/** One picture of a stored result, read tile by tile; nothing that is not as it was written comes out. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { ResultLevel } from '../../photo/result.ts';
import { damagedResult } from './damaged-result.ts';
import type { TiledLayout } from './tiled-layout.ts';

export interface StoredLevel {
  readonly layout: TiledLayout;
  /** Of the file that the picture lies in. */
  readonly path: string;
  /** Fills `into` with the bytes of tiles `first`..`first + count − 1`, counted row by row. Throws `damaged`. */
  readTiles(first: number, count: number, into: Uint8Array): void;
  close(): void;
}

/** Opens the file of a level that must have this layout. Throws `damaged`, also when the file's size or header is another. */
export function openLevel(directory: string, level: ResultLevel, layout: TiledLayout): StoredLevel {
  const path = join(directory, level.file);
  return whole(() => {
    if (level.tileCrc32.length !== layout.columns * layout.rows || level.fileBytes !== layout.fileBytes)
      throw new Error('the manifest does not fit the picture');
    const file = openSync(path, 'r');
    try {
      if (fstatSync(file).size !== layout.fileBytes) throw new Error('the file has another size');
      const header = Buffer.alloc(layout.header.length);
      readFully(file, header, 0);
      if (!header.equals(layout.header)) throw new Error('the header is another');
    } catch (thrown) {
      closeSync(file);
      throw thrown;
    }
    return {
      layout,
      path,
      readTiles(first, count, into) {
        const bytes = into.subarray(0, count * layout.tileBytes);
        whole(() => {
          readFully(file, bytes, layout.header.length + first * layout.tileBytes);
          checkTiles(bytes, first, level, layout);
        });
      },
      close() {
        closeSync(file);
      },
    };
  });
}

const verifiedAtOnceBytes = 2 ** 20;

/** Reads every tile of a level without stopping the event loop. Throws `damaged`. Ends early, without a verdict, when the signal aborts. */
export async function verifyLevel(stored: StoredLevel, level: ResultLevel, signal: AbortSignal): Promise<void> {
  const { layout } = stored;
  const atOnce = Math.max(1, Math.floor(verifiedAtOnceBytes / layout.tileBytes));
  const buffer = Buffer.allocUnsafe(Math.min(atOnce, level.tileCrc32.length) * layout.tileBytes);
  for (let first = 0; first < level.tileCrc32.length && !signal.aborted; first += atOnce) {
    stored.readTiles(first, Math.min(atOnce, level.tileCrc32.length - first), buffer);
    await setImmediate();
  }
}

function checkTiles(bytes: Uint8Array, first: number, level: ResultLevel, { tileBytes }: TiledLayout): void {
  for (let at = 0; at < bytes.length; at += tileBytes) {
    if (crc32(bytes.subarray(at, at + tileBytes)) !== level.tileCrc32[first + at / tileBytes])
      throw new Error('a tile does not fit its checksum');
  }
}

function readFully(file: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;) {
    const got = readSync(file, bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
    if (got === 0) throw new Error('the file ends early');
    done += got;
  }
}

function whole<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (thrown) {
    throw damagedResult(thrown);
  }
}
