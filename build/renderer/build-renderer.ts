/** @file Builds the window when it is stale. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from '../bootstrap/lock.mjs';
import { stampFile, stampOfBuild, stampOfSources } from './stamp.ts';

export interface BuildOptions {
  /** Folder of the repository. */
  readonly root: string;
  /** Builds also what is not stale. */
  readonly force: boolean;
  /** Told before there is something to wait for. */
  readonly say: (sentence: string) => void;
}

/**
 * Makes `out/renderer` the build of the sources that there are now. Of several processes one builds and the others wait for it. The old build stays
 * until the new one is whole; sources that change meanwhile make it stale again.
 *
 * @returns whether there was anything to do
 */
export async function buildRenderer({ root, force, say }: BuildOptions): Promise<boolean> {
  const outDirectory = path.join(root, 'out', 'renderer');
  const isFresh = (): boolean => stampOfBuild(outDirectory) === stampOfSources(root);
  if (!force && isFresh()) return false;
  return await withLock(
    path.join(root, '.cache', 'renderer.lock'),
    async () => {
      if (!force && isFresh()) return false;
      say('building the window …');
      await buildInto(root, outDirectory);
      return true;
    },
    (pid) => {
      say(`waiting for another build of the window (process ${String(pid)}) …`);
    },
  );
}

async function buildInto(root: string, outDirectory: string): Promise<void> {
  const stamp = stampOfSources(root);
  const draft = `${outDirectory}.draft`;
  const [{ build }, { rendererConfig }] = await Promise.all([import('vite'), import('./config.ts')]);
  await build(rendererConfig(root, draft));
  writeFileSync(stampFile(draft), stamp);
  mkdirSync(path.dirname(outDirectory), { recursive: true });
  rmSync(outDirectory, { recursive: true, force: true });
  renameSync(draft, outDirectory);
}
