import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobView } from '../../../../core/api/contract.ts';
import { createEvents, type Events } from '../../../../core/api/events.ts';
import { createTestDouble, type Overrides } from '../../../../core/api/test-double.ts';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import { QueueJobs } from '../../../../renderer/features/queue/queue-jobs.svelte.ts';
import { job, statusOf } from './jobs.ts';

const ids = (jobs: readonly JobView[]): number[] => jobs.map(({ id }) => id);

async function opened(jobs: () => JobView[], more: Overrides['queue'] = {}) {
  const { client, calls } = createTestDouble({ queue: { jobs: () => ({ jobs: jobs() }), ...more } });
  const events = createEvents({ check: true });
  const failed = vi.fn();
  const queue = new QueueJobs(client, events, { failed });
  await queue.reload();
  return { queue, events, failed, asked: () => calls.filter(({ call }) => call === 'queue.jobs').length, calls };
}

async function tell(events: Events, jobs: readonly JobView[], all: readonly JobView[]): Promise<void> {
  for (const one of jobs) events.emit('job', one);
  events.emit('queue', statusOf(all));
  await vi.advanceTimersByTimeAsync(150);
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the list of jobs', () => {
  test('follows the news without asking again', async () => {
    const { queue, events, asked, calls } = await opened(() => [job(1, 'running'), job(2), job(3)]);
    expect(calls[0]?.params).toEqual({ kinds: ['enhance', 'export'], limit: 10_000 });
    await tell(events, [job(1, 'running', { fraction: 0.8 })], [job(1, 'running'), job(2), job(3)]);
    await tell(events, [job(1, 'done'), job(2, 'running')], [job(1, 'done'), job(2, 'running'), job(3)]);
    expect([ids(queue.list.running), ids(queue.list.waiting), ids(queue.list.settled)]).toEqual([[2], [3], [1]]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(asked()).toBe(1);
    queue.close();
  });

  test('asks again, once, when the host counts jobs that are not in it', async () => {
    const all = [job(1)];
    const { queue, events, asked } = await opened(() => all);
    all.push(job(2), job(3));
    for (let time = 0; time < 5; time += 1) events.emit('queue', statusOf(all));
    await vi.advanceTimersByTimeAsync(2000);
    expect([ids(queue.list.waiting), asked()]).toEqual([[1, 2, 3], 2]);
    queue.close();
  });

  test('takes in a thousand changes at once', async () => {
    const all = Array.from({ length: 1000 }, (_, index) => job(index + 1));
    const { queue, events } = await opened(() => all);
    const cancelled = all.map(({ id }) => job(id, 'cancelled'));
    await tell(events, cancelled, cancelled);
    expect([queue.list.waiting.length, queue.list.settled.length]).toEqual([0, 1000]);
    queue.close();
  });

  test('knows better than an answer that was on its way when the job was done', async () => {
    let answer: (jobs: JobView[]) => void = () => undefined;
    const slow = createTestDouble({ queue: { jobs: () => new Promise((resolve) => (answer = (jobs) => resolve({ jobs }))) } });
    const events = createEvents({ check: true });
    const queue = new QueueJobs(slow.client, events, { failed: vi.fn() });
    void queue.reload();
    await vi.advanceTimersByTimeAsync(0);
    await tell(events, [job(1, 'done')], [job(1, 'done'), job(2)]);
    answer([job(1, 'running'), job(2)]);
    await vi.advanceTimersByTimeAsync(200);
    expect([ids(queue.list.running), ids(queue.list.settled)]).toEqual([[], [1]]);
    queue.close();
  });

  test('shows a new order at once, and the old one when the host refuses it', async () => {
    const { queue, failed, calls } = await opened(() => [job(1), job(2)], { move: new EnlargerError('internal', 'No.') });
    const moving = queue.move(2, 'up');
    expect(ids(queue.list.waiting)).toEqual([2, 1]);
    await moving;
    await vi.advanceTimersByTimeAsync(0);
    expect([ids(queue.list.waiting), failed.mock.calls.length]).toEqual([[1, 2], 1]);
    expect(calls.find(({ call }) => call === 'queue.move')?.params).toEqual({ ids: [2], beforeId: 1 });
    queue.close();
  });

  test('says why there is none, and comes when it is asked for again', async () => {
    let away = true;
    const { queue } = await opened(() => {
      if (away) throw new EnlargerError('internal', 'The program does not answer.');
      return [job(1)];
    });
    expect([queue.loaded, queue.failure?.message]).toEqual([false, 'The program does not answer.']);
    away = false;
    await queue.reload();
    expect([queue.loaded, queue.failure, ids(queue.list.waiting)]).toEqual([true, null, [1]]);
    queue.close();
  });

  test('hears nothing after its end', async () => {
    const all = [job(1)];
    const { queue, events, asked } = await opened(() => all);
    queue.close();
    events.emit('job', job(1, 'running'));
    events.emit('queue', statusOf([job(1), job(2)]));
    await vi.advanceTimersByTimeAsync(2000);
    expect([ids(queue.list.waiting), asked()]).toEqual([[1], 1]);
  });
});
