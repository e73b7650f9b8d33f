/** A result whose pixels had to leave the cache, made again: exporting it needs them. */
import type { ResultRecord, PhotoRecord } from '../photo/stores.ts';
import { EnlargerError } from '../photo/failure.ts';
import { renderPhoto, type Rendered, type RenderKit, type RenderOptions } from './enhance-render.ts';
import { planTask } from './enhance-task.ts';
import { requirePhoto, sparedBy, type EnhanceService } from './enhance-worker.ts';

/** Makes the function. What finds no room in the cache is made without being kept. It throws `source-changed` when other pixels would come of it. */
export function renderAgain(
  service: Omit<RenderKit, 'makeRoom'> & Pick<EnhanceService, 'results' | 'models' | 'deviceFor'>,
): (result: ResultRecord, photo: PhotoRecord, options: RenderOptions) => Promise<Rendered> {
  const { cache, results, models, deviceFor } = service;
  const kit: RenderKit = {
    ...service,
    async makeRoom({ plan }) {
      const { shortBytes } = await cache.results.makeRoom(plan.resultBytes, sparedBy(results));
      return shortBytes === 0;
    },
  };
  return async (result, photo, options) => {
    const task = planTask(requirePhoto(photo), result.recipe, models, deviceFor);
    if (task.key !== result.key) {
      throw new EnlargerError(
        'source-changed',
        'The pixels of this result left the cache, and the photo or the model was changed since. Enhance the photo again.',
      );
    }
    return await renderPhoto(kit, task, options);
  };
}
