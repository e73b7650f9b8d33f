import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createQueue } from '../../../core/jobs/queue.ts';
import { openCatalog } from '../../../core/library/catalog.ts';
import { priorities } from '../../../core/photo/job.ts';

interface RecordedJob {
  readonly workPixels: number;
  /** Milliseconds since it was begun, and how far it was said to be. */
  readonly steps: readonly (readonly [atMs: number, fraction: number])[];
  readonly endMs: number;
}

/** 100 photos of 0.02 to 0.8 megapixels in random order, ×2, with the shipped network on two shared cores: `pixels | ms:fraction … | ms`. */
const recording: readonly RecordedJob[] = z
  .array(z.string())
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/recorded-batch.json', import.meta.url), 'utf8')))
  .map((line) => {
    const [pixels = '', steps = '', end = ''] = line.split(' | ');
    const pairs = steps.split(' ').map((step) => step.split(':').map(Number));
    return { workPixels: Number(pixels), steps: pairs.map(([at = 0, fraction = 0]) => [at, fraction]), endMs: Number(end) };
  });

interface Sample {
  /** Of the work alone, without the time that the queue was paused. */
  readonly workedMs: number;
  readonly fraction: number;
  readonly remainingMs: number | null;
  readonly settled: number;
}

/** Plays the recording through a queue with a clock of its own; after 30 jobs the queue is paused for an hour. */
async function play(): Promise<{ samples: Sample[]; totalMs: number; fractions: Map<number, number[]> }> {
  let clockMs = 0;
  let pausedMs = 0;
  let done = 0;
  const catalog = openCatalog({ path: ':memory:' });
  const samples: Sample[] = [];
  const fractions = new Map<number, number[]>();
  const queue = createQueue({
    store: catalog.jobs,
    now: () => clockMs,
    workers: {
      enhance: (job, { onProgress }) => {
        const recorded = recording[z.int().parse(job.payload)];
        if (recorded === undefined) throw new RangeError('not recorded');
        const startMs = clockMs;
        for (const [atMs, fraction] of recorded.steps) {
          clockMs = startMs + atMs;
          onProgress(fraction);
        }
        clockMs = startMs + recorded.endMs;
        done += 1;
        return done === 30 ? queue.pause() : Promise.resolve();
      },
    },
  });
  queue.subscribe((event) => {
    const { fraction, remainingMs, settled } = queue.progress();
    samples.push({ workedMs: clockMs - pausedMs, fraction, remainingMs, settled });
    if (event.type === 'job') fractions.set(event.job.id, [...(fractions.get(event.job.id) ?? []), event.job.fraction]);
  });
  queue.add(
    recording.map(({ workPixels }, index) => ({
      kind: 'enhance',
      photoId: null,
      resultId: null,
      priority: priorities.asked,
      workPixels,
      payload: index,
    })),
  );
  await queue.run();
  pausedMs = 3_600_000;
  clockMs += pausedMs;
  queue.resume();
  await queue.run();
  catalog.close();
  return { samples, totalMs: clockMs - pausedMs, fractions };
}

describe('the progress of a recorded batch of 100', () => {
  it('never falls, is whole only at the end, and tells at half way when that comes, paused or not', async () => {
    const { samples, totalMs, fractions } = await play();
    const shown = samples.map(({ fraction }) => fraction);
    // What is shown before the first job is added is an empty queue.
    const begun = shown.slice(shown.indexOf(0));
    expect(begun).toEqual(begun.toSorted((a, b) => a - b));
    for (const { fraction, settled } of samples.slice(shown.indexOf(0)))
      expect(fraction === 1).toBe(settled === recording.length);
    expect(samples.at(-1)).toMatchObject({ fraction: 1, remainingMs: 0 });
    expect(fractions.size).toBe(100);
    for (const one of fractions.values()) {
      expect(one).toEqual(one.toSorted((a, b) => a - b));
      expect(one.indexOf(1)).toBe(one.length - 1);
    }

    const error = ({ workedMs, remainingMs }: Sample): number => Math.abs((remainingMs ?? Infinity) / (totalMs - workedMs) - 1);
    const halfWay = samples.filter(({ fraction }) => Math.abs(fraction - 0.5) < 0.05);
    expect(halfWay.length).toBeGreaterThan(10);
    const worst = Math.max(...halfWay.map(error));
    expect(worst).toBeLessThanOrEqual(0.2);
    console.log(`time left at half way: at most ${(100 * worst).toFixed(1)} % wrong`);
  });
});
