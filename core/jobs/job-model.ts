/** The network of a job: an installed model and the file of it that runs on a device. */
import { EnlargerError } from '../photo/failure.ts';
import type { Device } from '../photo/device.ts';
import { variantFor, type ModelVariant } from '../photo/model-card.ts';
import type { InstalledModel } from './model-store.ts';

/** Where a network runs, by which of its files, in tiles of what side. */
export interface NetworkDevice {
  readonly device: Device;
  readonly variant: ModelVariant;
  /** In input pixels. */
  readonly tileSide: number;
}

/** Devices that may compute a model's network, the best first; none when the model has no file for any. */
export type DevicesFor = (model: InstalledModel) => readonly NetworkDevice[];

export interface JobModel extends InstalledModel, NetworkDevice {}

/** Every network on the processor. */
export function onProcessor({ card }: InstalledModel): readonly NetworkDevice[] {
  const variant = variantFor(card, 'cpu');
  return variant === undefined ? [] : [{ device: 'cpu', variant, tileSide: card.tile.default }];
}

/** A model on its best device. Throws `model-missing`, or `model-invalid` when the model has nothing that could run here. */
export function jobModel(models: readonly InstalledModel[], id: string, devicesFor: DevicesFor): JobModel {
  const model = models.find((candidate) => candidate.card.id === id);
  if (model === undefined) throw new EnlargerError('model-missing', `The model "${id}" is not installed.`);
  const [device] = devicesFor(model);
  if (device === undefined) throw noFileHere(id);
  return { ...model, ...device };
}

export function noFileHere(id: string): EnlargerError {
  return new EnlargerError('model-invalid', `The model "${id}" has no file that could run here. Choose another model.`);
}

/** Key of a model on a device in the remembered speeds. */
export function speedKey(model: Pick<JobModel, 'variant' | 'device'> | null): string {
  return model === null ? 'none/cpu' : `${model.variant.sha256}/${model.device}`;
}

/** Largest tile side in pixels that a model is usually run with; any where no network runs: the engine wants a number. */
export function usualTileSide(model: JobModel | null): number {
  return model?.tileSide ?? 256;
}
