/** Where the evaluation works, what it has opened, and how it asks the command. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProvenance } from '../../core/engine/metadata/provenance.ts';
import type { LoadedModel } from '../../core/engine/network/loaded-model.ts';
import { runEnhance } from '../bench/command.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import { openModel, type ShippedModel } from './eval-model.ts';
import { photosOf, type EvalOptions, type SetName, type TableName } from './options.ts';

/** One model under test. */
export interface Workplace {
  readonly model: ShippedModel;
  readonly int8: LoadedModel;
  readonly options: EvalOptions;
  /** A folder that goes with the run. */
  readonly directory: string;
  /** Says what is going on; goes to stderr. */
  say(text: string): void;
}

/** A set whose pictures are there. */
export interface EvalSet {
  readonly name: SetName;
  readonly directory: string;
  readonly limit: number;
}

/** Calls `work` with the int8 file opened and a fresh folder; releases and removes both. */
export async function withWorkplace<Result>(
  model: ShippedModel,
  options: EvalOptions,
  work: (place: Workplace) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'enlarger-eval-'));
  const int8 = await openModel(model, model.int8);
  try {
    const say = (text: string): void => void process.stderr.write(`eval: ${model.card.id}: ${text}\n`);
    return await work({ model, int8, options, directory, say });
  } finally {
    await int8.network.release();
    await rm(directory, { recursive: true, force: true });
  }
}

export function setsFor(table: TableName, options: EvalOptions): EvalSet[] {
  return options.sets.flatMap((name) => {
    const directory = sharedData(`eval/${name}`);
    return directory === null ? [] : [{ name, directory, limit: photosOf(name, table, options) }];
  });
}

export interface Enhanced {
  /** PNG that the command wrote. */
  readonly output: string;
  /** Strength that the file says it was made with. */
  readonly strength: number;
}

/** Everything in a folder through one run of the command with this model, to PNG; by the input's path. Throws unless all were done. */
export async function throughCommand(
  place: Pick<Workplace, 'model' | 'directory'>,
  inputs: readonly string[],
  out: string,
  args: readonly string[],
): Promise<Map<string, Enhanced>> {
  const { card, directory } = place.model;
  const scale = args.includes('--scale') ? [] : ['--scale', String(card.scale)];
  const run = await runEnhance(['--model', directory, ...scale, '--format', 'png', '--out', out, ...args, ...inputs], {
    stateDirectory: join(place.directory, 'state'),
  });
  const results = new Map<string, Enhanced>();
  for (const { line } of run.lines) {
    if (line.type !== 'done') continue;
    const provenance = await readProvenance(line.output);
    if (provenance === null) throw new Error(`${line.output} does not say how it was made`);
    results.set(line.input, { output: line.output, strength: provenance.strength });
  }
  const missing = inputs.filter((input) => !results.has(input));
  if (missing.length > 0) throw new Error(`The command did not do ${missing.join(', ')}`);
  return results;
}
