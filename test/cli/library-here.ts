/** A library of its own for tests of the commands: photos, cache and catalog in one temporary folder, which nobody else sees. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runLineSchema, type RunLine } from '../../core/photo/run-events.ts';
import type { PhotoSize } from '../fixtures/photos.ts';
import { runCli, startCli, type CliResult, type RunningCli } from './run-cli.ts';

type Make = (folder: string, size: PhotoSize) => Promise<string>;

export interface LibraryHere {
  readonly root: string;
  /** Folder of the photos. */
  readonly photos: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: string[]): Promise<CliResult>;
  start(...args: string[]): RunningCli;
  /** Runs with `--json`, expects exit code 0, and parses each line. */
  json(...args: string[]): Promise<Record<string, unknown>[]>;
  /** The same for commands that print the lines of a run; `code` is what they must end with. */
  lines(code: number, ...args: string[]): Promise<RunLine[]>;
  /** Hash, time and mode of every file among the photos. */
  originals(): Promise<unknown>;
  remove(): Promise<void>;
}

/** Makes the folder with one photo of each kind in it. */
export async function libraryHere(makers: readonly Make[], size: PhotoSize): Promise<LibraryHere> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'enlarger-library-')));
  const photos = join(root, 'photos');
  await mkdir(photos);
  for (const make of makers) await make(photos, size);
  const env = { ENLARGER_LIBRARY: join(root, 'library'), ENLARGER_CACHE: join(root, 'state') };
  const options = { cwd: root, env };
  const run = (...args: string[]): Promise<CliResult> => runCli(args, options);
  return {
    root,
    photos,
    env,
    run,
    start: (...args) => startCli(args, options),
    async json(...args) {
      const { code, stdout, stderr } = await run(...args, '--json');
      expect(code, stderr).toBe(0);
      return parseLines(stdout) as Record<string, unknown>[];
    },
    async lines(code, ...args) {
      const result = await run(...args, '--json');
      expect(result.code, result.stderr).toBe(code);
      return runLines(result.stdout);
    },
    async originals() {
      const names = (await readdir(photos, { recursive: true })).sort();
      const files = await Promise.all(
        names.map(async (name) => {
          const status = await stat(join(photos, name), { bigint: true });
          if (!status.isFile()) return [name];
          const hash = createHash('sha256').update(await readFile(join(photos, name)));
          return [name, hash.digest('hex'), status.mtimeNs, status.mode, status.size];
        }),
      );
      return files;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

function parseLines(stdout: string): unknown[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as unknown);
}

/** Every line is one of the contract, with exactly its fields. */
export function runLines(stdout: string): RunLine[] {
  return parseLines(stdout).map((data) => {
    const line = runLineSchema.parse(data);
    expect(data).toEqual(line);
    return line;
  });
}

export function ofType<Type extends RunLine['type']>(lines: readonly RunLine[], type: Type): Extract<RunLine, { type: Type }>[] {
  return lines.filter((line): line is Extract<RunLine, { type: Type }> => line.type === type);
}
