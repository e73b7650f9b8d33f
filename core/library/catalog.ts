/** The catalog: everything the library knows, in one file with one owner. No other part of the program knows of SQL. */
import type { JobStore } from '../photo/job.ts';
import type { Outline, ResultView } from '../photo/library-view.ts';
import type { ExportStore, PhotoStore, ResultStore } from '../photo/stores.ts';
import { albums, type Albums } from './albums.ts';
import { backUpIfDue, makeBackup } from './backup.ts';
import { listBackups, type BackupFile, type BackupReason } from './backup-files.ts';
import { noteChanges, type CatalogChanges } from './catalog-changes.ts';
import { openCatalogFile, openCatalogInMemory } from './catalog-file.ts';
import { checkCatalog, type CatalogCheck } from './check.ts';
import { exportRows } from './export-rows.ts';
import { jobRows } from './job-rows.ts';
import { migrations as released, type Migration } from './migrations.ts';
import { photoLists, type PhotoFilter, type PhotoLists } from './photo-list.ts';
import { photoOutline } from './photo-outline.ts';
import { photoRows, type PhotoRows } from './photo-rows.ts';
import { photoViews, type PhotoViews } from './photo-views.ts';
import { resultRows, resultViews } from './result-rows.ts';
import { settings, type Settings } from './settings.ts';

export type { CatalogChanges } from './catalog-changes.ts';

export interface CatalogResults extends ResultStore {
  /** As people see them. `isCached`: whether the pixels of a result with this key are there. */
  views(filter: Parameters<ResultStore['list']>[0], isCached: (key: string) => boolean): ResultView[];
}

export interface CatalogPhotos extends PhotoStore, PhotoRows, PhotoLists, PhotoViews {
  /** A whole list, as little of each photo as a grid needs. Throws `not-found` for an unknown album. */
  outline(filter: PhotoFilter): Outline;
}

export interface Catalog {
  /** Of the file, or `:memory:`. */
  readonly path: string;
  readonly photos: CatalogPhotos;
  readonly albums: Albums;
  readonly results: CatalogResults;
  readonly exports: ExportStore;
  readonly jobs: JobStore;
  readonly settings: Settings;
  /** Begins to note what lists and pages show otherwise; see catalog-changes.ts. To be called once. */
  noteChanges(onNoted: () => void): () => CatalogChanges;
  /** All that `work` changes, or nothing; on the disk when the outermost one returns. `work` must not be asynchronous. */
  transaction<Value>(work: () => Value): Value;
  /** Reads everything: about two seconds for 100,000 photos. */
  check(): CatalogCheck;
  /** Makes a backup now, reads it through, and removes the oldest beyond seven. Not for one in memory. */
  backup(reason?: BackupReason): BackupFile;
  /**
   * Makes the backup of the day where one is due. To be called when there is time, about five seconds for 100,000 photos; null when there was
   * nothing to do.
   */
  backUpIfDue(): BackupFile | null;
  close(): void;
}

export interface CatalogOptions {
  /** The file; made with its folder when there is none. `:memory:` for one that leaves nothing behind. */
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Others than the released ones, to try the next version. */
  readonly migrations?: readonly Migration[];
}

/**
 * Opens the catalog for this process alone. Throws `conflict` while another one has it, `damaged` with an offer to restore a backup,
 * `unsupported-format` for one of a newer program and for files that are none, `disk-full` and `not-writable`. What is refused is not changed.
 *
 * Nothing else in this process may open the file while it is open here, not even to read it: when a process closes any descriptor of a file, POSIX lets go
 * of all the locks that it has on it.
 */
export function openCatalog({ path, now = Date.now, migrations = released }: CatalogOptions): Catalog {
  const inMemory = path === ':memory:';
  const connection = inMemory ? openCatalogInMemory(migrations) : openCatalogFile(path, migrations, now);
  const ownSettings = settings(connection);
  return {
    path,
    photos: {
      ...photoRows(connection),
      ...photoLists(connection),
      ...photoViews(connection),
      outline: (filter) => photoOutline(connection, filter),
    },
    albums: albums(connection, now),
    results: {
      ...resultRows(connection, now),
      views: (filter, isCached) => resultViews(connection, filter, isCached),
    },
    exports: exportRows(connection, now),
    jobs: jobRows(connection, ownSettings, now),
    settings: ownSettings,
    noteChanges: (onNoted) => noteChanges(connection, onNoted),
    transaction: (work) => connection.transaction(work),
    check: () => checkCatalog(connection, inMemory ? 0 : listBackups(path).length),
    backup(reason = 'asked') {
      if (inMemory) throw new RangeError('a catalog in memory has no backups');
      return makeBackup(connection, reason, now());
    },
    backUpIfDue: () => (inMemory ? null : backUpIfDue(connection, now())),
    close: () => connection.close(),
  };
}
