/** How soon the visible part of a photo is seen as the network makes it, before anything is enhanced. */
import type { Page } from 'playwright';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { median, span } from '../../bench/table.ts';
import { photoIds } from '../prepared.ts';
import { openWindow } from '../window.ts';
import { wordsOf } from '../words.ts';
import { milliseconds, type Figures } from './figures.ts';
import { largePhoto } from './photos.ts';

const photo = { width: 4243, height: 2828 };
const size = { width: 1100, height: 720 };
const t = wordsOf('en');

export async function previewFigures(place: BenchPlace): Promise<Figures> {
  place.say('the live preview');
  const path = await largePhoto(place, photo);
  const cold: number[] = [];
  const warm: number[] = [];
  let shown = '';
  // Only the first preview of a program is a cold one.
  for (let repeat = 0; repeat < place.repeats; repeat += 1) {
    const window = await openWindow({ photos: [path], size });
    const { page, client } = window;
    try {
      await window.idle();
      const [id = 0] = await photoIds(client);
      cold.push(await timeToSharp(page, () => page.evaluate((to) => (location.hash = to), `#/enhance/${id}`)));
      if (repeat < place.repeats - 1) continue;
      await settled(page);
      for (let step = 0; step < place.repeats; step += 1) warm.push(await timeToSharp(page, () => farther(page, step)));
      shown = await page.locator('.live').evaluate(({ clientWidth, clientHeight }) => `${clientWidth}×${clientHeight}`);
    } finally {
      await window.close();
    }
  }
  return {
    rows: [
      { figure: 'live preview of another part of a photo, sharp', measured: milliseconds(median(warm)), target: '≤ 1000 ms' },
      { figure: '— of a photo just opened, by a program just begun', measured: milliseconds(median(cold)), target: '≤ 1000 ms' },
    ],
    notes: [
      `A photo of ${((photo.width * photo.height) / 1e6).toFixed(0)} megapixels at 100 % of twice its size, ${shown} pixels of it in view: ${span(warm, milliseconds)} from the key to the last block, ${span(cold, milliseconds)} for the first preview of a program.`,
    ],
  };
}

/** Resolves when nothing goes on any more behind the first preview: the original was read by then, and the speed of the network is measured last. */
async function settled(page: Page): Promise<void> {
  const measuring = page.getByText(t('enhance.measuring')).first();
  await measuring.waitFor();
  await measuring.waitFor({ state: 'hidden' });
}

/** To a part that was not in view yet. */
async function farther(page: Page, turn: number): Promise<void> {
  const key = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowLeft', 'ArrowUp'][turn % 5] ?? 'ArrowRight';
  for (let step = 0; step < 6; step += 1) await page.keyboard.press(key);
}

/** Milliseconds from the end of `work` until everything in view is of the network, seen from within the page. Throws when there is no preview. */
async function timeToSharp(page: Page, work: () => Promise<unknown>): Promise<number> {
  await work();
  const startMs = await page.evaluate(() => performance.now());
  const computing = t('enhance.previewComputing', { percent: '100%' });
  const done = t('enhance.previewAt', { percent: '100%' });
  const endMs = await page.evaluate(
    async ([busy, ready]) => {
      const says = (): string => document.querySelector('.live .says')?.textContent ?? '';
      const until = async (condition: () => boolean): Promise<void> => {
        while (!condition()) await new Promise((resolve) => requestAnimationFrame(resolve));
      };
      await until(() => says() === busy);
      await until(() => says() === ready);
      // Where it fails, nothing is being computed either.
      const failure = document.querySelector('.live [role=alert]')?.textContent;
      if (failure !== undefined) throw new Error(`No preview: ${failure}`);
      return performance.now();
    },
    [computing, done] as const,
  );
  return endMs - startMs;
}
