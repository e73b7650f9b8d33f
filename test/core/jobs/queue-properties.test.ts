import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueue, type Queue } from '../../../core/jobs/queue.ts';
import type { SingleWorker } from '../../../core/jobs/queue-worker.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { priorities, type JobStore } from '../../../core/photo/job.ts';
import { memoryJobs } from '../../fixtures/memory-jobs.ts';

const photo = fc.integer({ min: 1, max: 20 });
const command = fc.oneof(
  fc.record({ do: fc.constant('add' as const), photos: fc.array(photo, { maxLength: 4 }) }),
  fc.record({ do: fc.constant('look' as const), photos: fc.array(photo, { maxLength: 3 }) }),
  fc.record({ do: fc.constantFrom('cancel' as const, 'retry' as const, 'move' as const), index: fc.nat(20) }),
  fc.record({ do: fc.constantFrom('pause' as const, 'pause at once' as const, 'resume' as const, 'turn' as const) }),
);
type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A worker that fails, dies and breaks as `luck` has it, and what it should never have been asked to do. */
function luckyWorker(store: JobStore, luck: () => number) {
  const wrong: string[] = [];
  let atWork = 0;
  const worker: SingleWorker = async (job, { signal, onProgress }) => {
    if (atWork > 0) wrong.push(`job ${String(job.id)} beside another`);
    if (store.get(job.id)?.status.state !== 'running') wrong.push(`job ${String(job.id)} before its start was committed`);
    atWork += 1;
    try {
      for (const fraction of [0.3, 0.6, 0.9]) {
        await turn();
        if (signal.aborted) throw new EnlargerError('cancelled', 'Stopped as asked.');
        onProgress(fraction);
      }
      const outcome = luck();
      if (outcome === 0) throw new EnlargerError('device-failed', 'It ended.', { retry: true });
      if (outcome === 1) throw new EnlargerError('damaged', 'It ends too early.');
      if (outcome === 2) throw new TypeError('x is undefined');
    } finally {
      atWork -= 1;
    }
  };
  return { worker, wrong };
}

/** Watches the whole fraction. A new account begins when the last one was through. */
function watchProgress(queue: Queue): string[] {
  const wrong: string[] = [];
  let shown = 1;
  queue.subscribe((event) => {
    if (event.type !== 'status') return;
    const { jobs, settled, fraction } = event.status.whole;
    if (shown < 1 && fraction < shown) wrong.push(`from ${String(shown)} to ${String(fraction)}`);
    if ((fraction === 1) !== (settled === jobs)) wrong.push(`${String(fraction)} at ${String(settled)} of ${String(jobs)}`);
    shown = fraction;
  });
  return wrong;
}

async function perform(queue: Queue, step: Command, added: number[]): Promise<void> {
  switch (step.do) {
    case 'add':
      added.push(
        ...queue.add(
          step.photos.map((photoId) => ({
            kind: 'enhance',
            photoId,
            resultId: null,
            priority: priorities.asked,
            workPixels: photoId * 100,
            payload: {},
          })),
        ),
      );
      return;
    case 'look':
      queue.look(step.photos);
      return;
    case 'pause':
      void queue.pause();
      return;
    case 'pause at once':
      void queue.pause({ atOnce: true });
      return;
    case 'resume':
      queue.resume();
      return;
    case 'turn':
      await turn();
      return;
    default: {
      const ids = added.slice(step.index % Math.max(1, added.length)).slice(0, 1);
      if (step.do === 'cancel') void queue.cancel(ids);
      else if (step.do === 'retry') queue.retry(ids);
      else queue.move(ids, added[0] ?? null);
    }
  }
}

describe('whatever is done to the queue', () => {
  it('no job is worked on beside another or before it is committed, none is lost, and progress does not fall', async () => {
    let worked = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 30 }), fc.infiniteStream(fc.nat(9)), async (commands, luck) => {
        const store = memoryJobs(20);
        const { worker, wrong } = luckyWorker(store, () => (luck.next().value as number | undefined) ?? 9);
        const queue = createQueue({ store, workers: { enhance: worker } });
        const falls = watchProgress(queue);
        const added: number[] = [];
        queue.start();
        for (const step of commands) await perform(queue, step, added);
        await queue.stop();
        queue.resume();
        const { left, done } = await queue.run();
        worked += done;
        const counts = store.counts();
        expect([left, counts.queued, counts.running]).toEqual([0, 0, 0]);
        expect(counts.done + counts.failed + counts.cancelled).toBe(added.length);
        expect([wrong, falls]).toEqual([[], []]);
        expect(queue.progress().fraction).toBe(1);
        for (const { status } of store.list({ states: ['failed'] }))
          expect(status.state === 'failed' ? status.attempts : 0).toBeLessThanOrEqual(2);
      }),
      { numRuns: 200 },
    );
    expect(worked).toBeGreaterThan(100);
  });
});
