/** @file Main process: what is said to developers. Nothing is kept, so no name of a photo is left in a file. */
import type { Log } from '../core/jobs/spawn-engine.ts';

/** To stderr. What engines chatter only with ENLARGER_LOG=debug. */
export const log: Log = (level, text) => {
  if (level === 'debug' && process.env['ENLARGER_LOG'] !== 'debug') return;
  process.stderr.write(`enlarger ${level}: ${text}\n`);
};
