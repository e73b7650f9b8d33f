import axe from 'axe-core';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { JobView, QueueStatus } from '../../../../core/api/contract.ts';
import type { Overrides } from '../../../../core/api/test-double.ts';
import QueueView from '../../../../renderer/features/queue/QueueView.svelte';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import WithApp from '../../WithApp.svelte';
import { openTestApp } from '../../test-app.ts';
import { shipped } from '../enhance/models.ts';
import { job, noProgress, statusOf } from './jobs.ts';

const recipe = {
  version: 1 as const,
  model: null,
  target: { kind: 'scale' as const, scale: 2 as const },
  denoise: 'auto' as const,
};

function result(id: number) {
  return {
    ...{
      id,
      photoId: id,
      name: `IMG_${id}.jpg`,
      recipe,
      state: 'pending' as const,
      modelId: 'photo-x2',
      width: 800,
      height: 600,
    },
    ...{ strength: null, createdMs: 0, readyMs: null, failure: null, cached: false, outdated: false },
  };
}

async function opened(jobs: JobView[], status: QueueStatus = statusOf(jobs), more: Overrides = {}) {
  const overrides: Overrides = {
    ...more,
    queue: { jobs: { jobs }, status, ...more.queue },
    model: { list: { models: [...shipped], problems: [] } },
    review: { list: ({ photoIds = [] }) => ({ results: photoIds.map(result) }) },
  };
  const made = await openTestApp({ overrides, hash: '#/queue' });
  const screen = await render(WithApp, { props: { app: made.app, component: QueueView, props: {} } });
  await expect.element(screen.getByRole('heading', { name: 'Queue' })).toBeVisible();
  const asked = (call: string): unknown[] => made.calls.filter((one) => one.call === call).map(({ params }) => params);
  return { ...made, screen, asked };
}

type Screen = Awaited<ReturnType<typeof opened>>['screen'];
const rows = ({ container }: Screen): string[] =>
  [...container.querySelectorAll('[data-row-link]')].map(({ textContent }) => textContent);

beforeEach(() => setLanguage('en'));

describe('the queue', () => {
  test('lists what runs, what failed and why, what waits and what is over', async () => {
    const { screen } = await opened([
      job(1, 'running'),
      job(2),
      job(3, 'queued', { kind: 'export' }),
      job(4, 'done'),
      job(5, 'failed'),
    ]);
    await expect.element(screen.getByText('Enhance to 2× with Photo ×2').first()).toBeVisible();
    expect(rows(screen)).toEqual(['IMG_1.jpg', 'IMG_5.jpg', 'IMG_2.jpg', 'IMG_3.jpg', 'IMG_4.jpg']);
    await expect.element(screen.getByText('The file ends too early.')).toBeVisible();
    await expect.element(screen.getByRole('progressbar', { name: 'IMG_1.jpg' })).toHaveAttribute('aria-valuenow', '40');
    await expect.element(screen.getByRole('link', { name: 'IMG_5.jpg' })).toHaveAttribute('href', '#/photo/5');
    await expect.element(screen.getByText('Export', { exact: true })).toBeVisible();
  });

  test('follows what happens', async () => {
    const { screen, events, asked } = await opened([job(1, 'running'), job(2)]);
    await vi.waitFor(() => expect(rows(screen)).toHaveLength(2));
    const before = asked('queue.jobs').length;
    events.emit('job', job(1, 'done'));
    events.emit('job', job(2, 'running'));
    events.emit('queue', statusOf([job(1, 'done'), job(2, 'running')]));
    await expect.element(screen.getByText('ready', { exact: true })).toBeVisible();
    await expect.element(screen.getByRole('progressbar', { name: 'IMG_2.jpg' })).toBeVisible();
    expect(asked('queue.jobs')).toHaveLength(before);
  });

  test('tells a lost engine as a line, not more', async () => {
    const again = job(1, 'running', { status: { state: 'running', attempts: 2, interruptions: 0 } });
    const waits = job(2, 'queued', { status: { state: 'queued', attempts: 1, interruptions: 0 } });
    const { app, screen } = await opened([again, waits]);
    await expect.element(screen.getByText(/^Second attempt/)).toBeVisible();
    await expect.element(screen.getByText(/It is tried once more\.$/)).toBeVisible();
    expect([app.toasts.shown, document.querySelector('dialog')]).toEqual([[], null]);
  });

  test('sums up looking at photos in one line', async () => {
    const looking = { ...noProgress, jobs: 9000, settled: 4500, failed: 2, fraction: 0.5 };
    const looks = job(9, 'running', { kind: 'thumbnail' });
    const { screen } = await opened([], statusOf([], { looking, running: [looks] }));
    await expect.element(screen.getByText('4,500 of 9,000')).toBeVisible();
    await expect
      .element(screen.getByRole('link', { name: '2 photos could not be read' }))
      .toHaveAttribute('href', '#/library?state=damaged');
    expect(rows(screen)).toEqual([]);
  });

  test('says that it is paused, and goes on', async () => {
    const { screen, asked } = await opened([job(1)], statusOf([job(1)], { paused: true }));
    await expect.element(screen.getByText(/The queue is paused/)).toBeVisible();
    await screen.getByRole('button', { name: 'Go on' }).click();
    expect(asked('queue.resume')).toHaveLength(1);
  });

  test('says that there is nothing', async () => {
    const { screen } = await opened([]);
    await expect.element(screen.getByRole('heading', { name: 'Nothing to do' })).toBeVisible();
  });

  test('shows ten thousand jobs a page at a time, at once', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => job(index + 1));
    const { screen } = await opened(many);
    await vi.waitFor(() => expect(rows(screen)).toHaveLength(100));
    await expect.element(screen.getByRole('heading', { name: 'Waiting 10,000' })).toBeVisible();
    (screen.getByRole('button', { name: 'Show 9,900 more' }).element() as HTMLElement).click();
    await vi.waitFor(() => expect(rows(screen)).toHaveLength(200));
  });

  test('has nothing that an accessibility check finds', async () => {
    const looking = { ...noProgress, jobs: 90, settled: 45, failed: 2, fraction: 0.5 };
    const jobs = [job(1, 'running'), job(2), job(4, 'done'), job(5, 'failed'), job(6, 'cancelled')];
    const { screen } = await opened(jobs, statusOf(jobs, { looking }));
    await expect.element(screen.getByText('The file ends too early.')).toBeVisible();
    const { violations } = await axe.run(screen.container, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});

describe('jobs', () => {
  test('are cancelled one by one, and all together only after a question', async () => {
    const { screen, asked } = await opened([job(1, 'running'), job(2)]);
    await screen.getByRole('button', { name: 'Cancel: IMG_2.jpg' }).click();
    expect(asked('queue.cancel')).toEqual([{ ids: [2] }]);
    await screen.getByRole('button', { name: 'Cancel all' }).click();
    await screen.getByRole('dialog').getByRole('button', { name: 'Cancel', exact: true }).click();
    expect(asked('queue.cancel')).toHaveLength(1);
    await screen.getByRole('button', { name: 'Cancel all' }).click();
    await screen.getByRole('dialog').getByRole('button', { name: 'Cancel 2 jobs' }).click();
    expect(asked('queue.cancel')).toEqual([{ ids: [2] }, { ids: [1, 2] }]);
  });

  test('that failed are tried again one by one, or all', async () => {
    const { screen, asked } = await opened([job(1, 'failed'), job(2, 'failed')]);
    await screen.getByRole('button', { name: 'Try again: IMG_1.jpg' }).click();
    await screen.getByRole('button', { name: 'Try 2 again' }).click();
    expect(asked('queue.retry')).toEqual([{ ids: [1] }, { ids: [1, 2] }]);
  });

  test('that wait change places by button', async () => {
    const { screen, asked } = await opened([job(1), job(2), job(3)]);
    await screen.getByRole('button', { name: 'Do first: IMG_3.jpg' }).click();
    expect(rows(screen)).toEqual(['IMG_3.jpg', 'IMG_1.jpg', 'IMG_2.jpg']);
    expect(asked('queue.move')).toEqual([{ ids: [3], beforeId: 1 }]);
  });

  test('are reached, moved, cancelled and tried again by keyboard alone', async () => {
    const { screen, asked } = await opened([job(1, 'failed'), job(2), job(3)]);
    await vi.waitFor(() => expect(rows(screen)).toHaveLength(3));
    await userEvent.keyboard('r');
    expect(asked('queue.retry')).toEqual([{ ids: [1] }]);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    await expect.element(screen.getByRole('link', { name: 'IMG_3.jpg' })).toHaveFocus();
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
    expect(rows(screen)).toEqual(['IMG_1.jpg', 'IMG_3.jpg', 'IMG_2.jpg']);
    await expect.element(screen.getByRole('link', { name: 'IMG_3.jpg' })).toHaveFocus();
    await userEvent.keyboard('{Delete}');
    expect(asked('queue.cancel')).toEqual([{ ids: [3] }]);
    await expect.element(screen.getByRole('link', { name: 'IMG_2.jpg' })).toHaveFocus();
    await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}{Alt>}{ArrowDown}{/Alt}');
    expect(rows(screen)).toEqual(['IMG_1.jpg', 'IMG_3.jpg', 'IMG_2.jpg']);
    await expect.element(screen.getByRole('link', { name: 'IMG_2.jpg' })).toHaveFocus();
    await userEvent.keyboard('p');
    expect(asked('queue.pause')).toHaveLength(1);
  });

  test('of other rows than the one that the keyboard is at are no stops for Tab', async () => {
    const { screen } = await opened([job(1), job(2), job(3)]);
    await vi.waitFor(() => expect(rows(screen)).toHaveLength(3));
    await userEvent.keyboard('{ArrowDown}');
    const stops = [...screen.container.querySelectorAll<HTMLElement>('li a, li button')].filter(({ tabIndex }) => tabIndex === 0);
    expect(new Set(stops.map((stop) => stop.closest('li')?.dataset['job']))).toEqual(new Set(['2']));
  });
});
