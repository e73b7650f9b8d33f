/**
 * A run: inputs in, enlarged files out. One photo and a folder of thousands take the same way. Everything a
 * host shows comes through `emit`; nothing here prints.
 */
import type { ConflictPolicy, ExportRecipe, Recipe } from '../photo/recipe.ts';
import type { RunEvent } from '../photo/run-events.ts';
import type { Engine } from './engine-client.ts';
import type { FileOps } from './file-ops.ts';
import type { InstalledModel } from './model-store.ts';

export type DeviceChoice = 'auto' | 'cpu' | 'webgpu';

export interface EnhanceRun {
  /** Files and folders as the user gave them; relative ones are relative to the working directory. */
  readonly inputs: readonly string[];
  /** `--out` as given, or null for a folder `enlarged` beside each input. */
  readonly outDirectory: string | null;
  readonly recursive: boolean;
  readonly recipe: Recipe;
  readonly exported: ExportRecipe;
  readonly conflict: ConflictPolicy;
  readonly device: DeviceChoice;
  /** Models the plan may choose from. For `--model <path>`: `findModel` first, then only that one here. */
  readonly models: readonly InstalledModel[];
  /** The host owns it, and closes it after the run. */
  readonly engine: Engine;
  /** From `openStateFolder`. */
  readonly stateDirectory: string;
  /** Version of Enlarger, written into the results. */
  readonly softwareVersion: string;
  /** Aborting stops the run within two seconds and leaves no partial file. */
  readonly signal: AbortSignal;
  /** Every write of the run goes through this; default: the real file system. */
  readonly files?: FileOps;
}

export interface RunSummary {
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly ms: number;
  /** The signal ended it; photos that were not reached are in none of the counts. */
  readonly interrupted: boolean;
}

/**
 * Enhances everything. Resolves also when photos failed (they are in the summary and were emitted as `failed`);
 * rejects with an `EnlargerError` only when nothing could be begun: unknown device, no model. The last event is
 * always `summary`, unless it rejects. `input` in events is the path as given, joined with the relative path
 * inside a folder; `output` is relative where `outDirectory` (or the input, without one) was.
 */
export async function runEnhance(run: EnhanceRun, emit: (event: RunEvent) => void): Promise<RunSummary> {
  await Promise.resolve();
  void run;
  void emit;
  throw new Error('not written yet');
}
