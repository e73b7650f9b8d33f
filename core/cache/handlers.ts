/** The calls of the contract about the cache. */
import type { Handlers } from '../api/contract.ts';
import type { Cache } from './cache.ts';

export interface CacheService {
  readonly cache: Pick<Cache, 'status' | 'clear' | 'setLimit'>;
  /** Keys of results that were accepted and not exported. */
  readonly pinnedKeys: () => ReadonlySet<string>;
  /** Keeps the limit for the next start. */
  readonly rememberLimit: (limitBytes: number) => void;
  /** Has the cache lie there from the next start on; null: at its usual place. Throws `not-found`, `not-writable`, `disk-full`. */
  readonly rememberPlace: (folderGrant: string | null) => Promise<void>;
}

export function cacheHandlers({ cache, pinnedKeys, rememberLimit, rememberPlace }: CacheService): Handlers<'cache'> {
  return {
    async status() {
      const { results, thumbnails, limitBytes } = await cache.status(pinnedKeys());
      return {
        results: results.count,
        bytes: results.bytes,
        limitBytes,
        pinnedBytes: results.pinnedBytes,
        thumbnails: thumbnails.count,
        thumbnailBytes: thumbnails.bytes,
      };
    },
    clear: async () => ({ freedBytes: await cache.clear({ pinned: pinnedKeys() }) }),
    setLimit({ limitBytes }) {
      rememberLimit(limitBytes);
      cache.setLimit(limitBytes);
      return Promise.resolve({});
    },
    async setPlace({ folder }) {
      await rememberPlace(folder);
      return {};
    },
  };
}
