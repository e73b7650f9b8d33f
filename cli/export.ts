/** `enlarger export`. */
import { resolve } from 'node:path';
import type { ExitCode } from './exit-codes.ts';
import { parseExportOptions, type RawExportOptions } from './export-options.ts';
import { formatBytes, formatCount } from './format.ts';
import { shownPath } from './human-text.ts';
import type { Io } from './io.ts';
import { parseChoice, type LibraryFlags } from './library-options.ts';
import { workOnLibrary, type Work } from './work-command.ts';

/** Names that a plan shows. */
const shownNames = 3;

/** Writes accepted results into a folder. Other jobs of the queue wait. */
export async function exportResults(
  io: Io,
  words: readonly string[],
  flags: LibraryFlags & RawExportOptions & { readonly album?: string },
): Promise<ExitCode> {
  const { out, settings } = parseExportOptions(flags);
  const named = parseChoice(words, flags);
  return await workOnLibrary(io, flags, { kinds: ['export'] }, async (work) => {
    const { place, lines, signal, say } = work;
    const { client, grants, queue } = place;
    const request = { folder: grants.issue(resolve(out)), settings, ...(named === null ? {} : { choice: named }) };
    const { files } = await client.export.preview(request);
    if (files.length > 0) say(previewText(files, out));
    const { jobs, skipped, refused } = await client.export.add(request);
    const inputs = await inputsOf(work);
    for (const { resultId, reason } of skipped) lines.tell({ type: 'skipped', input: inputs(resultId), reason });
    for (const { resultId, failure } of refused)
      lines.tell({ type: 'failed', input: inputs(resultId), code: failure.code, message: failure.message });
    if (jobs.length + skipped.length + refused.length === 0)
      say('Nothing is accepted yet. "enlarger review list" shows the results, "enlarger review accept" accepts them.');
    if (queue.status().paused && jobs.length > 0) say('The queue is paused; "enlarger queue resume" lets the export begin.');
    await queue.run(signal);
  });
}

/** The path of the photo behind each result. */
async function inputsOf({ place }: Work): Promise<(resultId: number) => string> {
  const { results } = await place.client.review.list();
  const photoIds = new Map(results.map(({ id, photoId }) => [id, photoId]));
  return (resultId) => place.catalog.photos.get(photoIds.get(resultId) ?? 0)?.path ?? `result ${resultId}`;
}

/** What the files will be, said before the first is made. */
export function previewText(files: readonly { readonly name: string; readonly bytes: number }[], out: string): string {
  const names = files.slice(0, shownNames).map(({ name }) => shownPath(name));
  const more = files.length > shownNames ? `, and ${String(files.length - shownNames)} more` : '';
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return `${formatCount(files.length, 'file')} for ${shownPath(out)}: ${names.join(', ')}${more}; about ${formatBytes(bytes)}.`;
}
