/**
 * Looks at photos: facts, what their metadata tells, thumbnails. The engine does it, many at a time; here its work is kept coming and what it saw
 * is recorded, once a batch.
 */
import { toFailure, type Failure } from '../photo/failure.ts';
import { inOrder, lookAtBatch, LostBatch, type LookCall, type Task, type ThumbnailPlace } from './import-batch.ts';
import { record, recordLost, taskOf, type ImportCatalog } from './import-record.ts';

/**
 * So many photos go to the engine in one message, and so many messages are under way: it must not wait while their answers are recorded. The first
 * batch is a half one, or all would come back together, and it would wait after all.
 */
const batchPhotos = 32;
const batchesUnderWay = 2;

/** An engine that is lost more often in a row, with one photo after the other, is not lost by photos. */
const mostLosses = 10;

export interface ImporterOptions {
  readonly catalog: ImportCatalog;
  readonly look: LookCall;
  readonly thumbnails: ThumbnailPlace;
}

export interface ImportReport {
  readonly looked: number;
  /** Of these, so many failed. Why is in their rows, unless it says nothing of the photo. */
  readonly failed: number;
}

export interface Importer {
  /**
   * Looks at these, whether that was done before or not: the work of `thumbnail` jobs. Says what became of each, in order; null: it was looked at.
   * Rejects when the engine was lost with some of them, to be called again with each alone; one with which it is lost alone is recorded as failed.
   */
  lookAt(ids: readonly number[], signal: AbortSignal): Promise<(Failure | null)[]>;
  /**
   * Looks at everything that has not been looked at since it was found or changed. A photo that takes the engine with it fails alone, after two
   * attempts. Rejects with the signal's reason, and with what the cache or the catalog says; what was seen by then stays.
   */
  lookAtAll(signal: AbortSignal, hooks?: LookHooks): Promise<ImportReport>;
}

export interface LookHooks {
  /** Told of each few photos that were looked at, and why some of them failed, by number. */
  readonly onLooked?: (ids: readonly number[], failures: ReadonlyMap<number, Failure>) => void;
  /** Numbers of photos that go before all others, asked anew each time. */
  readonly first?: () => readonly number[];
}

export function createImporter(options: ImporterOptions): Importer {
  return {
    lookAt: (ids, signal) => lookAt(ids, signal, options),
    lookAtAll: (signal, hooks = {}) => lookAtAll(signal, hooks, options),
  };
}

const away: Failure = {
  code: 'not-found',
  message: 'The file is not there now. Connect its disk, or put it back, and try again.',
  retry: true,
};

async function lookAt(ids: readonly number[], signal: AbortSignal, options: ImporterOptions): Promise<(Failure | null)[]> {
  const { catalog } = options;
  const outcomes = new Map<number, Failure>();
  const tasks: Task[] = [];
  for (const id of ids) {
    const task = taskOf(id, catalog);
    if (task === null) outcomes.set(id, away);
    else tasks.push(task);
  }
  const lost = await lookAtTasks(inBatches(tasks), signal, options, (batch, failures) => {
    for (const { row } of batch) {
      const failure = failures.get(row.id);
      if (failure !== undefined) outcomes.set(row.id, failure);
    }
  });
  if (lost !== null) {
    const [only] = lost.tasks;
    if (ids.length === 1 && only !== undefined) recordLost(only, lost.error, catalog);
    throw lost.error.cause;
  }
  return ids.map((id) => outcomes.get(id) ?? null);
}

async function lookAtAll(
  signal: AbortSignal,
  { onLooked = () => undefined, first = () => [] }: LookHooks,
  options: ImporterOptions,
): Promise<ImportReport> {
  const { catalog } = options;
  const tried = new Set<string>();
  let looked = 0;
  let failed = 0;
  let lossesInARow = 0;
  const onBatch = (batch: readonly Task[], failures: ReadonlyMap<number, Failure>): void => {
    lossesInARow = 0;
    looked += batch.length;
    failed += failures.size;
    onLooked(
      batch.map(({ row }) => row.id),
      failures,
    );
  };
  const lookAtAlone = async (task: Task): Promise<void> => {
    const lost = await lookAtTasks(inBatches([task]), signal, options, onBatch);
    if (lost === null) return;
    lossesInARow += 1;
    if (lossesInARow > mostLosses) throw lost.error.cause;
    recordLost(task, lost.error, catalog);
    looked += 1;
    failed += 1;
    onLooked([task.row.id], new Map([[task.row.id, toFailure(lost.error.cause)]]));
  };
  // What was added or changed places meanwhile comes with another round; the last one finds nothing.
  for (let before = -1; before < tried.size;) {
    before = tried.size;
    const lost = await lookAtTasks(unlooked(catalog, tried, first), signal, options, onBatch);
    for (const task of lost?.tasks ?? []) await lookAtAlone(task);
  }
  return { looked, failed };
}

/** Up to so many next tasks; null when there are none now. */
type Next = (limit: number) => readonly Task[] | null;

function inBatches(tasks: readonly Task[]): Next {
  let at = 0;
  return (limit) => (at < tasks.length ? tasks.slice(at, (at += limit)) : null);
}

/** Photos that were not looked at, each once: a file that changes all the time must not keep the import from ending. */
function unlooked(catalog: ImportCatalog, tried: Set<string>, first: () => readonly number[]): Next {
  const { photos } = catalog;
  const isNew = ({ row: { id, stamp }, path }: Task): boolean => {
    const { size } = tried;
    return tried.add(`${String(id)} ${String(stamp.bytes)} ${String(stamp.mtimeNs)} ${path}`).size > size;
  };
  const preferred = (limit: number): Task[] => {
    const tasks: Task[] = [];
    for (const id of first()) {
      if (tasks.length === limit) break;
      const task = photos.file(id)?.looked === false ? taskOf(id, catalog) : null;
      if (task !== null && isNew(task)) tasks.push(task);
    }
    return tasks;
  };
  let afterId = 0;
  return (limit) => {
    const tasks = preferred(limit);
    while (tasks.length === 0) {
      const page = photos.toLookAt(limit, afterId);
      const last = page.at(-1);
      if (last === undefined) return null;
      afterId = last.id;
      for (const { id, path } of page) {
        const row = photos.file(id);
        if (row !== null && isNew({ row, path })) tasks.push({ row, path });
      }
    }
    return tasks;
  };
}

interface Lost {
  readonly tasks: readonly Task[];
  readonly error: LostBatch;
}

/** Looks at what `next` tells and records it, until there is no more or the engine was lost: then with what that happened. */
async function lookAtTasks(
  next: Next,
  signal: AbortSignal,
  { catalog, look, thumbnails }: ImporterOptions,
  onBatch: (batch: readonly Task[], failures: ReadonlyMap<number, Failure>) => void,
): Promise<Lost | null> {
  const lost: Task[] = [];
  // What the cache or the catalog says counts more than an engine that died.
  const trouble: { lostBatch: LostBatch | null; other: { readonly error: unknown } | null } = { lostBatch: null, other: null };
  let begun = 0;
  await inOrder(
    batchesUnderWay,
    () => {
      if (trouble.lostBatch !== null || trouble.other !== null || signal.aborted) return null;
      begun += 1;
      return next(begun === 1 ? batchPhotos / 2 : batchPhotos);
    },
    async (batch) => lookAtBatch(batch, { look, thumbnails, signal }),
    (batch, outcome) => {
      if (!outcome.ok) {
        lost.push(...batch);
        if (outcome.error instanceof LostBatch) trouble.lostBatch = outcome.error;
        else trouble.other ??= outcome;
        return;
      }
      try {
        onBatch(batch, record(batch, outcome.value, catalog));
      } catch (error) {
        trouble.other ??= { error };
      }
    },
  );
  signal.throwIfAborted();
  if (trouble.other !== null) throw trouble.other.error;
  return trouble.lostBatch === null ? null : { tasks: lost, error: trouble.lostBatch };
}
