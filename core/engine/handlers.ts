/** What the engine can be asked, method by method. */
import type { EngineHandlers } from './serve.ts';
import { enhancePhoto } from './enhance.ts';
import { readProvenance } from './metadata/provenance.ts';
import { loadModel, type LoadedModel } from './network/loaded-model.ts';
import { recognise } from './recognise/recognise.ts';
import { writeSample } from './sample/write-sample.ts';

/** The last model stays loaded: an album runs through one network. */
let current: { readonly key: string; readonly model: LoadedModel } | null = null;

async function modelFor(reference: { directory: string; file: string }): Promise<LoadedModel> {
  const key = `${reference.directory}\n${reference.file}`;
  if (current?.key === key) return current.model;
  current?.model.network.release();
  current = null;
  const model = await loadModel(reference);
  current = { key, model };
  return model;
}

export const handlers: EngineHandlers = {
  inspect: async ({ path }) => recognise(path),
  provenance: async ({ path }) => readProvenance(path),
  checkModel: async (reference) => {
    const model = await loadModel(reference);
    model.network.release();
    return { scale: model.card?.scale ?? 1, loadMs: model.loadMs };
  },
  enhance: async (params, context) => enhancePhoto(params, params.model === null ? null : await modelFor(params.model), context),
  sample: async ({ path, width, height }) => {
    await writeSample(path, width, height);
    return { width, height };
  },
};
