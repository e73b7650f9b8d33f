/** `enlarger library remove | check | backup`. */
import { restoreBackup } from '../core/library/backup.ts';
import { libraryFolder } from '../core/library/library-folder.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatCount } from './format.ts';
import { shownPath } from './human-text.ts';
import type { Io } from './io.ts';
import { answer, parseIds, type LibraryFlags } from './library-options.ts';
import { escapeControls } from './text.ts';
import { namedLibrary, withLibrary } from './with-library.ts';

export async function removeFromLibrary(io: Io, words: readonly string[], flags: LibraryFlags): Promise<ExitCode> {
  const ids = parseIds(words);
  return await withLibrary(io, flags, async ({ client }) => {
    const { changed } = await client.library.remove({ ids });
    answer(io, flags, { changed }, `Forgot ${formatCount(changed, 'photo')}. No file was touched.`);
    return exitCodes.done;
  });
}

/** With `restore`, first puts the newest good backup in the place of the library. Exit code 1 when something is wrong. */
export async function checkLibrary(io: Io, flags: LibraryFlags & { readonly restore?: boolean }): Promise<ExitCode> {
  if (flags.restore === true) {
    const { backup, aside } = restoreBackup(libraryFolder(namedLibrary(flags)).catalog, Date.now());
    io.say(`Restored the backup of ${new Date(backup.madeMs).toLocaleString()}.`);
    if (aside !== null) io.say(`The library as it was lies in ${shownPath(aside)}.`);
  }
  return await withLibrary(io, flags, async ({ client }) => {
    const check = await client.library.check();
    const { ok, problems, photos, backups } = check;
    const extent = `${formatCount(photos, 'photo')}, ${formatCount(backups, 'backup')}`;
    const sentence = ok
      ? `The library is whole: ${extent}.`
      : `The library is damaged (${extent}). "enlarger library check --restore" takes the newest good backup.`;
    answer(io, flags, check, [sentence, ...problems.map((problem) => `  ${escapeControls(problem)}`)].join('\n'));
    return ok ? exitCodes.done : exitCodes.failed;
  });
}

export async function backUpLibrary(io: Io, flags: LibraryFlags): Promise<ExitCode> {
  return await withLibrary(io, flags, async ({ client }) => {
    const { file, bytes } = await client.library.backup();
    answer(io, flags, { file, bytes }, `Backup in ${shownPath(file)} (${formatBytes(bytes)}).`);
    return exitCodes.done;
  });
}
