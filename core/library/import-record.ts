/** From rows to tasks, and from what was seen to rows. */
import { toFailure, type Failure, type FailureCode } from '../photo/failure.ts';
import type { Looked } from '../photo/engine-protocol.ts';
import type { PhotoStore } from '../photo/stores.ts';
import type { LostBatch, Task } from './import-batch.ts';
import { settleLooks, type SeenPhoto } from './import-settle.ts';
import type { LookedEntry, PhotoRows } from './photo-rows.ts';

/** What looking at photos needs of the catalog. */
export interface ImportCatalog {
  readonly photos: PhotoRows & Pick<PhotoStore, 'get'>;
  transaction(work: () => void): void;
}

/** Null when the photo is not known, or its file is away. */
export function taskOf(id: number, { photos }: ImportCatalog): Task | null {
  const record = photos.get(id);
  const row = photos.file(id);
  return record === null || row === null || record.offline ? null : { row, path: record.path };
}

/** What says nothing of the photo, but of the moment: it stays to be looked at. */
const passing: ReadonlySet<FailureCode> = new Set(['source-changed', 'cancelled', 'device-failed', 'disk-full', 'not-writable']);

/** Records in one transaction what a batch brought; returns the failures, by number. */
export function record(tasks: readonly Task[], looks: readonly Looked[], catalog: ImportCatalog): Map<number, Failure> {
  const failures = new Map<number, Failure>();
  const seen: SeenPhoto[] = [];
  for (const [index, { row }] of tasks.entries()) {
    const looked = looks[index];
    if (looked?.ok === false) failures.set(row.id, looked.failure);
    if (looked !== undefined && (looked.ok || !passing.has(looked.failure.code)))
      seen.push({ place: row, stamp: row.stamp, looked: entryOf(looked) });
  }
  settle(seen, catalog);
  return failures;
}

/** Records a photo with which the engine was lost. One that was just stopped is left as it is. */
export function recordLost({ row }: Task, { cause }: LostBatch, catalog: ImportCatalog): void {
  const { code, message } = toFailure(cause);
  if (code !== 'cancelled')
    settle([{ place: row, stamp: row.stamp, looked: { ok: false, failure: { code, message } } }], catalog);
}

function settle(seen: readonly SeenPhoto[], catalog: ImportCatalog): void {
  catalog.transaction(() => {
    settleLooks(seen, catalog.photos);
  });
}

function entryOf(looked: Looked): LookedEntry['looked'] {
  if (!looked.ok) return looked;
  const { facts, details, damaged, thumbnail } = looked;
  return { ok: true, facts, details, damaged, thumbnailBytes: thumbnail?.bytes ?? null };
}
