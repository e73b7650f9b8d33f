/** The calls of the contract about the queue. */
import type { Handlers } from '../api/contract.ts';
import { EnlargerError, type Failure } from '../photo/failure.ts';
import type { EnhancePayload } from '../photo/job-payload.ts';
import { priorities, type JobStore, type NewJob } from '../photo/job.ts';
import type { PhotoChoice } from '../photo/library-view.ts';
import type { Recipe } from '../photo/recipe.ts';
import type { NewResult, PhotoStore, ResultRecord, ResultStore } from '../photo/stores.ts';
import { planBatch, type BatchMeans, type BatchTask, type PlannedBatch } from './batch-plan.ts';
import { possibleKeys, tasksOn } from './enhance-task.ts';
import type { Queue } from './queue.ts';

/** What was wrong with photos, by number. */
type Failures = ReadonlyMap<number, Failure>;

export interface QueueService {
  readonly queue: Queue;
  readonly jobs: Pick<JobStore, 'add' | 'list'>;
  readonly photos: Pick<PhotoStore, 'get'>;
  readonly results: Pick<ResultStore, 'put' | 'list' | 'apply'>;
  /** Numbers of the photos that a choice means, in their order. Throws `not-found` for an album that is not there. */
  readonly choose: (choice: PhotoChoice) => readonly number[];
  readonly means: BatchMeans;
  /** Reads those of the photos that nobody read yet, and tells what was wrong with some of them. Default: nobody can. */
  readonly lookAt?: (photoIds: readonly number[]) => Promise<Failures>;
  /** Told what is on the screen. */
  readonly onLook?: (photoIds: readonly number[]) => void;
  /** All that `work` changes, or nothing. */
  readonly transaction: <Value>(work: () => Value) => Value;
}

export function queueHandlers(service: QueueService): Handlers<'queue'> {
  const { queue, lookAt = nobodyLooks } = service;
  const plan = async (ids: readonly number[], recipe: Recipe, looked?: Failures): Promise<PlannedBatch> => {
    const records = ids.map((id) => ({ id, photo: service.photos.get(id) }));
    return await planBatch(service.means, records, recipe, looked);
  };
  return {
    plan: async ({ choice, recipe }) => (await plan(chosen(service, choice), recipe)).plan,
    async add({ choice, recipe }) {
      const ids = chosen(service, choice);
      const looked = await lookAt(ids);
      const batch = await plan(ids, recipe, looked);
      const { failure } = batch.plan;
      if (failure !== null) throw new EnlargerError(failure.code, failure.message);
      return { ...addTasks(service, batch.tasks, recipe), plan: batch.plan };
    },
    read: async ({ photoIds }) => ({ failed: [...(await lookAt(photoIds))].map(([id, failure]) => ({ id, failure })) }),
    status: () => answer(() => queue.status()),
    jobs: ({ kinds, limit }) => answer(() => ({ jobs: queue.jobs(limit, kinds) })),
    async pause() {
      await queue.pause();
      return {};
    },
    resume: () =>
      answer(() => {
        queue.resume();
        return {};
      }),
    cancel: async ({ ids }) => ({ changed: await queue.cancel(ids) }),
    retry: ({ ids }) => answer(() => ({ changed: queue.retry(ids) })),
    move: ({ ids, beforeId }) =>
      answer(() => {
        queue.move(ids, beforeId);
        return {};
      }),
    look: ({ photoIds }) =>
      answer(() => {
        service.onLook?.(photoIds);
        return { changed: queue.look(photoIds) };
      }),
  };
}

const nobodyLooks: NonNullable<QueueService['lookAt']> = () => Promise.resolve(new Map());

/** Each once. A photo that was named and is gone is refused by itself: it may have turned out to be none while it waited to be read. */
function chosen({ choose }: QueueService, choice: PhotoChoice): number[] {
  return [...new Set('ids' in choice ? choice.ids : choose(choice))];
}

/**
 * Results and jobs together, or neither. What is in the cache already is ready without a job, and what is to be done already keeps its job.
 */
function addTasks(
  service: QueueService,
  tasks: readonly BatchTask[],
  recipe: Recipe,
): { jobs: number[]; known: number; cached: number } {
  const { queue, jobs, results, transaction } = service;
  const payload: EnhancePayload = { recipe };
  const added = transaction(() => {
    const photoIds = tasks.map(({ photo }) => photo.id);
    const open = new Map(jobs.list({ states: ['queued', 'running'], photoIds }).map(({ resultId, id }) => [resultId, id]));
    const present = Map.groupBy(results.list({ photoIds }), ({ photoId }) => photoId);
    const known: number[] = [];
    const wanted: NewJob[] = [];
    for (const task of tasks) {
      const resultId = (sameResult(service, task, present.get(task.photo.id) ?? []) ?? results.put(newResult(task, recipe))).id;
      const job = open.get(resultId);
      if (task.cached !== null) results.apply(resultId, 'rendered', { strength: task.cached.strength });
      else if (job !== undefined) known.push(job);
      else {
        const { photo, workPixels } = task;
        wanted.push({ kind: 'enhance', photoId: photo.id, resultId, priority: priorities.asked, workPixels, payload });
      }
    }
    return {
      jobs: [...known, ...jobs.add(wanted)],
      known: known.length,
      cached: tasks.filter(({ cached }) => cached !== null).length,
    };
  });
  queue.wake();
  return added;
}

/** What there is of this work: of this key, of another device that may be used, or still to be made by whatever device. */
function sameResult(
  { means: { devicesFor } }: QueueService,
  { task }: BatchTask,
  present: readonly ResultRecord[],
): ResultRecord | undefined {
  const usable = tasksOn(task, devicesFor).map(({ key }) => key);
  const possible = possibleKeys(task);
  return (
    present.find(({ key }) => key === task.key) ??
    present.find(({ key }) => usable.includes(key)) ??
    present.find(({ key, state }) => state === 'pending' && possible.has(key))
  );
}

function newResult({ photo, task }: BatchTask, recipe: Recipe): NewResult {
  const { model, facts, plan, key } = task;
  return {
    photoId: photo.id,
    recipe,
    key,
    sourceSha256: facts.sha256,
    modelId: model?.card.id ?? null,
    modelVersion: model?.card.version ?? null,
    modelSha256: model?.variant.sha256 ?? null,
    width: plan.size.width,
    height: plan.size.height,
  };
}

/** The store answers at once; whoever asks may sit behind a channel. */
async function answer<Value>(work: () => Value): Promise<Value> {
  await Promise.resolve();
  return work();
}
