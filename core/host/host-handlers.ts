/** The calls of the contract about the program around the library: what it is, and which files and folders there are to choose. */
import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Handlers } from '../api/contract.ts';
import type { Grants } from '../api/grants.ts';
import type { About, PlaceView } from '../api/host-views.ts';
import type { Catalog } from '../library/catalog.ts';
import { exportPayloadSchema } from '../photo/export-plan.ts';
import { EnlargerError } from '../photo/failure.ts';
import { createFolderBrowser } from './folder-browser.ts';
import type { HostShell } from './shell.ts';

export interface HostService {
  readonly shell: HostShell;
  readonly grants: Grants;
  readonly catalog: Pick<Catalog, 'photos' | 'jobs' | 'exports'>;
  readonly about: Pick<About, 'version' | 'libraryPath' | 'cachePath'>;
}

/** So many folders are offered again. */
const mostRecent = 12;

export function hostHandlers({ shell, grants, catalog, about }: HostService): Handlers<'host'> {
  const browser = createFolderBrowser(shell.roots, grants);
  const place = (path: string): PlaceView => ({ grant: grants.issue(path), name: basename(path) || path, path });
  /** Those that are there and may be offered, each once. */
  const present = async (paths: readonly string[]): Promise<PlaceView[]> => {
    const found = new Set<string>();
    for (const path of paths) {
      if (found.size === mostRecent) break;
      const real = await realpath(path).catch(() => null);
      if (real !== null && (await browser.allows(real))) found.add(real);
    }
    return [...found].map(place);
  };
  return {
    about: () =>
      Promise.resolve({
        ...about,
        kind: shell.kind,
        choosing: shell.choose === null ? 'browse' : 'dialog',
        reveals: shell.reveal !== null,
      }),
    async choose({ what }) {
      if (shell.choose === null) throw new EnlargerError('not-found', 'There is no dialog here. Browse the folders instead.');
      return { chosen: (await shell.choose(what)).map(place) };
    },
    browse: ({ folder }) => browser.browse(folder === null ? null : grants.resolve(folder)),
    makeFolder: ({ folder, name }) => browser.makeFolder(grants.resolve(folder), name),
    async recent() {
      const roots = catalog.photos.roots().filter(({ offline }) => !offline);
      return {
        sources: await present(roots.toReversed().map(({ path }) => path)),
        targets: await present(catalog.exports.recentFolders(10 * mostRecent)),
      };
    },
    async reveal(what) {
      if (shell.reveal === null) throw new EnlargerError('not-found', 'Files cannot be shown from here.');
      await shell.reveal('photoId' in what ? photoPath(catalog, what.photoId) : exportedPath(catalog, what.exportJobId));
      return {};
    },
  };
}

function photoPath({ photos }: HostService['catalog'], id: number): string {
  const photo = photos.get(id);
  if (photo === null) throw new EnlargerError('not-found', 'This photo is not in the library any more.');
  if (photo.offline) throw new EnlargerError('not-found', 'The photo, or its drive, is away. Connect it and try again.');
  return photo.path;
}

function exportedPath({ jobs, exports }: HostService['catalog'], jobId: number): string {
  const payload = exportPayloadSchema.safeParse(jobs.get(jobId)?.payload);
  const output = payload.success ? (exports.get(payload.data.exportId)?.output ?? null) : null;
  if (output === null) throw new EnlargerError('not-found', 'This export wrote no file, or is forgotten by now.');
  return output;
}
