/** What previews computed of results that are not made yet: one log of tiles a result, which the engine writes and checks. */
import { join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import { removed } from '../disk/tidy.ts';
import { writing } from '../disk/write-failure.ts';
import { cacheOption, type CachePlace } from './cache-place.ts';
import { bytesOf, filesByAge, trimFiles } from './files-by-age.ts';
import { isResultKey } from './result-key.ts';

export interface Previews {
  /** Where the tiles of this result are logged; the folder is there, the file may be. Counts as a use, and makes room. */
  pathFor(key: string): Promise<string>;
  /** To be called when the result is made, or not wanted any more. */
  remove(key: string): Promise<void>;
  bytes(): Promise<number>;
  /** Removes all of them; returns the bytes. */
  clear(): Promise<number>;
}

const previewPattern = /^[0-9a-f]{64}\.tiles$/;

/** `limitBytes` is asked anew each time. */
export function openPreviews(place: CachePlace, files: FileOps, limitBytes: () => number): Previews {
  const pathOf = (key: string): string => {
    if (!isResultKey(key)) throw new RangeError(`${key} is no key of a result`);
    return join(place.previews, `${key}.tiles`);
  };
  return {
    async pathFor(key) {
      const path = pathOf(key);
      await writing(files, place.previews, 1000, () => files.makeFolder(place.previews), cacheOption);
      const aged = await filesByAge(place.previews, previewPattern);
      if (aged.some((file) => file.path === path)) await files.touch(path).catch(() => undefined);
      await trimFiles(aged, limitBytes(), path, files);
      return path;
    },
    async remove(key) {
      await removed(files.unlink(pathOf(key)));
    },
    async bytes() {
      return bytesOf(await filesByAge(place.previews, previewPattern));
    },
    async clear() {
      const aged = await filesByAge(place.previews, previewPattern);
      return bytesOf(aged) - (await trimFiles(aged, 0, '', files));
    },
  };
}
