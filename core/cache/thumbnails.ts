/**
 * Thumbnails by the content of their photo. There may be a hundred thousand, so nobody ever looks at all of them: hashes spread evenly over
 * 256 folders, and each folder keeps to its 256th of the limit by giving up its own longest unused.
 */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { errorCode, type FileOps } from '../disk/file-ops.ts';
import { writing } from '../disk/write-failure.ts';
import { thumbnailFile } from '../photo/thumbnail.ts';
import { cacheOption, shardsIn, type CachePlace } from './cache-place.ts';
import { bytesOf, filesByAge, trimFiles } from './files-by-age.ts';
import type { RunDrafts } from './run-drafts.ts';

export interface Thumbnails {
  /** A path that nothing has yet, for the engine to write to. */
  draft(): Promise<string>;
  /** Gives a draft its place; what was there is replaced. `orientation` as in the facts: the same bytes may be turned otherwise. */
  adopt(draft: string, sha256: string, orientation: number): Promise<void>;
  /** Removes a draft that came to nothing. Never rejects. */
  drop(draft: string): Promise<void>;
  /** The encoded picture, whole; null when there is none. One that is not what was written is removed. */
  read(sha256: string, orientation: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Looks at every one: seconds for a hundred thousand. */
  status(): Promise<{ readonly count: number; readonly bytes: number }>;
  /** Removes all of them; returns the bytes. */
  clear(): Promise<number>;
}

const thumbnailPattern = /^[0-9a-f]{64}-[1-8]\.thumb$/;
const shardCount = 256;
/** A folder that is full gives up a little more than it must, so that the next one need not look at it again. */
const trimTo = 0.9;
/** Others may fill the same folder: it is counted afresh after so many of ours. */
const recountAfter = 64;
/** To note down each look would cost a write for each. */
const touchAfterMs = 24 * 3600 * 1000;

/** `limitBytes` is asked anew each time. */
export function openThumbnails(place: CachePlace, files: FileOps, drafts: RunDrafts, limitBytes: () => number): Thumbnails {
  const shards = new Map<string, { bytes: number; adopted: number }>();
  const pathOf = (sha256: string, orientation: number): string | null => {
    const name = `${sha256}-${String(orientation)}.thumb`;
    return thumbnailPattern.test(name) ? join(place.thumbnails, sha256.slice(0, 2), name) : null;
  };
  const account = async (path: string, bytes: number): Promise<void> => {
    const folder = dirname(path);
    const shard = shards.get(folder) ?? { bytes: 0, adopted: recountAfter };
    shards.set(folder, shard);
    shard.bytes += bytes;
    shard.adopted += 1;
    const limit = limitBytes() / shardCount;
    if (shard.adopted <= recountAfter && shard.bytes <= limit) return;
    shard.adopted = 0;
    const aged = await filesByAge(folder, thumbnailPattern);
    shard.bytes = bytesOf(aged);
    if (shard.bytes > limit) shard.bytes = await trimFiles(aged, limit * trimTo, path, files);
  };
  return {
    draft: () => drafts.newPath('.thumb'),
    async adopt(draft, sha256, orientation) {
      const path = pathOf(sha256, orientation);
      if (path === null) throw new RangeError(`no thumbnail can be called ${sha256}-${String(orientation)}`);
      const { size } = await stat(draft);
      await writing(files, place.thumbnails, size, () => move(files, draft, path), cacheOption);
      drafts.settle(draft);
      await account(path, size);
    },
    drop: (draft) => drafts.drop(draft),
    async read(sha256, orientation) {
      const path = pathOf(sha256, orientation);
      if (path === null) return null;
      const content = await readFile(path).catch((error: unknown) => errorCode(error));
      if (content === 'ENOENT') return null;
      const picture = typeof content === 'string' ? null : checkedPicture(content);
      if (picture === null) await drafts.discard(path);
      else await touchOld(path, files);
      return picture;
    },
    async status() {
      let count = 0;
      let bytes = 0;
      for (const shard of await shardsIn(place.thumbnails)) {
        const aged = await filesByAge(join(place.thumbnails, shard), thumbnailPattern);
        count += aged.length;
        bytes += bytesOf(aged);
      }
      return { count, bytes };
    },
    async clear() {
      const { bytes } = await this.status();
      shards.clear();
      return (await drafts.discard(place.thumbnails)) ? bytes : 0;
    },
  };
}

async function move(files: FileOps, draft: string, path: string): Promise<void> {
  try {
    await files.rename(draft, path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    await files.makeFolder(dirname(path));
    await files.rename(draft, path);
  }
}

function checkedPicture(content: Buffer<ArrayBuffer>): Uint8Array<ArrayBuffer> | null {
  const { magic, headerBytes } = thumbnailFile;
  if (content.length <= headerBytes || content.toString('latin1', 0, magic.length) !== magic) return null;
  const picture = content.subarray(headerBytes);
  return crc32(picture) === content.readUInt32BE(magic.length) ? picture : null;
}

async function touchOld(path: string, files: FileOps): Promise<void> {
  try {
    if (Date.now() - (await stat(path)).mtimeMs > touchAfterMs) await files.touch(path);
  } catch {
    // A use that could not be noted down is no reason not to use it.
  }
}
