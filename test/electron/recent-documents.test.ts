import { beforeEach, expect, test, vi } from 'vitest';
import { createGrants } from '../../core/api/grants.ts';
import type { LiveHost } from '../../core/host/live-host.ts';
import { noteRecentDocuments } from '../../electron/recent-documents.ts';
import { app } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const grants = createGrants();
let ok = true;
const host = noteRecentDocuments({
  grants,
  dispatch: () => Promise.resolve(ok ? { ok, value: 'answer' } : { ok, failure: { code: 'not-found', message: 'gone' } }),
} as unknown as LiveHost);

beforeEach(() => {
  app.recentDocuments.length = 0;
  ok = true;
});

test('what was added to the library is noted, and the answer is the same', async () => {
  const outcome = await host.dispatch('library', 'add', { grants: [grants.issue('/trip'), grants.issue('/a.jpg')] });
  expect(outcome).toEqual({ ok: true, value: 'answer' });
  expect(app.recentDocuments).toEqual(['/trip', '/a.jpg']);
});

test('a large drop does not push everything else out', async () => {
  await host.dispatch('library', 'add', { grants: Array.from({ length: 300 }, (_, number) => grants.issue(`/${number}.jpg`)) });
  expect(app.recentDocuments).toHaveLength(5);
});

test('what could not be added is not noted', async () => {
  ok = false;
  await host.dispatch('library', 'add', { grants: [grants.issue('/trip')] });
  expect(app.recentDocuments).toEqual([]);
});

test('other calls are not looked into', async () => {
  await host.dispatch('export', 'add', { folder: grants.issue('/export') });
  await host.dispatch('library', 'list', null);
  expect(app.recentDocuments).toEqual([]);
});
