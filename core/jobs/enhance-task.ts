/** What is to be rendered, and the key under which the result is kept. */
import type { ResultCache } from '../cache/result-cache.ts';
import { resultKey } from '../cache/result-key.ts';
import type { Device } from '../photo/device.ts';
import type { PhotoFacts } from '../photo/facts.ts';
import { planRender, type RenderPlan } from '../photo/plan.ts';
import { pixelVersion } from '../photo/result.ts';
import type { Recipe } from '../photo/recipe.ts';
import { jobModel, type DevicesFor, type JobModel } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';

export interface RenderTask {
  /** Absolute path of the original. */
  readonly path: string;
  readonly facts: PhotoFacts;
  readonly plan: RenderPlan;
  /** Null when the photo is only shrunk. */
  readonly model: JobModel | null;
  /** In the result cache. */
  readonly key: string;
}

/** Plans one photo, on the best device. Throws `too-large`, `model-missing` or `model-invalid`. */
export function planTask(
  photo: { readonly path: string; readonly facts: PhotoFacts },
  recipe: Recipe,
  models: readonly InstalledModel[],
  devicesFor: DevicesFor,
): RenderTask {
  const plan = planRender(
    photo.facts,
    recipe,
    models.map((model) => model.card),
  );
  return taskOf(photo, plan, plan.model === null ? null : jobModel(models, plan.model.id, devicesFor));
}

/** The task of a plan that was made already. */
export function taskOf(
  { path, facts }: { readonly path: string; readonly facts: PhotoFacts },
  plan: RenderPlan,
  model: JobModel | null,
): RenderTask {
  const { sha256: sourceSha256, orientation } = facts;
  const { passes, strength, resize } = plan;
  const modelSha256 = model?.variant.sha256 ?? null;
  const key = resultKey({ sourceSha256, orientation, modelSha256, passes, strength, resize, pixelVersion });
  return { path, facts, plan, model, key };
}

/** What computes it; the processor, too, where no network runs. */
export function deviceOf({ model }: Pick<RenderTask, 'model'>): Device {
  return model?.device ?? 'cpu';
}

/** The same work on each device that may do it, the best first; the task itself where no network runs. */
export function tasksOn(task: RenderTask, devicesFor: DevicesFor): readonly RenderTask[] {
  const { model } = task;
  return model === null ? [task] : devicesFor(model).map((device) => taskOf(task, task.plan, { ...model, ...device }));
}

/** Keys under which the same work is kept, by whatever file of its model it was done: each device has files of its own. */
export function possibleKeys(task: RenderTask): ReadonlySet<string> {
  const { model } = task;
  if (model === null) return new Set([task.key]);
  return new Set(model.card.variants.map((variant) => taskOf(task, task.plan, { ...model, variant }).key));
}

export interface MadeTask {
  readonly task: RenderTask;
  /** With which it was made; null when no network ran, or one without strength. */
  readonly strength: number | null;
}

/** The same work whose result is in the cache already, by whatever of these devices it was made; null when there is none. */
export async function findMade(
  cache: Pick<ResultCache, 'find'>,
  task: RenderTask,
  devicesFor: DevicesFor,
): Promise<MadeTask | null> {
  for (const one of tasksOn(task, devicesFor)) {
    const found = await cache.find(one.key);
    if (found !== null) return { task: one, strength: found.manifest.strength };
  }
  return null;
}
