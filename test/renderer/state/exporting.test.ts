import { beforeEach, describe, expect, test } from 'vitest';
import type { JobView } from '../../../core/api/contract.ts';
import { createEvents } from '../../../core/api/events.ts';
import { createTestDouble, type Overrides } from '../../../core/api/test-double.ts';
import { exportSettingsSchema } from '../../../core/photo/export-settings.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import type { JobStatus } from '../../../core/photo/job.ts';
import { setLanguage } from '../../../renderer/messages/index.svelte.ts';
import { Exporting } from '../../../renderer/state/exporting.svelte.ts';
import { Router } from '../../../renderer/state/router.svelte.ts';
import { Toasts } from '../../../renderer/state/toasts.svelte.ts';

const request = {
  choice: undefined,
  folder: { grant: 'g', name: 'out', path: '/out' },
  settings: exportSettingsSchema.parse({}),
};
const done: JobStatus = { state: 'done' };
const failed: JobStatus = { state: 'failed', failure: { code: 'not-writable', message: 'It is read-only.' }, attempts: 1 };
const running: JobStatus = { state: 'running', attempts: 1, interruptions: 0 };

function job(id: number, status: JobStatus, fraction = 0): JobView {
  return { id, kind: 'export', photoId: id, resultId: id, name: `${id}.jpg`, priority: 100, status, fraction };
}

function opened(overrides: Overrides = {}, hash = '#/export') {
  history.replaceState(null, '', hash);
  const { client, calls } = createTestDouble({
    export: { add: { jobs: [1, 2], skipped: [], refused: [] }, ...overrides.export },
    queue: { ...overrides.queue },
  });
  const events = createEvents({ check: true });
  const toasts = new Toasts();
  return { exporting: new Exporting(client, events, toasts, new Router()), events, toasts, calls };
}

beforeEach(() => setLanguage('en'));

describe('an export', () => {
  test('follows its own jobs to the end, and asks what came of them once', async () => {
    const outcomes = [{ jobId: 1, resultId: 1, path: '/out/1.jpg', skipped: null }];
    const { exporting, events, calls } = opened({ export: { outcomes: { outcomes } } });
    expect(await exporting.start(request)).toBe(true);
    expect([exporting.working, exporting.fraction]).toEqual([true, 0]);
    events.emit('job', job(1, running, 0.5));
    events.emit('job', job(77, done, 1));
    expect(exporting.fraction).toBe(0.25);
    events.emit('job', job(1, done, 1));
    expect(exporting.working).toBe(true);
    events.emit('job', job(2, failed, 0.9));
    expect([exporting.working, exporting.fraction]).toEqual([false, 1]);
    await expect.poll(() => exporting.outcomes).toEqual(outcomes);
    expect(exporting.failed.map(({ id }) => id)).toEqual([2]);
    expect(calls.filter(({ call }) => call === 'export.outcomes')).toEqual([{ call: 'export.outcomes', params: { jobs: [1] } }]);
  });

  test('knows of files that were written before their numbers were known', async () => {
    const { exporting } = opened({ queue: { jobs: { jobs: [job(1, done, 1), job(2, done, 1), job(3, running)] } } });
    await exporting.start(request);
    expect([exporting.working, exporting.settled.length]).toEqual([false, 2]);
  });

  test('of nothing new is over at once', async () => {
    const { exporting } = opened({
      export: { add: { jobs: [], skipped: [{ resultId: 1, reason: '', path: '/out/1.jpg' }], refused: [] } },
    });
    await exporting.start(request);
    expect([exporting.run === null, exporting.working, exporting.fraction]).toEqual([false, false, 1]);
  });

  test('that is refused is told and does not begin', async () => {
    const { exporting, toasts } = opened({ export: { add: new EnlargerError('disk-full', 'Only 3 MB are free.') } });
    expect(await exporting.start(request)).toBe(false);
    expect(exporting.run).toBeNull();
    expect(exporting.starting).toBe(false);
    expect(toasts.shown.map(({ text }) => text)).toEqual(['Only 3 MB are free.']);
  });

  test('is stopped where it is not done yet', async () => {
    const { exporting, events, calls } = opened();
    await exporting.start(request);
    events.emit('job', job(1, done, 1));
    await exporting.cancel();
    expect(calls.at(-1)).toEqual({ call: 'queue.cancel', params: { ids: [2] } });
  });

  test('tries again what failed, and is at work then', async () => {
    const { exporting, events, calls } = opened();
    await exporting.start(request);
    events.emit('job', job(1, done, 1));
    events.emit('job', job(2, failed));
    await exporting.retry();
    expect(calls.at(-1)).toEqual({ call: 'queue.retry', params: { ids: [2] } });
    events.emit('job', job(2, { state: 'queued', attempts: 0, interruptions: 0 }));
    expect(exporting.working).toBe(true);
    events.emit('job', job(2, done, 1));
    await expect.poll(() => calls.filter(({ call }) => call === 'export.outcomes').length).toBe(2);
  });

  test.each([
    ['#/export', 0],
    ['#/library', 1],
  ])('that ends while %s is shown is told %i times at the edge', async (hash, times) => {
    const { exporting, events, toasts, calls } = opened({}, hash);
    await exporting.start(request);
    events.emit('job', job(1, done, 1));
    events.emit('job', job(2, done, 1));
    await expect.poll(() => calls.some(({ call }) => call === 'export.outcomes')).toBe(true);
    await expect.poll(() => toasts.shown.length).toBe(times);
  });
});
