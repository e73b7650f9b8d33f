/** A result's folder → a file under its final name. Nothing half-done stays, whatever goes wrong. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import { removeMade } from '../disk/tidy.ts';
import { writing } from '../disk/write-failure.ts';
import type { EncodeParams, EncodeResult } from '../photo/engine-protocol.ts';
import { EnlargerError } from '../photo/failure.ts';
import type { ExportOrder } from '../photo/export-plan.ts';
import { siblingName } from '../photo/output-name.ts';
import { poison } from './enhance-render.ts';
import type { Engine } from './engine-client.ts';
import { isDeath } from './is-death.ts';
import type { RunPlace } from './janitor.ts';
import type { Originals } from './originals.ts';
import { publish, type PublishPolicy } from './publish.ts';
import { provenanceOf } from './run-plan.ts';

/** Originals that an export must not replace: all that the library knows. */
export interface LibraryOriginals extends Originals {
  /** Whether originals lie in this folder. Then any other file in it may be somebody's original, too. */
  lieIn(folder: string): Promise<boolean>;
}

export interface FileKit {
  readonly engine: Engine;
  readonly files: FileOps;
  readonly place: RunPlace;
  readonly originals: LibraryOriginals;
}

export interface FileTask {
  /** Absolute; made when it is missing. */
  readonly folder: string;
  readonly order: ExportOrder;
  readonly provenance: EncodeParams['provenance'];
}

export interface FileOptions {
  readonly signal: AbortSignal;
  /** 0..1 of the encoding. */
  readonly onProgress: (fraction: number) => void;
  /** Called with the finished temp file's hash and size, before it gets its name. */
  readonly onWritten: (encoded: EncodeResult) => void;
}

/**
 * Encodes and publishes. `obtain` gives the result's folder, and is asked once the target folder proved to be writable. Returns the final path,
 * or null when the name is taken and the settings say to skip then. Throws an `EnlargerError`.
 */
export async function exportFile(
  kit: FileKit,
  task: FileTask,
  obtain: (use: (resultDirectory: string) => Promise<EncodeResult>) => Promise<EncodeResult>,
  options: FileOptions,
): Promise<string | null> {
  const { files, place } = kit;
  const { folder, order } = task;
  if (!(await mayTake(kit, task, options.signal))) return null;
  const within = async <Value>(step: () => Promise<Value>): Promise<Value> =>
    await writing(files, folder, order.plan.outputBytes, step);
  const made = await within(() => files.makeFolder(folder));
  let part: string | undefined;
  let path: string | null = null;
  try {
    await writing(files, place.scratchDirectory, 0, () => place.journal([folder]));
    const temp = (part = await within(() => place.makePart(folder)));
    const encoded = await obtain((directory) => encode(kit, task, { directory, temp }, options));
    options.onWritten(encoded);
    path = await within(() =>
      publish(files, { temp, folder, name: order.name, policy: policies[order.settings.conflict], originals: kit.originals }),
    );
    return path;
  } finally {
    if (part !== undefined) await place.dropPart(part);
    if (path === null && made !== undefined) await removeMade(files, folder, made);
  }
}

const policies: Record<ExportOrder['settings']['conflict'], PublishPolicy> = {
  rename: 'rename',
  skip: 'only',
  overwrite: 'overwrite',
};

/** Asked before any work; publishing asks again. False when the file is to be skipped. */
async function mayTake({ engine, originals }: FileKit, { folder, order }: FileTask, signal: AbortSignal): Promise<boolean> {
  const { conflict } = order.settings;
  const path = join(folder, siblingName(order.name, order.name.first));
  if (conflict === 'rename' || !(await exists(path))) return true;
  if (conflict === 'skip') return false;
  if ((await originals.lieIn(folder)) && (await provenanceOf(engine, path, signal)) === null) {
    throw new EnlargerError(
      'conflict',
      `The export would replace ${path}, which lies among your photos and was not made by Enlarger. Choose another folder with --out, or --on-conflict rename.`,
    );
  }
  return true;
}

interface EncodePlaces {
  readonly directory: string;
  readonly temp: string;
}

async function encode(kit: FileKit, task: FileTask, places: EncodePlaces, options: FileOptions): Promise<EncodeResult> {
  const { engine, files, place } = kit;
  const { plan, settings } = task.order;
  const { signal, onProgress } = options;
  const scratchDirectory = join(place.scratchDirectory, 'export');
  try {
    await writing(files, place.scratchDirectory, plan.scratchBytes, () => files.makeFolder(scratchDirectory));
    const params: EncodeParams = {
      resultDirectory: places.directory,
      output: { path: places.temp, format: plan.output.format, quality: plan.output.quality },
      size: plan.size,
      densityDpi: settings.densityDpi,
      strip: settings.strip,
      provenance: task.provenance,
      scratchDirectory,
    };
    return await engine.call('encode', params, {
      signal,
      onProgress: ({ fraction }) => {
        onProgress(fraction);
      },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    if (isDeath(error)) throw poison(error);
    throw (await diskLoss(kit, task, places.temp, scratchDirectory)) ?? error;
  } finally {
    // What resists here is removed with the whole run's scratch folder.
    await files.removeTree(scratchDirectory).catch(() => undefined);
  }
}

/** Libraries tell of a disk or folder that was taken from under them in words of their own: it is tried, and its own error told. */
async function diskLoss({ files }: FileKit, task: FileTask, temp: string, scratch: string): Promise<EnlargerError | null> {
  const { outputBytes, scratchBytes } = task.order.plan;
  try {
    await writing(files, task.folder, outputBytes, () => files.sync(temp));
    await writing(files, scratch, scratchBytes, () => files.syncFolder(scratch));
    return null;
  } catch (error) {
    return error instanceof EnlargerError ? error : null;
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
