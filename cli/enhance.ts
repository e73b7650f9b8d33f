/** `enlarger enhance`, from its parsed words to its exit code. */
import { isFailureCode, toFailure, type Failure } from '../core/photo/failure.ts';
import type { RunEvent } from '../core/photo/run-events.ts';
import type { Cache } from '../core/cache/cache.ts';
import { findModel, type InstalledModel } from '../core/jobs/model-store.ts';
import { runEnhance, type EnhanceRun } from '../core/jobs/run.ts';
import type { Catalog } from '../core/library/catalog.ts';
import { parseEnhanceOptions, type EnhanceOptions, type RawEnhanceOptions } from './enhance-options.ts';
import { openEnhanceCache } from './enhance-cache.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { createHumanReporter } from './human.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import { createJsonLines } from './json-lines.ts';
import { drawSample } from './sample.ts';
import { escapeControls } from './text.ts';
import { UsageError } from './usage-error.ts';
import { softwareVersion } from './version.ts';
import { commandGraphics, openWorkplace, type CommandGraphics, type Say, type Workplace } from './workplace.ts';

/** Enhances the photos and folders at `paths`, or the sample. Throws `UsageError` before anything was touched. */
export async function enhance(io: Io, paths: readonly string[], raw: RawEnhanceOptions): Promise<ExitCode> {
  const options = parseEnhanceOptions(raw);
  checkPaths(paths, options);
  const human = createHumanReporter(io.screen({ stdoutIsUsed: options.json }), () => stop.aborted);
  const interrupts = listenForInterrupts(process, () => {
    human.close();
    process.exit(exitCodes.interrupted);
  });
  const stop = AbortSignal.any([interrupts.signal, io.outClosed]);
  const json = options.json ? createJsonLines(io.out) : () => undefined;
  try {
    return await work(paths, options, { json, human: human.onEvent, say: human.say, wait: human.wait }, stop);
  } finally {
    human.close();
    interrupts.dispose();
  }
}

function checkPaths(paths: readonly string[], options: EnhanceOptions): void {
  if (options.sample && paths.length > 0) throw new UsageError('--sample enlarges the built-in sample and takes no photos.');
  if (!options.sample && paths.length === 0)
    throw new UsageError('No photo or folder was given. Name at least one, or try --sample.');
  if (paths.includes('')) throw new UsageError('An empty path was given. Name a photo or a folder.');
}

/** Where a run is told. */
interface Output {
  /** The `--json` lines; ignores everything without that option. */
  readonly json: (event: RunEvent) => void;
  readonly human: (event: RunEvent) => void;
  /** One line for people. */
  readonly say: Say;
  /** What is going on before there are figures. */
  readonly wait: Say;
}

async function work(paths: readonly string[], options: EnhanceOptions, output: Output, signal: AbortSignal): Promise<ExitCode> {
  const startedAtMs = performance.now();
  let inputs = paths;
  let workplace: Workplace | null = null;
  let graphics: CommandGraphics | null = null;
  let cache: Cache | null = null;
  let catalog: Catalog | null = null;
  try {
    workplace = await openWorkplace(output.say);
    // Loaded while the engine starts. Nothing of a command outlives it: its photos are jobs of a queue in memory.
    const { openCatalog } = await import('../core/library/catalog.ts');
    catalog = openCatalog({ path: ':memory:' });
    cache = await openEnhanceCache(workplace.stateDirectory);
    const { recipe, models } = await chosenModels(workplace, options, signal);
    if (options.sample) {
      const sample = await drawSample(workplace, options.outDirectory ?? 'enlarger-sample', signal);
      output.say(`Sample photo: ${escapeControls(sample)}`);
      inputs = [sample];
    }
    graphics = await commandGraphics(workplace, { choice: options.device }, output.say);
    const run: EnhanceRun = {
      ...options,
      graphics,
      inputs,
      // The sample's results go beside it like those of any photo.
      outDirectory: options.sample ? null : options.outDirectory,
      recipe,
      models,
      engine: workplace.engine,
      cache,
      jobs: catalog.jobs,
      stateDirectory: workplace.stateDirectory,
      softwareVersion: softwareVersion(),
      signal,
    };
    output.wait('looking at the photos …');
    const summary = await runEnhance(run, (event) => {
      output.json(event);
      output.human(event);
    });
    if (summary.interrupted) return exitCodes.interrupted;
    return summary.failed > 0 ? exitCodes.failed : exitCodes.done;
  } catch (error) {
    const interrupted = signal.aborted && isFailureCode(error, 'cancelled');
    const failure = interrupted ? null : toFailure(error);
    if (failure !== null) output.say(`enlarger: ${escapeControls(failure.message)}`);
    tellNothingBegun(output.json, inputs, failure, performance.now() - startedAtMs);
    return interrupted ? exitCodes.interrupted : exitCodes.failed;
  } finally {
    await Promise.all([workplace?.close(), graphics?.close()]);
    await cache?.close();
    catalog?.close();
  }
}

/**
 * The recipe with the models it may choose from. A model named by path becomes the only one, under its own id; where no size was asked for, a
 * named model enlarges by its own scale.
 */
async function chosenModels(
  workplace: Workplace,
  options: EnhanceOptions,
  signal: AbortSignal,
): Promise<Pick<EnhanceRun, 'recipe' | 'models'>> {
  const { recipe } = options;
  if (recipe.model === null) return { recipe, models: workplace.store.models };
  const model: InstalledModel = await findModel(recipe.model, workplace.store, workplace.engine, signal);
  const target = options.sizeIsGiven ? recipe.target : ({ kind: 'scale', scale: model.card.scale } as const);
  return { recipe: { ...recipe, model: model.card.id, target }, models: [model] };
}

/** Scripts count lines: when nothing could be begun, every named input has failed of the same thing. */
function tellNothingBegun(emit: (event: RunEvent) => void, inputs: readonly string[], failure: Failure | null, ms: number): void {
  if (failure !== null) {
    for (const input of inputs) emit({ type: 'failed', input, code: failure.code, message: failure.message });
  }
  emit({ type: 'summary', done: 0, failed: failure === null ? 0 : inputs.length, skipped: 0, ms });
}
