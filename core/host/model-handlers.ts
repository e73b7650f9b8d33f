/** The calls of the contract about networks and what they run on: what there is, and how fast it is here. */
import type { Handlers } from '../api/contract.ts';
import type { DeviceView, ModelView } from '../api/host-views.ts';
import type { Device } from '../photo/device.ts';
import { jobModel, onProcessor, speedKey } from '../jobs/job-model.ts';
import type { InstalledModel, ModelStore } from '../jobs/model-store.ts';
import type { Speeds } from '../jobs/speeds.ts';
import { EnlargerError, toFailure, type Failure } from '../photo/failure.ts';
import { variantFor } from '../photo/model-card.ts';
import { cpuFacts } from './cpu.ts';
import { usualModel, type MeasureOptions, type Measurement } from './measure.ts';

export interface ModelService {
  readonly store: ModelStore;
  readonly device: Device;
  readonly speeds: Speeds;
  /** Enlarges a drawn photo. Throws `conflict` while the queue works. */
  readonly measure: (model: InstalledModel, options: MeasureOptions) => Promise<Measurement>;
}

/** Several tiles of any network, and over in seconds on a slow computer. */
const sample = { width: 768, height: 512, runs: 1 } as const;
const never = new AbortController().signal;

export function modelHandlers(service: ModelService): { readonly model: Handlers<'model'>; readonly device: Handlers<'device'> } {
  const { store, device, speeds } = service;
  let checkFailure: Failure | null = null;

  /** Output megapixels a second, where the network runs once and nothing is resized. */
  const speedOf = (model: InstalledModel): number | null => {
    if (variantFor(model.card, device) === undefined) return null;
    const pixelsPerMs = speeds.of(speedKey(jobModel(store.models, model.card.id, onProcessor)));
    return pixelsPerMs === null ? null : pixelsPerMs / 1000;
  };
  const measure = async (model: InstalledModel): Promise<void> => {
    const { networkMegapixels, median } = await service.measure(model, { ...sample, signal: never });
    speeds.add(speedKey(jobModel(store.models, model.card.id, onProcessor)), networkMegapixels * 1e6, median.renderMs);
    await speeds.save();
  };
  const devices = async (): Promise<{ devices: DeviceView[] }> => {
    const cpu = await cpuFacts();
    const megapixelsPerSecond = store.models.length === 0 ? null : speedOf(usualModel(store.models));
    const state = checkFailure !== null ? 'failed' : megapixelsPerSecond === null ? 'unchecked' : 'checked';
    const { name, cores, threads, memoryBytes, vectorSets } = cpu;
    const features = [...(vectorSets ?? [])];
    return {
      devices: [
        { id: 'cpu', name, cores, threads, memoryBytes, features, state, failure: checkFailure, megapixelsPerSecond },
        unusedWebgpu,
      ],
    };
  };
  return {
    model: {
      list: () =>
        Promise.resolve({
          models: store.models.map((model) => modelView(model, device, speedOf(model))),
          problems: store.problems.map(({ failure }) => failure),
        }),
      async measure({ id }) {
        const model = store.models.find(({ card }) => card.id === id);
        if (model === undefined) throw new EnlargerError('model-missing', `The model "${id}" is not installed.`);
        await measure(model);
        return modelView(model, device, speedOf(model));
      },
    },
    device: {
      list: devices,
      async check() {
        try {
          await measure(usualModel(store.models));
          checkFailure = null;
        } catch (error) {
          checkFailure = failureOfCheck(error);
        }
        return await devices();
      },
    },
  };
}

/** What says nothing of the device is the caller's affair. */
function failureOfCheck(error: unknown): Failure {
  const failure = toFailure(error);
  if (failure.code === 'device-failed' || failure.code === 'out-of-memory' || failure.code === 'internal') return failure;
  throw error;
}

const unusedWebgpu: DeviceView = {
  id: 'webgpu',
  name: 'WebGPU',
  cores: null,
  threads: null,
  memoryBytes: null,
  features: [],
  state: 'unavailable',
  failure: null,
  megapixelsPerSecond: null,
};

function modelView({ card }: InstalledModel, device: Device, megapixelsPerSecond: number | null): ModelView {
  const { id, name, version, licence, task, use, scale, metrics, input } = card;
  const variant = variantFor(card, device) ?? card.variants[0];
  const clean = metrics.filter((metric) => metric.damage === undefined && metric.precision === variant?.precision);
  return {
    ...{ id, name, version, licence, task, use, scale, megapixelsPerSecond },
    hasStrength: input.extraPlanes.includes('strength'),
    precision: variant?.precision ?? '',
    fileBytes: variant?.bytes ?? 0,
    metrics: clean.map(({ set, psnrDb }) => ({ set, psnrDb })),
  };
}
