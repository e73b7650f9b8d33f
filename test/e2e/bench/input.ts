/** From a key or a click to the picture that shows it, while a batch takes all cores. */
import { join } from 'node:path';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { drawAlbum } from '../../fixtures/album/album.ts';
import { photoIds, twice } from '../prepared.ts';
import { openWindow } from '../window.ts';
import { milliseconds, quantile, type Figures } from './figures.ts';

const photosInBatch = 8;

export async function inputFigures(place: BenchPlace): Promise<Figures> {
  place.say('input while a batch runs');
  const photos = await drawAlbum(join(place.directory, 'batch'), { count: photosInBatch, longSide: 1200 });
  const window = await openWindow({ photos, size: { width: 1440, height: 900 } });
  const { page, client } = window;
  try {
    await window.idle();
    await page.locator('[role=option] img').first().waitFor();
    await client.queue.add({ choice: { ids: await photoIds(client) }, recipe: twice });
    await page.getByRole('progressbar').first().waitFor();
    await page.evaluate(() => {
      const durations: number[] = [];
      Object.assign(globalThis, { benchEvents: durations });
      // Durations are told in steps of eight milliseconds; shorter ones than sixteen are not told at all.
      new PerformanceObserver((list) => durations.push(...list.getEntries().map(({ duration }) => duration))).observe({
        type: 'event',
        durationThreshold: 16,
      } as PerformanceObserverInit);
    });
    const inputs = await useWindow(page);
    const { counts } = await client.queue.status();
    if (counts.running === 0) throw new Error('The batch ended before the input did.');
    const durations = await page.evaluate(() => (globalThis as unknown as { benchEvents: number[] }).benchEvents);
    const all = [...durations, ...Array.from({ length: Math.max(0, inputs - durations.length) }, () => 16)];
    return {
      rows: [
        {
          figure: 'input to paint while a batch runs, 95th percentile',
          measured: milliseconds(quantile(all, 0.95)),
          target: '≤ 100 ms',
        },
        { figure: '— longest', measured: milliseconds(Math.max(...all)), target: '' },
      ],
      notes: [
        `Event Timing of the browser over ${inputs} keys and clicks in the grid while ${photosInBatch} photos are enhanced.`,
      ],
    };
  } finally {
    await client.queue.cancel({});
    await window.close();
  }
}

/** Moves, selects, rates, and opens a photo and comes back. Returns how many keys and clicks that were. */
async function useWindow(page: Awaited<ReturnType<typeof openWindow>>['page']): Promise<number> {
  await page.locator('[role=option]').first().click();
  const keys = [
    'ArrowRight',
    'ArrowRight',
    ' ',
    'ArrowDown',
    '3',
    'ArrowLeft',
    'f',
    'ArrowUp',
    '0',
    'f',
    'Enter',
    'ArrowRight',
    'ArrowLeft',
    'Escape',
  ];
  for (let round = 0; round < 3; round += 1) {
    for (const key of keys) {
      await page.keyboard.press(key === ' ' ? 'Space' : key);
      await page.waitForTimeout(120);
    }
  }
  return 1 + 3 * keys.length;
}
