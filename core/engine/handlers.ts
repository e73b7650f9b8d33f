/** What the engine can be asked, method by method. */
import { readEngineEnv } from '../photo/engine-env.ts';
import type { EngineHandlers } from './serve.ts';
import { look } from './look/look.ts';
import { encodeResult } from './result/encode-result.ts';
import { writeResultTile } from './result/result-tile.ts';
import { renderPhoto } from './render/render.ts';
import { readProvenance } from './metadata/provenance.ts';
import type { LoadedModel, ModelReference } from './network/loaded-model.ts';
import { scanFile } from './network/model-file.ts';
import { previewPhoto } from './preview/preview.ts';
import { recognise } from './recognise/recognise.ts';

/** onnxruntime is large, and an engine that only looks at photos never needs it. */
async function load(reference: ModelReference, tileSide?: number): Promise<LoadedModel> {
  const { loadModel } = await import('./network/loaded-model.ts');
  const threads = readEngineEnv(process.env).threads ?? 0;
  return await loadModel(reference, { threads, elsewhere: true, ...(tileSide === undefined ? {} : { tileSide }) });
}

/** The last model stays loaded: an album runs through one network. */
let current: { readonly key: string; readonly model: LoadedModel } | null = null;

async function modelFor(reference: ModelReference, tileSide: number): Promise<LoadedModel>;
async function modelFor(reference: ModelReference | null, tileSide: number): Promise<LoadedModel | null>;
async function modelFor(reference: ModelReference | null, tileSide: number): Promise<LoadedModel | null> {
  if (reference === null) return null;
  const { directory, file, device = 'cpu' } = reference;
  // The processor takes tiles of any size, other devices those of one.
  const key = [directory, file, device, device === 'cpu' ? '' : tileSide].join('\n');
  if (current?.key === key) return current.model;
  const last = current;
  current = null;
  await last?.model.network.release();
  const model = await load(reference, tileSide);
  current = { key, model };
  return model;
}

export const handlers: EngineHandlers = {
  inspect: async ({ path }) => recognise(path),
  provenance: async ({ path }) => readProvenance(path),
  checkModel: async (reference) => {
    await scanFile(reference.directory, reference.file);
    const model = await load(reference);
    await model.network.release();
    return { scale: model.card.scale, loadMs: model.loadMs };
  },
  checkDevice: async (params, { signal }) => {
    const { checkDevice } = await import('./device/check-device.ts');
    return await checkDevice(params, signal);
  },
  async pace({ model: reference, tileSide, forMs }, { signal }) {
    const model = await modelFor(reference, tileSide);
    const { pace } = await import('./device/pace.ts');
    return await pace(model, { tileSide, forMs }, signal);
  },
  render: async (params, context) => renderPhoto(params, modelFor(params.model, params.tileSide), context),
  preview: async (params, context) => previewPhoto(params, () => modelFor(params.model, params.tileSide), context),
  encode: encodeResult,
  tile: writeResultTile,
  look,
  sample: async ({ path, width, height }) => {
    // The painter is large, and most engines never draw.
    const { writeSample } = await import('./sample/write-sample.ts');
    await writeSample(path, width, height);
    return { width, height };
  },
};
