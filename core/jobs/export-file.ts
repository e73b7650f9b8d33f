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
import { encodeInto } from './encode-into.ts';
import type { Engine } from './engine-client.ts';
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
      `The export would replace ${path}, which lies among your photos and was not made by Enlarger. Choose another folder, or let the file get a number.`,
    );
  }
  return true;
}

interface EncodePlaces {
  readonly directory: string;
  readonly temp: string;
}

async function encode(
  { engine, files, place }: FileKit,
  { folder, order, provenance }: FileTask,
  { directory, temp }: EncodePlaces,
  options: FileOptions,
): Promise<EncodeResult> {
  const { plan, settings } = order;
  const params = {
    resultDirectory: directory,
    output: { path: temp, format: plan.output.format, quality: plan.output.quality },
    size: plan.size,
    densityDpi: settings.densityDpi,
    strip: settings.strip,
    provenance,
  };
  const { outputBytes, scratchBytes } = plan;
  const kit = { engine, files, scratchDirectory: place.scratchDirectory };
  return await encodeInto(kit, { params, folder, outputBytes, scratchBytes }, options);
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
