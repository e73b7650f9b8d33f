/** Where the built window is, and making sure that it is there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readPageFiles, type PageFiles } from '../../core/host/page-files.ts';
import { EnlargerError } from '../../core/photo/failure.ts';

const folder = fileURLToPath(new URL('../../out/renderer', import.meta.url));
/** In a checkout alone: a packaged program has the window with it, and nothing to build it with. */
const builder = fileURLToPath(new URL('../../build/renderer.ts', import.meta.url));

/**
 * Reads the window; in a checkout it is built before, when it is missing or older than its sources. Null when the signal stopped that. Throws
 * `internal` when it cannot be built.
 */
export async function readBuiltWindow(signal: AbortSignal): Promise<PageFiles | null> {
  if (existsSync(builder)) await build(signal);
  return signal.aborted ? null : await readPageFiles(folder);
}

async function build(signal: AbortSignal): Promise<void> {
  // What it has to say is for people: stdout is for the address.
  const child = spawn(process.execPath, [builder], { stdio: ['ignore', process.stderr, process.stderr] });
  const stop = (): void => void child.kill();
  signal.addEventListener('abort', stop);
  const [code] = (await once(child, 'close')) as [number | null];
  signal.removeEventListener('abort', stop);
  if (code !== 0 && !signal.aborted)
    throw new EnlargerError('internal', 'The window could not be built; the reason is said above.');
}
