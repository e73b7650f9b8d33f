/** `enlarger cache status | clear | limit`. */
import { emptyEnhanceCache } from './enhance-cache.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatCount } from './format.ts';
import type { Io } from './io.ts';
import { answer, type LibraryFlags } from './library-options.ts';
import { UsageError } from './usage-error.ts';
import { withLibrary } from './with-library.ts';

export async function cacheStatus(io: Io, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    const status = await client.cache.status();
    const { results, bytes, limitBytes, pinnedBytes, thumbnails, thumbnailBytes } = status;
    const pinned = pinnedBytes === 0 ? '' : `, ${formatBytes(pinnedBytes)} of them accepted and not exported`;
    answer(
      io,
      flags,
      status,
      `${formatCount(results, 'result')} (${formatBytes(bytes)}${pinned}), ${formatCount(thumbnails, 'thumbnail')} (${formatBytes(thumbnailBytes)}); at most ${formatBytes(limitBytes)} in all.`,
    );
    return exitCodes.done;
  });
}

export async function clearCache(io: Io, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    const { freedBytes: ofLibrary } = await client.cache.clear();
    const freedBytes = ofLibrary + (await emptyEnhanceCache());
    answer(io, flags, { freedBytes }, `${formatBytes(freedBytes)} freed. Results that are accepted and not exported stay.`);
    return exitCodes.done;
  });
}

/** Takes effect at once, and for every later command on this library. */
export async function limitCache(io: Io, size: string, flags: LibraryFlags): Promise<ExitCode> {
  const limitBytes = parseBytes(size);
  return await withLibrary(io, flags, async ({ client }) => {
    await client.cache.setLimit({ limitBytes });
    answer(io, flags, { limitBytes }, `The cache may hold ${formatBytes(limitBytes)} from now on.`);
    return exitCodes.done;
  });
}

const units: Readonly<Record<string, number>> = { mb: 1e6, gb: 1e9, tb: 1e12 };

/** `500MB`, `20 GB`, `1.5TB`; decimal units, as disks are sold. */
export function parseBytes(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?) ?(MB|GB|TB)$/i.exec(text) ?? [];
  const bytes = Number(number) * (units[unit.toLowerCase()] ?? 0);
  if (bytes <= 0) throw new UsageError(`A size is written like 500MB, 20GB or 1.5TB, not "${text}".`);
  return Math.round(bytes);
}
