/** The calls of the contract about networks: what there is, and how fast it is here. */
import type { Handlers } from '../api/contract.ts';
import type { ModelView } from '../api/host-views.ts';
import type { DevicesFor } from '../jobs/job-model.ts';
import type { InstalledModel, ModelStore } from '../jobs/model-store.ts';
import type { Speeds } from '../jobs/speeds.ts';
import { EnlargerError } from '../photo/failure.ts';
import type { ModelVariant } from '../photo/model-card.ts';
import { networkHalo } from '../photo/tiles.ts';
import { megapixelsPerSecond } from './measured-speed.ts';

export interface ModelService {
  readonly store: ModelStore;
  readonly speeds: Speeds;
  readonly devicesFor: DevicesFor;
  /** Measures a model on its best device, and remembers its speed. Throws `conflict` while the queue works. */
  readonly measure: (model: InstalledModel) => Promise<void>;
}

export function modelHandlers({ store, speeds, devicesFor, measure }: ModelService): Handlers<'model'> {
  const viewOf = (model: InstalledModel): ModelView => {
    const [on] = devicesFor(model);
    return modelView(model, on?.variant, megapixelsPerSecond(speeds, on));
  };
  return {
    list: () =>
      Promise.resolve({
        models: store.models.map(viewOf),
        problems: store.problems.map(({ failure }) => failure),
      }),
    async measure({ id }) {
      const model = store.models.find(({ card }) => card.id === id);
      if (model === undefined) throw new EnlargerError('model-missing', `The model "${id}" is not installed.`);
      await measure(model);
      return viewOf(model);
    },
  };
}

function modelView({ card }: InstalledModel, used: ModelVariant | undefined, speed: number | null): ModelView {
  const { id, name, version, licence, task, use, scale, metrics, input, tile, receptiveFieldRadius } = card;
  const variant = used ?? card.variants[0];
  const clean = metrics.filter((metric) => metric.damage === undefined && metric.precision === variant?.precision);
  return {
    ...{ id, name, version, licence, task, use, scale, megapixelsPerSecond: speed },
    hasStrength: input.extraPlanes.includes('strength'),
    tiles: { tileSide: tile.default, halo: networkHalo(receptiveFieldRadius), multiple: tile.multiple },
    precision: variant?.precision ?? '',
    fileBytes: variant?.bytes ?? 0,
    metrics: clean.map(({ set, psnrDb }) => ({ set, psnrDb })),
  };
}
