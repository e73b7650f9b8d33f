import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialStatus, isSettled, jobStatusSchema, nextStatus, type JobEvent, type JobStatus } from '../../../core/photo/job.ts';
import { nextResultState, resultStates, type ResultEvent } from '../../../core/photo/result.ts';

const failure = { code: 'device-failed', message: 'It ended.' } as const;
const types = ['start', 'finish', 'fail', 'lose', 'interrupt', 'release', 'cancel', 'retry'] as const;
const eventOf = (type: (typeof types)[number]): JobEvent =>
  type === 'fail' || type === 'lose' || type === 'interrupt' ? { type, failure } : { type };
const histories = fc.array(fc.constantFrom(...types), { maxLength: 60 });

/** Every status on the way; events that are not legal change nothing. */
function statuses(history: readonly (typeof types)[number][]): JobStatus[] {
  const passed: JobStatus[] = [initialStatus];
  for (const type of history) passed.push(nextStatus(passed.at(-1)!, eventOf(type)) ?? passed.at(-1)!);
  return passed;
}

describe('a job', () => {
  it('always has a status that can be stored and read back', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const status of statuses(history)) expect(jobStatusSchema.parse(status)).toEqual(status);
      }),
    );
  });

  it('is begun at most twice when its engine dies, and may be interrupted four times besides', () => {
    const of = (...history: (typeof types)[number][]): JobStatus => statuses(history).at(-1)!;
    expect(of('start', 'lose')).toMatchObject({ state: 'queued', attempts: 1 });
    expect(of('start', 'lose', 'start', 'lose')).toEqual({ state: 'failed', failure, attempts: 2 });
    const interrupted = Array.from({ length: 4 }, () => ['start', 'interrupt'] as const).flat();
    expect(of(...interrupted)).toEqual({ state: 'queued', attempts: 0, interruptions: 4 });
    expect(of(...interrupted, 'start', 'lose')).toMatchObject({ state: 'queued', attempts: 1 });
    expect(of(...interrupted, 'start', 'interrupt')).toMatchObject({ state: 'failed' });
  });

  it('that was given back has lost nothing', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const before = statuses(history).at(-1)!;
        const started = nextStatus(before, { type: 'start' });
        if (started !== null) expect(nextStatus(started, { type: 'release' })).toEqual(before);
      }),
    );
  });

  it('that is settled stays so, unless it failed or was cancelled and is tried again', () => {
    for (const type of types) {
      expect(nextStatus({ state: 'done' }, eventOf(type))).toBeNull();
      const expected = type === 'retry' ? initialStatus : null;
      expect(nextStatus({ state: 'failed', failure, attempts: 2 }, eventOf(type))).toEqual(expected);
      expect(nextStatus({ state: 'cancelled' }, eventOf(type))).toEqual(expected);
    }
    expect(['queued', 'running', 'done', 'failed', 'cancelled'].map((state) => isSettled(state as JobStatus['state']))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('can only end while it runs, or be taken out or refused before', () => {
    expect(types.filter((type) => nextStatus(initialStatus, eventOf(type)) !== null)).toEqual(['start', 'fail', 'cancel']);
  });
});

describe('a result', () => {
  const events: readonly ResultEvent[] = ['rendered', 'accept', 'reject', 'export', 'reset'];

  it('cannot be judged or exported before it is made', () => {
    expect(events.filter((event) => nextResultState('pending', event) !== null)).toEqual(['rendered']);
  });

  it('keeps its verdict when its pixels are made again', () => {
    for (const state of resultStates) if (state !== 'pending') expect(nextResultState(state, 'rendered')).toBe(state);
  });

  it('is exported only when it was accepted', () => {
    expect(resultStates.filter((state) => nextResultState(state, 'export') !== null)).toEqual(['accepted', 'exported']);
  });

  it('can be judged anew at any time', () => {
    for (const state of ['ready', 'accepted', 'rejected', 'exported'] as const) {
      expect(nextResultState(state, 'reject')).toBe('rejected');
      expect(nextResultState(state, 'reset')).toBe('ready');
      expect(nextResultState(state, 'accept')).toBe(state === 'exported' ? 'exported' : 'accepted');
    }
  });
});
