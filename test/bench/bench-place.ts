/** Where a bench works: a folder that goes with it, and what it needs of the repository. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const modelDirectory = fileURLToPath(new URL('../../models/photo-x2', import.meta.url));

export interface BenchPlace {
  readonly directory: string;
  readonly stateDirectory: string;
  /** Whether minutes-long parts were asked for. */
  readonly long: boolean;
  /** Repeats of a timed run; medians are taken. */
  readonly repeats: number;
  /** Parts of a section that were asked for by name; empty: all of them. */
  readonly parts: readonly string[];
  /** Says what is going on; goes to stderr, the tables alone to stdout. */
  say(text: string): void;
}

/** Calls `work` with a fresh folder and removes it afterwards. */
export async function withBenchPlace(
  options: { long: boolean; repeats: number; parts?: readonly string[] },
  work: (place: BenchPlace) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'enlarger-bench-'));
  try {
    const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
    await work({ directory, stateDirectory: join(directory, 'state'), parts: [], ...options, say });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
