/** A result's folder → a temp file, by the engine: the one way for `enhance` and for exports. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import { diskLoss, writing } from '../disk/write-failure.ts';
import type { EncodeParams, EncodeResult } from '../photo/engine-protocol.ts';
import type { Engine } from './engine-client.ts';
import { poison } from './enhance-render.ts';
import { isDeath } from './is-death.ts';

export interface EncodeKit {
  readonly engine: Pick<Engine, 'call'>;
  readonly files: FileOps;
  /** Existing folder for intermediate pictures. */
  readonly scratchDirectory: string;
}

export interface EncodeTask {
  readonly params: Omit<EncodeParams, 'scratchDirectory'>;
  /** Of the temp file. */
  readonly folder: string;
  /** Estimates, for what is said when a disk is full. */
  readonly outputBytes: number;
  readonly scratchBytes: number;
}

export interface EncodeWatch {
  readonly signal: AbortSignal;
  /** 0..1 of the encoding. */
  readonly onProgress: (fraction: number) => void;
}

/** Fills the temp file. Throws an `EnlargerError`; one that is a death (`isDeath`) says what is to be told when it was the last attempt. */
export async function encodeInto(kit: EncodeKit, task: EncodeTask, { signal, onProgress }: EncodeWatch): Promise<EncodeResult> {
  const { engine, files } = kit;
  const { params, folder, outputBytes, scratchBytes } = task;
  const scratchDirectory = join(kit.scratchDirectory, `photo-${randomUUID()}`);
  try {
    await writing(files, kit.scratchDirectory, scratchBytes, () => files.makeFolder(scratchDirectory));
    return await engine.call(
      'encode',
      { ...params, scratchDirectory },
      {
        signal,
        onProgress: ({ fraction }) => {
          onProgress(fraction);
        },
      },
    );
  } catch (error) {
    if (signal.aborted) throw error;
    if (isDeath(error)) throw poison(error);
    const loss = await diskLoss(async () => {
      await writing(files, folder, outputBytes, () => files.sync(params.output.path));
      await writing(files, scratchDirectory, scratchBytes, () => files.syncFolder(scratchDirectory));
    });
    throw loss ?? error;
  } finally {
    // What resists here is removed with the whole run's scratch folder.
    await files.removeTree(scratchDirectory).catch(() => undefined);
  }
}
