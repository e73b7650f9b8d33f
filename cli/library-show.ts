/** `enlarger library show`. */
import type { PhotoPage } from '../core/photo/library-view.ts';
import type { PhotoDetails } from '../core/photo/photo-details.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatBytes } from './format.ts';
import type { Io } from './io.ts';
import { parseIds, type LibraryFlags } from './library-options.ts';
import { withLibrary } from './with-library.ts';
import { table } from './models.ts';
import { escapeControls } from './text.ts';

/** Prints what is known of one photo. Throws `not-found`. */
export async function showPhoto(io: Io, word: string, flags: LibraryFlags): Promise<ExitCode> {
  const [id = 0] = parseIds([word]);
  return await withLibrary(io, flags, async ({ client }) => {
    const page = await client.library.show({ id });
    io.out(flags.json === true ? `${JSON.stringify(page)}\n` : photoText(page));
    return exitCodes.done;
  });
}

/** The text of `library show`: what is not known has no line. */
export function photoText(page: PhotoPage): string {
  const rows: (readonly [string, string | null])[] = [
    ['photo', String(page.id)],
    ['path', page.path],
    ['state', page.state === 'none' ? 'not enhanced' : page.state],
    ['problem', page.failure?.message ?? null],
    ['file', formatBytes(page.fileBytes)],
    ['pixels', page.width === null || page.height === null ? null : `${page.width} × ${page.height}`],
    ['format', page.facts === null ? null : `${page.facts.format}, ${page.facts.bitDepth} bits a sample`],
    ['profile', page.facts?.profileName ?? null],
    ['rating', page.rating === 0 ? null : '★'.repeat(page.rating)],
    ['favourite', page.favourite ? 'yes' : null],
    ['albums', page.albums.join(', ')],
    ...(page.details === null ? [] : detailRows(page.details)),
  ];
  const facts = table(rows.filter((row): row is [string, string] => row[1] !== null && row[1] !== ''));
  if (page.results.length === 0) return facts;
  const results = page.results.map((result) => [
    `${result.width} × ${result.height}`,
    result.state,
    result.modelId ?? 'none',
    [result.cached ? '' : 'not in the cache', result.outdated ? 'of an older version of the file' : '']
      .filter(Boolean)
      .join(', '),
  ]);
  return `${facts}\n${table([['RESULT', 'STATE', 'MODEL', ''], ...results])}`;
}

function detailRows(details: PhotoDetails): (readonly [string, string | null])[] {
  const exposure = [
    details.exposureSeconds === null ? '' : exposureText(details.exposureSeconds),
    details.fNumber === null ? '' : `f/${details.fNumber}`,
    details.iso === null ? '' : `ISO ${details.iso}`,
    details.focalLengthMm === null ? '' : `${details.focalLengthMm} mm`,
  ].filter((part) => part !== '');
  const place =
    details.latitude === null || details.longitude === null
      ? null
      : `${details.latitude.toFixed(6)}, ${details.longitude.toFixed(6)}`;
  return [
    ['taken', details.takenAt === null ? null : `${details.takenAt.replace('T', ' ')} ${details.takenZone ?? ''}`.trim()],
    ['camera', details.camera],
    ['lens', details.lens],
    ['exposure', exposure.join(', ')],
    ['place', place],
    ['title', details.title],
    ['description', details.description === null ? null : escapeControls(details.description)],
    ['keywords', details.keywords.join(', ')],
  ];
}

function exposureText(seconds: number): string {
  return seconds > 0 && seconds < 0.4 ? `1/${Math.round(1 / seconds)} s` : `${seconds} s`;
}
