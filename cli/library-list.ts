/** `enlarger library list`. */
import type { PhotoSummary } from '../core/photo/library-view.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatCount } from './format.ts';
import type { Io } from './io.ts';
import { parseListOptions, type LibraryFlags, type RawListOptions } from './library-options.ts';
import { withLibrary } from './with-library.ts';
import { table } from './models.ts';

const pageSize = 1000;

/** Prints photos page by page: a table, or one object a photo. */
export async function listLibrary(io: Io, flags: LibraryFlags & RawListOptions): Promise<ExitCode> {
  const query = parseListOptions(flags);
  return await withLibrary(io, flags, async ({ client }) => {
    let cursor: string | null = null;
    let count = 0;
    do {
      const page = await client.library.list({ ...query, cursor, limit: pageSize });
      io.out(flags.json === true ? page.photos.map(photoLine).join('') : photoTable(page.photos, count === 0));
      count += page.photos.length;
      cursor = page.nextCursor;
      // `| head` has seen enough.
    } while (cursor !== null && !io.outClosed.aborted);
    if (flags.json !== true && cursor === null) io.err(`${formatCount(count, 'photo')}.\n`);
    return exitCodes.done;
  });
}

/** The line of one photo: part of the stable contract, field for field. */
export function photoLine({ id, path, width, height, takenAt, rating, state }: PhotoSummary): string {
  return `${JSON.stringify({ id, path, width, height, takenAt, rating, state })}\n`;
}

/** The columns of a page; the first has a head. */
export function photoTable(photos: readonly PhotoSummary[], isFirst: boolean): string {
  if (photos.length === 0) return '';
  const rows = photos.map((photo) => [
    String(photo.id),
    photo.width === null || photo.height === null ? '' : `${photo.width} × ${photo.height}`,
    photo.takenAt?.replace('T', ' ').slice(0, 16) ?? '',
    '★'.repeat(photo.rating),
    photo.state === 'none' ? '' : photo.state,
    photo.path,
  ]);
  return table(isFirst ? [['ID', 'SIZE', 'TAKEN', 'RATING', 'STATE', 'PATH'], ...rows] : rows);
}
