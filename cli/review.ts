/** `enlarger review list | accept | reject`. */
import { EnlargerError } from '../core/photo/failure.ts';
import type { ResultView } from '../core/photo/library-view.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatCount } from './format.ts';
import type { Io } from './io.ts';
import { answer, parseResultState, parseVerdict, type LibraryFlags } from './library-options.ts';
import { withLibrary } from './with-library.ts';
import { table } from './models.ts';

/** Prints results, each under its photo's number: a table, or one object each. */
export async function listResults(io: Io, flags: LibraryFlags & { state?: string }): Promise<ExitCode> {
  const state = parseResultState(flags.state);
  return await withLibrary(io, flags, async ({ client }) => {
    const { results } = await client.review.list(state === null ? {} : { state });
    if (flags.json === true)
      for (const { id: result, photoId: id, ...rest } of results) io.out(`${JSON.stringify({ id, result, ...rest })}\n`);
    else if (results.length === 0) io.err('There are no results here yet. "enlarger queue add" and "queue run" make some.\n');
    else io.out(resultTable(results));
    return exitCodes.done;
  });
}

/** The table of `review list`. */
export function resultTable(results: readonly ResultView[]): string {
  const rows = results.map((result) => [
    String(result.photoId),
    result.state,
    `${result.width} × ${result.height}`,
    result.modelId ?? 'none',
    result.name,
    result.failure?.message ?? (result.cached || result.state === 'pending' ? '' : 'not in the cache'),
  ]);
  return table([['ID', 'STATE', 'SIZE', 'MODEL', 'NAME', ''], ...rows]);
}

/** Accepts or rejects: the newest result of each photo named, or with `--all` every one that waits for a verdict. */
export async function judgeResults(
  io: Io,
  verdict: 'accept' | 'reject',
  words: readonly string[],
  flags: LibraryFlags & { all?: boolean },
): Promise<ExitCode> {
  const photoIds = parseVerdict(words, flags.all);
  return await withLibrary(io, flags, async ({ client }) => {
    const { changed } = await client.review[verdict](
      photoIds === null ? {} : { ids: newestResults(photoIds, (await client.review.list({ photoIds })).results) },
    );
    const word = verdict === 'accept' ? 'Accepted' : 'Rejected';
    answer(io, flags, { changed }, `${word} ${formatCount(changed, 'result')}.`);
    return exitCodes.done;
  });
}

/** One result for each photo: the newest that is made. Throws `not-found` for a photo without one. */
function newestResults(photoIds: readonly number[], results: readonly ResultView[]): number[] {
  return [...new Set(photoIds)].map((photoId) => {
    const made = results.filter((result) => result.photoId === photoId && result.state !== 'pending');
    if (made.length === 0)
      throw new EnlargerError(
        'not-found',
        `Photo ${photoId} has no result to judge. "enlarger review list" shows those that have.`,
      );
    return Math.max(...made.map(({ id }) => id));
  });
}
