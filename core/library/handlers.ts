/** The calls of the contract about photos and albums. */
import type { Handlers } from '../api/contract.ts';
import type { Catalog } from './catalog.ts';
import type { Scanner } from './scan.ts';

export interface LibraryService {
  readonly catalog: Pick<Catalog, 'photos' | 'albums' | 'results' | 'check' | 'backup'>;
  readonly scanner: Scanner;
  /** The path behind a grant. Throws `not-found`. */
  readonly resolve: (grant: string) => string;
  /** Which of these results have their pixels in the cache. */
  readonly cachedKeys: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Told after a scan: there may be photos that nobody has looked at. */
  readonly onScanned?: () => void;
  /** Told what a list or a page would show otherwise now. */
  readonly onChanged?: (ids: readonly number[]) => void;
}

export function libraryHandlers(service: LibraryService): Handlers<'library'> {
  const { catalog, scanner, onScanned = () => undefined, onChanged = () => undefined } = service;
  const { photos } = catalog;
  return {
    async add({ grants, recursive, watch }) {
      const report = await scanner.add(grants.map(service.resolve), { recursive, watch });
      onScanned();
      return report;
    },
    async rescan() {
      const report = await scanner.scan();
      onScanned();
      return report;
    },
    list: (query) => answer(() => photos.list(query)),
    count: (filter) => answer(() => ({ count: photos.count(filter) })),
    async show({ id }) {
      const keys = catalog.results.list({ photoIds: [id] }).map(({ key }) => key);
      const cached = await service.cachedKeys(keys);
      return photos.page(id, (key) => cached.has(key));
    },
    rate: ({ ids, rating }) =>
      answer(() => {
        const changed = photos.rate(ids, rating);
        onChanged(ids);
        return { changed };
      }),
    favour: ({ ids, favourite }) =>
      answer(() => {
        const changed = photos.favour(ids, favourite);
        onChanged(ids);
        return { changed };
      }),
    remove: ({ ids }) =>
      answer(() => {
        const changed = photos.remove(ids);
        onChanged(ids);
        return { changed };
      }),
    roots: () => answer(() => ({ roots: photos.rootViews() })),
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
