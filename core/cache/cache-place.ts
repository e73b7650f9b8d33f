/** Where things lie in a cache folder. */
import { join } from 'node:path';
import { namesIn } from '../disk/tidy.ts';

export interface CachePlace {
  readonly directory: string;
  /** `<2 hex>/<key>/`: finished results. */
  readonly results: string;
  /** `<2 hex>/<sha256>-<orientation>.thumb` */
  readonly thumbnails: string;
  /** `<key>.tiles`: what previews computed. */
  readonly previews: string;
  /** `<run>-<n>`: what is being made, and what is being removed. */
  readonly drafts: string;
  /** `<key>.<run>-<n>`: empty files that say who is using a result. */
  readonly leases: string;
  /** `<run>.json`: who uses this folder. */
  readonly runs: string;
}

export function cachePlace(directory: string): CachePlace {
  return {
    directory,
    results: join(directory, 'results'),
    thumbnails: join(directory, 'thumbnails'),
    previews: join(directory, 'previews'),
    drafts: join(directory, 'drafts'),
    leases: join(directory, 'leases'),
    runs: join(directory, 'runs'),
  };
}

/** How the user puts the cache somewhere else. */
export const cacheOption = 'ENLARGER_CACHE or --library';

/** The folders `00` to `ff` that keep any one folder from growing too large. */
export async function shardsIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name));
}
