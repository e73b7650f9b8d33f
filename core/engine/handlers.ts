/** What the engine can be asked, method by method. */
import type { EngineHandlers } from './serve.ts';
import { enhancePhoto } from './enhance.ts';
import { readProvenance } from './metadata/provenance.ts';
import { loadModel, type LoadedModel } from './network/loaded-model.ts';
import { scanFile } from './network/model-file.ts';
import { recognise } from './recognise/recognise.ts';

/** The last model stays loaded: an album runs through one network. */
let current: { readonly key: string; readonly model: LoadedModel } | null = null;

async function modelFor(reference: { directory: string; file: string }): Promise<LoadedModel> {
  const key = `${reference.directory}\n${reference.file}`;
  if (current?.key === key) return current.model;
  const last = current;
  current = null;
  await last?.model.network.release();
  const model = await loadModel(reference);
  current = { key, model };
  return model;
}

export const handlers: EngineHandlers = {
  inspect: async ({ path }) => recognise(path),
  provenance: async ({ path }) => readProvenance(path),
  checkModel: async (reference) => {
    await scanFile(reference.directory, reference.file);
    const model = await loadModel(reference);
    await model.network.release();
    return { scale: model.card.scale, loadMs: model.loadMs };
  },
  enhance: async (params, context) =>
    enhancePhoto(params, params.model === null ? Promise.resolve(null) : modelFor(params.model), context),
  sample: async ({ path, width, height }) => {
    // The painter is large, and most engines never draw.
    const { writeSample } = await import('./sample/write-sample.ts');
    await writeSample(path, width, height);
    return { width, height };
  },
};
