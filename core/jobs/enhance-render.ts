/**
 * One photo → its result in the cache. A result that is there already is taken from there, and no network runs. Whatever goes wrong, nothing
 * half-done stays.
 */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cache } from '../cache/cache.ts';
import { cacheOption } from '../cache/cache-place.ts';
import type { ResultDraft } from '../cache/results.ts';
import type { FileOps } from '../disk/file-ops.ts';
import { diskLoss, writing } from '../disk/write-failure.ts';
import type { Device } from '../photo/device.ts';
import type { RenderParams, RenderResult } from '../photo/engine-protocol.ts';
import { EnlargerError, isFailureCode } from '../photo/failure.ts';
import { leastTileSide, networkHalo } from '../photo/tiles.ts';
import type { DevicePlace } from './device-places.ts';
import type { Engine } from './engine-client.ts';
import { deviceOf, taskOf, type RenderTask } from './enhance-task.ts';
import { isDeath } from './is-death.ts';
import { onProcessor, usualTileSide, type JobModel } from './job-model.ts';

export interface RenderKit {
  readonly engine: Engine;
  /** The one that has a device other than the processor; there is none without. */
  readonly graphics?: Graphics | undefined;
  readonly cache: Pick<Cache, 'results' | 'previews'>;
  readonly files: FileOps;
  /** Existing folder for intermediate pictures. */
  readonly scratchDirectory: string;
  /**
   * Makes room in the cache. False: there is none, and the result is made without being kept. Throws `disk-full` where results must be kept.
   */
  readonly makeRoom: (task: RenderTask) => Promise<boolean>;
}

/** What a device other than the processor needs, and what happens when it fails. */
export interface Graphics {
  /** A process of its own, which may die with its driver. */
  readonly engine: Pick<Engine, 'call' | 'renew'>;
  /** One more, for a photo in the second place: one process runs one network at a time. */
  readonly second?: Pick<Engine, 'call' | 'renew'> | undefined;
  isTrusted(): boolean;
  /** It is not to be used any more; the reason is a sentence for the user. */
  distrust(reason: string): Promise<void>;
}

export interface RenderOptions {
  /** From 1 on. A process that was killed without a word was often killed for its memory: later attempts take smaller tiles. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  /** 0..1 of the rendering. */
  readonly onProgress: (fraction: number) => void;
  /** Where on its device the photo is made. Default, and null: in the first place. */
  readonly place?: DevicePlace | null;
}

export interface Rendered {
  /** What was rendered in the end: on the processor, where the device that was asked for failed. */
  readonly task: RenderTask;
  /** The result's folder, to be read until `release`. */
  readonly directory: string;
  readonly width: number;
  readonly height: number;
  readonly strength: number | null;
  readonly notes: readonly string[];
  /** What the engine did; null when the result was there already. */
  readonly work: RenderResult | null;
  /** Whoever read it is done: it may leave the cache, or is removed when it was not kept. Never rejects. */
  release(): Promise<void>;
}

/**
 * Finds or makes the result of a task. Memory that does not suffice gets tiles of half the side, once. Throws an `EnlargerError`; one that is a
 * death (`isDeath`) says what is to be told when it was the last attempt.
 */
export async function renderPhoto(kit: RenderKit, task: RenderTask, options: RenderOptions): Promise<Rendered> {
  const found = await kit.cache.results.hold(task.key);
  if (found !== null) {
    const { width, height, strength, notes } = found.manifest;
    return { task, directory: found.directory, width, height, strength, notes, work: null, release: () => found.release() };
  }
  if (task.model !== null && task.model.device !== 'cpu') return await renderOnGraphics(kit, task, task.model, options);
  const usual = usualTileSide(task.model);
  const tileSide = options.attempt === 1 ? usual : (halfTileSide(task.model, usual) ?? usual);
  try {
    return await make(kit, task, tileSide, options);
  } catch (error) {
    const smaller = halfTileSide(task.model, tileSide);
    if (!isFailureCode(error, 'out-of-memory') || smaller === null || options.signal.aborted) throw error;
    return await make(kit, task, smaller, options);
  }
}

/** Failures of a device. A file that passed its check and is `model-invalid` now fails the probe of its loading: that is the device's doing, too. */
const ofDevice = ['device-failed', 'out-of-memory', 'model-invalid'] as const;

/**
 * No photo fails for a device, and no pixel comes from one that failed: what it broke off is begun anew by a fresh process, first without another photo
 * beside it where there was one, then once in smaller tiles, then on the processor. A device whose tiles were wrong gets no second try.
 */
async function renderOnGraphics(kit: RenderKit, task: RenderTask, model: JobModel, options: RenderOptions): Promise<Rendered> {
  const { graphics } = kit;
  const sides = [model.tileSide, halfTileSide(model, model.tileSide)].filter((side) => side !== null);
  let reason = 'There is no graphics processor any more.';
  while (sides[0] !== undefined && graphics?.isTrusted() === true) {
    const engine = engineAt(kit, 'webgpu', options.place);
    try {
      return await make(kit, task, sides[0], options);
    } catch (error) {
      if (options.signal.aborted || !ofDevice.some((code) => isFailureCode(error, code))) throw error;
      const { message } = error as EnlargerError;
      // What a death advises is for a photo that nothing else could make.
      reason = isDeath(error) ? message.replace(/\. .*$/su, '.') : message;
      engine.renew();
      if (!isDeath(error) && !isFailureCode(error, 'out-of-memory')) break;
      if (!(await goOnAlone(kit, options))) sides.shift();
    }
  }
  if (graphics?.isTrusted() === true) await graphics.distrust(reason);
  const [device] = onProcessor(model);
  if (device === undefined) throw new EnlargerError('device-failed', `${reason} The network has no file for the processor.`);
  return await renderPhoto(kit, taskOf(task, task.plan, { ...model, ...device }), options);
}

/** The process that works for a photo. */
export function engineAt(
  { engine, graphics }: Pick<RenderKit, 'engine' | 'graphics'>,
  device: Device,
  place: RenderOptions['place'],
): Pick<Engine, 'call' | 'renew'> {
  if (device === 'cpu' || graphics === undefined) return engine;
  return (place?.isSecond() === true ? graphics.second : undefined) ?? graphics.engine;
}

/** After something failed: false where that was not for another photo beside it; else it has the device alone now, and what it did is to be done again. */
export async function goOnAlone(
  { graphics }: Pick<RenderKit, 'graphics'>,
  { place, signal }: Pick<RenderOptions, 'place' | 'signal'>,
): Promise<boolean> {
  const isAlone = (await place?.alone(signal)) ?? false;
  // Nobody will ask it for anything any more, and it holds memory of the device.
  if (isAlone) graphics?.second?.renew();
  return isAlone;
}

async function make(kit: RenderKit, task: RenderTask, tileSide: number, options: RenderOptions): Promise<Rendered> {
  const { cache, files } = kit;
  const keeps = await kit.makeRoom(task);
  const scratchDirectory = join(kit.scratchDirectory, `photo-${randomUUID()}`);
  const draft = await cache.results.draft();
  let used = false;
  try {
    await writing(files, kit.scratchDirectory, task.plan.scratchBytes, () => files.makeFolder(scratchDirectory), cacheOption);
    const work = await render(kit, task, { draft, tileSide, scratchDirectory }, options);
    if (deviceOf(task) !== 'cpu' && kit.graphics?.isTrusted() !== true)
      throw new EnlargerError('device-failed', 'The graphics processor failed meanwhile.');
    const kept = keeps ? await keep(draft, task.key) : null;
    if (kept !== null) await cache.previews.remove(task.key);
    used = true;
    const { width, height, strength, notes } = work;
    const result = { task, width, height, strength, notes, work };
    if (kept === null) return { ...result, directory: draft.directory, release: () => draft.discard() };
    return { ...result, directory: kept.directory, release: () => kept.release() };
  } finally {
    if (!used) await draft.discard();
    // What resists here is removed with the whole run's scratch folder.
    await files.removeTree(scratchDirectory).catch(() => undefined);
  }
}

interface RenderPlaces {
  readonly draft: ResultDraft;
  readonly tileSide: number;
  readonly scratchDirectory: string;
}

async function render(kit: RenderKit, task: RenderTask, places: RenderPlaces, options: RenderOptions): Promise<RenderResult> {
  const { signal, onProgress } = options;
  const { plan, model, path, facts } = task;
  const params: RenderParams = {
    path,
    facts,
    model: model === null ? null : { directory: model.directory, file: model.variant.file, device: model.device },
    passes: plan.passes,
    tileSide: places.tileSide,
    strength: plan.strength,
    resize: plan.resize,
    scratchDirectory: places.scratchDirectory,
    resultDirectory: places.draft.directory,
    tileLog: await previewTiles(kit, task),
  };
  try {
    return await engineAt(kit, deviceOf(task), options.place).call('render', params, {
      signal,
      onProgress: ({ fraction }) => {
        onProgress(fraction);
      },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    if (isDeath(error)) throw deviceOf(task) === 'cpu' ? poison(error) : error;
    const { files } = kit;
    const loss = await diskLoss(async () => {
      for (const [folder, bytes] of [
        [places.draft.directory, plan.resultBytes],
        [places.scratchDirectory, plan.scratchBytes],
      ] as const)
        await writing(files, folder, bytes, () => files.syncFolder(folder), cacheOption);
    });
    throw loss ?? error;
  }
}

/** Tiles that a preview computed before; null when none did. */
async function previewTiles({ cache }: RenderKit, { key, model }: RenderTask): Promise<string | null> {
  if (model === null) return null;
  const path = await cache.previews.pathFor(key);
  return await stat(path).then(
    () => path,
    () => null,
  );
}

/** Null when the cache would not take it: the result is whole, and only the next one has to be made again. */
async function keep(draft: ResultDraft, key: string): Promise<Awaited<ReturnType<ResultDraft['commit']>> | null> {
  try {
    return await draft.commit(key);
  } catch (error) {
    if (isFailureCode(error, 'disk-full') || isFailureCode(error, 'not-writable')) return null;
    throw error;
  }
}

/** Half the tile side in whole multiples, or null when the model takes none so small or it is too little for its halos. */
function halfTileSide(model: JobModel | null, tileSide: number): number | null {
  if (model === null) return null;
  const { receptiveFieldRadius, tile } = model.card;
  const { min, multiple } = tile;
  const least = Math.max(min, leastTileSide({ halo: networkHalo(receptiveFieldRadius), multiple }));
  const half = Math.floor(tileSide / 2 / multiple) * multiple;
  return half >= least ? half : null;
}

/** What is told of a photo that ended the engine at its last attempt; still a death, for the queue to count. */
export function poison(error: unknown): EnlargerError {
  return new EnlargerError(
    'device-failed',
    'The engine ended twice while it worked on this photo, also with smaller tiles. The photo is left out; the others are not affected.',
    { retry: true, cause: error },
  );
}
