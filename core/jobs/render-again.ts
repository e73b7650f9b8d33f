/** A result whose pixels had to leave the cache, made again: exporting it needs them. */
import type { ResultRecord, PhotoRecord } from '../photo/stores.ts';
import { EnlargerError } from '../photo/failure.ts';
import { renderPhoto, type Rendered, type RenderKit, type RenderOptions } from './enhance-render.ts';
import { planTask, possibleKeys, tasksOn } from './enhance-task.ts';
import { requirePhoto, sparedBy, type EnhanceService } from './enhance-worker.ts';

/**
 * Makes the function. What finds no room in the cache is made without being kept. By the device that made it first, where that may still be used:
 * what was looked at is what is exported. It throws `source-changed` when something else would come of it.
 */
export function renderAgain(
  service: Omit<RenderKit, 'makeRoom'> & Pick<EnhanceService, 'results' | 'models' | 'devices'>,
): (result: ResultRecord, photo: PhotoRecord, options: RenderOptions) => Promise<Rendered> {
  const { cache, results, models, devices } = service;
  const kit: RenderKit = {
    ...service,
    async makeRoom({ plan }) {
      const { shortBytes } = await cache.results.makeRoom(plan.resultBytes, sparedBy(results));
      return shortBytes === 0;
    },
  };
  return async (result, photo, options) => {
    const planned = planTask(requirePhoto(photo), result.recipe, models, devices.devicesFor);
    if (!possibleKeys(planned).has(result.key)) {
      throw new EnlargerError(
        'source-changed',
        'The pixels of this result left the cache, and the photo or the model was changed since. Enhance the photo again.',
      );
    }
    const task = tasksOn(planned, devices.devicesFor).find(({ key }) => key === result.key) ?? planned;
    const rendered = await renderPhoto(kit, task, options);
    const { key, model } = rendered.task;
    results.rekey(result.id, { key, modelSha256: model?.variant.sha256 ?? null });
    return rendered;
  };
}
