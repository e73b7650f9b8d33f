/** What is to be rendered, and the key under which the result is kept. */
import { resultKey } from '../cache/result-key.ts';
import type { PhotoFacts } from '../photo/facts.ts';
import { planRender, type RenderPlan } from '../photo/plan.ts';
import { pixelVersion } from '../photo/result.ts';
import type { Recipe } from '../photo/recipe.ts';
import { jobModel, type DeviceFor, type JobModel } from './job-model.ts';
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

/** Plans one photo. Throws `too-large`, `model-missing` or `model-invalid`. */
export function planTask(
  photo: { readonly path: string; readonly facts: PhotoFacts },
  recipe: Recipe,
  models: readonly InstalledModel[],
  deviceFor: DeviceFor,
): RenderTask {
  const plan = planRender(
    photo.facts,
    recipe,
    models.map((model) => model.card),
  );
  return taskOf(photo, plan, plan.model === null ? null : jobModel(models, plan.model.id, deviceFor));
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
