import { beforeEach, describe, expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import type { QueueStatus } from '../../../../core/api/contract.ts';
import { barFigures } from '../../../../renderer/features/queue/bar-figures.ts';
import QueueBar from '../../../../renderer/features/queue/QueueBar.svelte';
import { setLanguage } from '../../../../renderer/messages/index.svelte.ts';
import WithApp from '../../WithApp.svelte';
import { openTestApp } from '../../test-app.ts';
import { job, noProgress, statusOf } from './jobs.ts';

const some = [job(1, 'done'), job(2, 'running'), job(3), job(4, 'failed')];

async function opened(status: QueueStatus) {
  const made = await openTestApp({ overrides: { queue: { status } } });
  const screen = await render(WithApp, { props: { app: made.app, component: QueueBar, props: {} } });
  return { ...made, screen };
}

beforeEach(() => setLanguage('en'));

describe('the bar', () => {
  test('says that there is nothing to do', async () => {
    const { screen } = await opened(statusOf([]));
    await expect.element(screen.getByRole('link', { name: 'Queue: Nothing to do' })).toHaveAttribute('href', '#/queue');
    await expect.element(screen.getByRole('button')).not.toBeInTheDocument();
    await expect.element(screen.getByRole('progressbar')).not.toBeInTheDocument();
  });

  test('tells what runs, how far it is, how fast, and for how long', async () => {
    const { screen } = await opened(statusOf(some));
    await expect.element(screen.getByRole('link', { name: 'Queue: IMG_2.jpg' })).toBeVisible();
    await expect.element(screen.getByText('2 of 4')).toBeVisible();
    await expect.element(screen.getByText('3.4 MP/s')).toBeVisible();
    await expect.element(screen.getByText('4 min left')).toBeVisible();
    await expect.element(screen.getByRole('progressbar', { name: 'IMG_2.jpg' })).toHaveAttribute('aria-valuenow', '50');
    await expect.element(screen.getByRole('link', { name: '1 failed' })).toHaveAttribute('href', '#/queue');
  });

  test('pauses, and goes on', async () => {
    const { screen, events, calls } = await opened(statusOf(some));
    await screen.getByRole('button', { name: 'Pause' }).click();
    expect(calls.some(({ call }) => call === 'queue.pause')).toBe(true);
    events.emit('queue', statusOf(some, { paused: true }));
    await expect.element(screen.getByRole('link', { name: 'Queue: Paused' })).toBeVisible();
    await screen.getByRole('button', { name: 'Go on' }).click();
    expect(calls.some(({ call }) => call === 'queue.resume')).toBe(true);
  });

  test('keeps its places at each tick', async () => {
    const { screen, events } = await opened(statusOf(some));
    await expect.element(screen.getByText('2 of 4')).toBeVisible();
    const places = (): number[] =>
      [...screen.container.querySelectorAll('.track, button')].map((element) => element.getBoundingClientRect().x);
    const before = places();
    for (const [megapixelsPerSecond, remainingMs] of [
      [0.4, 9000],
      [8.8, 131_000],
    ] as const) {
      const status = statusOf(some);
      events.emit('queue', { ...status, whole: { ...status.whole, megapixelsPerSecond, remainingMs } });
      await expect.element(screen.getByText(`${megapixelsPerSecond} MP/s`)).toBeVisible();
      expect(places()).toEqual(before);
    }
  });
});

describe('its figures', () => {
  test('name the album where all is of one', () => {
    const status = statusOf(some);
    expect(barFigures({ ...status, albums: [{ ...status.whole, album: 'Norway' }] }).name).toBe('Norway');
    expect(barFigures({ ...status, albums: [{ ...status.whole, jobs: 2, album: 'Norway' }] }).name).toBe('IMG_2.jpg');
    expect(barFigures(statusOf([job(1)])).name).toBeNull();
  });

  test('tell of looking at photos only while nothing else is to be done', () => {
    const looking = { ...noProgress, jobs: 100, settled: 40, fraction: 0.4 };
    const look = job(9, 'running', { kind: 'thumbnail' });
    expect(barFigures(statusOf([], { looking, running: [look] }))).toMatchObject({
      what: 'looking',
      name: null,
      progress: { jobs: 100 },
      megapixelsPerSecond: null,
    });
    expect(barFigures(statusOf(some, { looking }))).toMatchObject({ what: 'asked', progress: { jobs: 4 } });
    expect(barFigures(statusOf([job(1, 'done')]))).toMatchObject({ what: 'nothing' });
  });

  test('say nothing of a speed that is none yet', () => {
    const status = statusOf(some);
    expect(barFigures({ ...status, whole: { ...status.whole, megapixelsPerSecond: 0.01 } }).megapixelsPerSecond).toBeNull();
  });
});
