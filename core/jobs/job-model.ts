/** The network of a job: an installed model and the file of it that runs on a device. */
import { EnlargerError } from '../photo/failure.ts';
import { variantFor, type ModelVariant } from '../photo/model-card.ts';
import type { InstalledModel } from './model-store.ts';

/** The one device of this version. */
export type Device = 'cpu';

export interface JobModel extends InstalledModel {
  readonly variant: ModelVariant;
}

/** Throws `model-missing`, or `model-invalid` when the model has nothing for the device. */
export function jobModel(models: readonly InstalledModel[], id: string, device: Device): JobModel {
  const model = models.find((candidate) => candidate.card.id === id);
  if (model === undefined) throw new EnlargerError('model-missing', `The model "${id}" is not installed.`);
  const variant = variantFor(model.card, device);
  if (variant === undefined)
    throw new EnlargerError(
      'model-invalid',
      `The model "${id}" has no file for the device ${device}. Choose another model or device.`,
    );
  return { ...model, variant };
}

/** Key of a model on a device in the remembered speeds. */
export function speedKey(model: JobModel | null, device: Device): string {
  return model === null ? `none/${device}` : `${model.variant.sha256}/${device}`;
}

/** Largest tile side in pixels that a model is usually run with; any where no network runs: the engine wants a number. */
export function usualTileSide(model: JobModel | null): number {
  return model?.card.tile.default ?? 256;
}
