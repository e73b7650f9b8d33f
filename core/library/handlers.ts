/** The calls of the contract about photos and albums. */
import type { Handlers } from '../api/contract.ts';
import { EnlargerError } from '../photo/failure.ts';
import type { RootView } from '../photo/library-view.ts';
import type { Catalog } from './catalog.ts';
import type { Scanner } from './scan.ts';

export interface LibraryService {
  readonly catalog: Pick<Catalog, 'photos' | 'albums' | 'results' | 'check' | 'backup'>;
  readonly scanner: Scanner;
  /** The path behind a grant. Throws `not-found`. */
  readonly resolve: (grant: string) => string;
  /** Which of these results have their pixels in the cache. */
  readonly cachedKeys: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Told when there are about to be new photos. */
  readonly onAdding?: () => void;
  /** Told when folders were added, forgotten, or are to be watched otherwise. */
  readonly onRootsChanged?: () => void;
}

export function libraryHandlers(service: LibraryService): Handlers<'library'> {
  const { catalog, scanner, onAdding, onRootsChanged } = service;
  const { photos } = catalog;
  return {
    async add({ grants, recursive, watch }) {
      const paths = grants.map(service.resolve);
      onAdding?.();
      const report = await scanner.add(paths, { recursive, watch });
      onRootsChanged?.();
      return report;
    },
    rescan: () => scanner.scan(),
    list: (query) => answer(() => photos.list(query)),
    count: (filter) => answer(() => ({ count: photos.count(filter) })),
    outline: (filter) => answer(() => photos.outline(filter)),
    some: ({ ids }) => answer(() => ({ photos: photos.some(ids) })),
    async show({ id }) {
      const keys = catalog.results.list({ photoIds: [id] }).map(({ key }) => key);
      const cached = await service.cachedKeys(keys);
      return photos.page(id, (key) => cached.has(key));
    },
    rate: ({ ids, rating }) => answer(() => ({ changed: photos.rate(ids, rating) })),
    favour: ({ ids, favourite }) => answer(() => ({ changed: photos.favour(ids, favourite) })),
    remove: ({ ids }) => answer(() => ({ changed: photos.leaveOut(ids) })),
    roots: () => answer(() => ({ roots: photos.rootViews() })),
    watch: ({ rootId, watched }) =>
      answer(() => {
        requireRoot(photos, rootId);
        photos.setRoot(rootId, { watched });
        onRootsChanged?.();
        return {};
      }),
    forgetRoot: ({ rootId }) =>
      answer(() => {
        const { photos: changed } = requireRoot(photos, rootId);
        photos.removeRoot(rootId);
        onRootsChanged?.();
        return { changed };
      }),
    check: () =>
      answer(() => {
        const check = catalog.check();
        return { ...check, problems: [...check.problems] };
      }),
    backup: () =>
      answer(() => {
        const { path, bytes } = catalog.backup();
        return { file: path, bytes };
      }),
  };
}

function requireRoot(photos: Pick<Catalog['photos'], 'rootViews'>, rootId: number): RootView {
  const root = photos.rootViews().find(({ id }) => id === rootId);
  if (root === undefined) throw new EnlargerError('not-found', 'This folder does not belong to the library any more.');
  return root;
}

export function albumHandlers({ albums }: Pick<Catalog, 'albums'>): Handlers<'album'> {
  return {
    list: () => answer(() => ({ albums: albums.list() })),
    create: ({ name }) => answer(() => albums.create(name)),
    rename: ({ name, to }) => answer(() => albums.rename(name, to)),
    delete: ({ name }) =>
      answer(() => {
        albums.delete(name);
        return {};
      }),
    add: ({ name, ids }) => answer(() => ({ changed: albums.add(name, ids) })),
    remove: ({ name, ids }) => answer(() => ({ changed: albums.remove(name, ids) })),
  };
}

/** The catalog answers at once; whoever asks may sit behind a channel. */
async function answer<Value>(work: () => Value): Promise<Value> {
  await Promise.resolve();
  return work();
}
