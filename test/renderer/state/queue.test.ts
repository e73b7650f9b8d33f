import { describe, expect, test, vi } from 'vitest';
import { createEvents } from '../../../core/api/events.ts';
import { createTestDouble, type Overrides } from '../../../core/api/test-double.ts';
import type { QueueStatus } from '../../../core/api/contract.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { QueueState } from '../../../renderer/state/queue.svelte.ts';
import { Toasts } from '../../../renderer/state/toasts.svelte.ts';
import { job, statusOf } from '../features/queue/jobs.ts';

function opened(queue: Overrides['queue'] = {}) {
  const { client, calls } = createTestDouble({ queue: { status: statusOf([job(1)]), ...queue } });
  const events = createEvents({ check: true });
  const toasts = new Toasts();
  return { state: new QueueState(client, events, toasts), events, toasts, calls };
}

describe('the state of the queue', () => {
  test('is asked for, and follows what is told', async () => {
    const { state, events } = opened();
    expect([state.status, state.idle]).toEqual([null, false]);
    await vi.waitFor(() => expect(state.status?.counts.queued).toBe(1));
    expect(state.idle).toBe(true);
    events.emit('queue', statusOf([job(1, 'running')]));
    expect([state.status?.counts.running, state.idle]).toEqual([1, false]);
  });

  test('is what was told last, not an answer that was on its way', async () => {
    let answer: (status: QueueStatus) => void = () => undefined;
    const { state, events } = opened({ status: () => new Promise((resolve) => (answer = resolve)) });
    await vi.waitFor(() => expect(answer).not.toBe(undefined));
    events.emit('queue', statusOf([job(1, 'done')]));
    answer(statusOf([job(1, 'running')]));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(state.status?.counts.done).toBe(1);
  });

  test.each([
    ['pause', 'queue.pause', {}],
    ['resume', 'queue.resume', {}],
  ] as const)('asks the host to %s', async (verb, call, params) => {
    const { state, calls } = opened();
    state[verb]();
    await vi.waitFor(() => expect(calls.at(-1)).toEqual({ call, params }));
  });

  test('cancels and tries again what is named, or everything', async () => {
    const { state, calls } = opened();
    state.cancel([1, 2]);
    state.cancel();
    state.retry([3]);
    state.retry();
    await vi.waitFor(() => expect(calls.slice(-4).map(({ params }) => params)).toEqual([{ ids: [1, 2] }, {}, { ids: [3] }, {}]));
  });

  test('says why something could not be done', async () => {
    const { state, toasts } = opened({ pause: new EnlargerError('internal', 'The program does not answer.') });
    state.pause();
    await vi.waitFor(() => expect(toasts.shown.map(({ text }) => text)).toEqual(['The program does not answer.']));
  });
});
