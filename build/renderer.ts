/** @file Command `npm run build [-- --force]`: builds the window into `out/renderer`, when that is missing or older than its sources. */
import path from 'node:path';
import { buildRenderer } from './renderer/build-renderer.ts';

const say = (sentence: string): void => void process.stderr.write(`enlarger: ${sentence}\n`);
try {
  await buildRenderer({ root: path.resolve(import.meta.dirname, '..'), force: process.argv.includes('--force'), say });
} catch (error) {
  // What Vite found shows the place in the source; where Vite itself was then helps nobody.
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
