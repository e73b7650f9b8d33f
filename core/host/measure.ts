/** Real measurements: a generated photo through the whole engine, in a folder that is removed afterwards. */
import { join } from 'node:path';
import { chooseModel } from '../photo/choose-model.ts';
import type { EncodeParams, EncodeResult, RenderParams, RenderResult } from '../photo/engine-protocol.ts';
import type { PhotoFacts } from '../photo/facts.ts';
import type { Device } from '../photo/device.ts';
import { EnlargerError } from '../photo/failure.ts';
import { planPhoto, type Plan } from '../photo/plan.ts';
import type { ExportRecipe, Recipe } from '../photo/recipe.ts';
import { nodeFileOps } from '../disk/file-ops.ts';
import { openRunPlace } from '../jobs/janitor.ts';
import type { Engine } from '../jobs/engine-client.ts';
import { onProcessor, type JobModel, type NetworkDevice } from '../jobs/job-model.ts';
import type { InstalledModel } from '../jobs/model-store.ts';

/** JPEG is encoded row by row: any bound is enough for the sample. */
const encodeMemoryBytes = 1e9;

export interface MeasureOptions {
  /** Size of the generated photo, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Timed runs; one more comes before them, so that loading the network is in none of them. */
  readonly runs: number;
  /** Where the network runs; the engine is the one that has this device. Default: the processor. */
  readonly on?: NetworkDevice | undefined;
  readonly signal: AbortSignal;
}

/** One photo through the engine: rendered, then encoded. Times in milliseconds. */
export interface MeasuredRun extends Pick<RenderResult, 'width' | 'height' | 'tiles' | 'peakMemoryBytes'> {
  readonly ms: RenderResult['ms'] & EncodeResult['ms'];
  /** Without encoding: what the queue counts as the speed of a network. */
  readonly renderMs: number;
}

export interface Measurement {
  readonly device: Device;
  readonly precision: string;
  /** The run whose total time is the median one. */
  readonly median: MeasuredRun;
  /** Megapixels that come out of the network, in one run. */
  readonly networkMegapixels: number;
  /** Those, over the time inside the network. */
  readonly networkMegapixelsPerSecond: number;
  /** Output megapixels over the time of the whole run, files included. */
  readonly wholeMegapixelsPerSecond: number;
}

/** Enlarges a drawn photo by the model's own scale, PNG in, JPEG out. Rejects with the engine's failures. */
export async function measureModel(
  { engine, stateDirectory }: { readonly engine: Engine; readonly stateDirectory: string },
  model: InstalledModel,
  options: MeasureOptions,
): Promise<Measurement> {
  const { width, height, runs, signal } = options;
  const on = options.on ?? processorOf(model);
  const place = await openRunPlace(stateDirectory, nodeFileOps);
  const folder = place.scratchDirectory;
  try {
    const path = join(folder, 'photo.png');
    await engine.call('sample', { path, width, height }, { signal });
    const facts = await engine.call('inspect', { path }, { signal });
    const recipe: Recipe = {
      version: 1,
      model: model.card.id,
      target: { kind: 'scale', scale: model.card.scale },
      // What `auto` finds is the photo's affair; the time does not depend on it.
      denoise: 0,
    };
    const exported: ExportRecipe = { format: 'jpeg', quality: null, strip: 'none' };
    const plan = planPhoto(facts, recipe, exported, [model.card], { encodeMemoryBytes });
    const results: MeasuredRun[] = [];
    for (let run = 0; run <= runs; run += 1) {
      const resultDirectory = join(folder, 'result');
      await nodeFileOps.makeFolder(resultDirectory);
      const output = join(folder, `result-${String(run)}.jpg`);
      await nodeFileOps.createExclusive(output);
      const files = { path, facts, output, resultDirectory, scratchDirectory: folder };
      const rendered = await engine.call('render', renderParams({ ...model, ...on }, plan, files), { signal });
      const encoded = await engine.call('encode', encodeParams(model, plan, files), { signal });
      await nodeFileOps.removeTree(resultDirectory);
      results.push(together(rendered, encoded));
    }
    return measurement(on, plan, results.slice(1));
  } finally {
    await place.close();
  }
}

interface Files {
  readonly path: string;
  readonly facts: PhotoFacts;
  readonly output: string;
  readonly resultDirectory: string;
  readonly scratchDirectory: string;
}

/** The model that a recipe without a name and with twice the size takes. Throws `model-missing` when nothing enlarges. */
export function usualModel(models: readonly InstalledModel[]): InstalledModel {
  const recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' } as const;
  const card = chooseModel(
    models.map((model) => model.card),
    recipe,
    2,
  );
  const model = models.find((candidate) => candidate.card === card);
  if (model === undefined) throw new Error(`the chosen model ${card.id} is not among the installed ones`);
  return model;
}

function renderParams({ directory, variant, device, tileSide }: JobModel, plan: Plan, files: Files): RenderParams {
  return {
    path: files.path,
    facts: files.facts,
    model: { directory, file: variant.file, device },
    passes: plan.passes,
    tileSide,
    strength: plan.strength,
    resize: plan.resize,
    scratchDirectory: files.scratchDirectory,
    resultDirectory: files.resultDirectory,
    tileLog: null,
  };
}

function encodeParams({ card }: InstalledModel, plan: Plan, files: Files): EncodeParams {
  return {
    resultDirectory: files.resultDirectory,
    output: { path: files.output, format: plan.output.format, quality: plan.output.quality },
    size: null,
    densityDpi: null,
    strip: 'none',
    provenance: {
      software: 'Enlarger',
      softwareVersion: '',
      modelId: card.id,
      modelVersion: card.version,
      scale: card.scale,
      sourceSha256: files.facts.sha256,
      recipeDigest: 'measurement',
    },
    scratchDirectory: files.scratchDirectory,
  };
}

function together(rendered: RenderResult, encoded: EncodeResult): MeasuredRun {
  const { width, height, tiles } = rendered;
  const ms = {
    ...rendered.ms,
    resize: rendered.ms.resize + encoded.ms.resize,
    encode: encoded.ms.encode,
    metadata: encoded.ms.metadata,
    total: rendered.ms.total + encoded.ms.total,
  };
  const renderMs = rendered.ms.total;
  return { width, height, tiles, ms, renderMs, peakMemoryBytes: Math.max(rendered.peakMemoryBytes, encoded.peakMemoryBytes) };
}

function processorOf(model: InstalledModel): NetworkDevice {
  const [processor] = onProcessor(model);
  if (processor === undefined)
    throw new EnlargerError('device-failed', `The model "${model.card.id}" has no file for the CPU. Use another model.`);
  return processor;
}

function measurement({ device, variant }: NetworkDevice, plan: Plan, results: readonly MeasuredRun[]): Measurement {
  const median = [...results].sort((a, b) => a.ms.total - b.ms.total)[Math.floor(results.length / 2)];
  if (median === undefined) throw new RangeError('at least one timed run is needed');
  const networkMegapixels = plan.networkPixels / 1e6;
  return {
    device,
    precision: variant.precision,
    median,
    networkMegapixels,
    networkMegapixelsPerSecond: networkMegapixels / (median.ms.infer / 1000),
    wholeMegapixelsPerSecond: (median.width * median.height) / 1e6 / (median.ms.total / 1000),
  };
}
