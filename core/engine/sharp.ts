/** The one place that imports sharp, so that its environment and limits are set before anything is decoded. */
import './sharp-environment.ts';
import { availableParallelism } from 'node:os';
import sharp from 'sharp';

// Nothing is decoded twice here, so libvips' cache of operations would only hold memory and open files.
sharp.cache(false);
// libvips buffers rows for each of its threads; more than four gain little and cost memory.
sharp.concurrency(Math.min(4, availableParallelism()));

export { sharp };
export type { Sharp } from 'sharp';
