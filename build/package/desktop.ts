/** @file Builds the whole desktop program into `out`, from where Electron starts it and the packager takes it. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withLock } from '../bootstrap/lock.mjs';
import { buildRenderer } from '../renderer/build-renderer.ts';
import { stampFile, stampOfBuild, stampOfSources } from '../renderer/stamp.ts';

export interface DesktopBuildOptions {
  /** Folder of the repository. */
  readonly root: string;
  /** Told before there is something to wait for. */
  readonly say: (sentence: string) => void;
}

/** Folders and files, relative to the repository, that the bundles depend on. */
const SOURCES = [
  'electron',
  'core',
  'renderer/host',
  'build/package',
  'build/icons',
  'package.json',
  'package-lock.json',
] as const;

/** Side in pixels of the picture that windows have on Linux. */
const WINDOW_ICON_SIDE = 256;

/**
 * Builds what is stale. `electron <folder>` with the folder that it returns then starts the program. Of several processes one builds and the others
 * wait for it.
 *
 * @returns the folder, `out`
 */
export async function buildDesktop({ root, say }: DesktopBuildOptions): Promise<string> {
  const out = path.join(root, 'out');
  await buildRenderer({ root, say, force: false });
  const isFresh = (): boolean => stampOfBuild(path.join(out, 'electron')) === stampOfSources(root, SOURCES);
  if (isFresh()) return out;
  await withLock(
    path.join(root, '.cache', 'desktop.lock'),
    async () => {
      if (isFresh()) return;
      say('building the desktop program …');
      await buildProgram(root, out);
    },
    (pid) => {
      say(`waiting for another build of the desktop program (process ${String(pid)}) …`);
    },
  );
  return out;
}

async function buildProgram(root: string, out: string): Promise<void> {
  const stamp = stampOfSources(root, SOURCES);
  const [{ build }, { programBundles }, { renderIcon }] = await Promise.all([
    import('vite'),
    import('./bundles.ts'),
    import('../icons/render-icon.ts'),
  ]);
  for (const part of ['electron', 'engine']) {
    rmSync(path.join(out, part), { recursive: true, force: true });
    mkdirSync(path.join(out, part), { recursive: true });
  }
  for (const bundle of programBundles(root, out)) await build(bundle);
  writeFileSync(path.join(out, 'electron', 'icon.png'), await renderIcon(WINDOW_ICON_SIDE));
  writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(developmentManifest(root), null, 2)}\n`);
  // Last: a build that was interrupted has none.
  writeFileSync(stampFile(path.join(out, 'electron')), stamp);
}

/** What Electron reads when it is started with `out`; a package has the same words in its own manifest. */
function developmentManifest(root: string): object {
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  return { name, productName: 'Enlarger', version, type: 'module', main: 'electron/main.js' };
}
