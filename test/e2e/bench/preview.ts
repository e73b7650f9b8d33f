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
  const window = await openWindow({ photos: [await largePhoto(place, photo)], size });
  const { page, client } = window;
  try {
    await window.idle();
    const [id = 0] = await photoIds(client);
    const cold = await timeToSharp(page, () => page.evaluate((to) => (location.hash = to), `#/enhance/${id}`));
    // What else goes on when a photo is opened for the first time, such as reading all of the original, is over.
    await window.idle();
    const warm: number[] = [];
    for (let repeat = 0; repeat < place.repeats; repeat += 1) {
      warm.push(await timeToSharp(page, () => farther(page, repeat)));
    }
    const shown = await page.locator('.live').evaluate(({ clientWidth, clientHeight }) => `${clientWidth}×${clientHeight}`);
    return {
      rows: [
        { figure: 'live preview of another part of a photo, sharp', measured: milliseconds(median(warm)), target: '≤ 1000 ms' },
        { figure: '— of a photo just opened, by a program just begun', measured: milliseconds(cold), target: '≤ 1000 ms' },
      ],
      notes: [
        `A photo of ${((photo.width * photo.height) / 1e6).toFixed(0)} megapixels at 100 % of twice its size, ${shown} pixels of it in view: ${span(warm, milliseconds)} from the key to the last block.`,
      ],
    };
  } finally {
    await window.close();
  }
}

/** To a part that was not in view yet. */
async function farther(page: Page, repeat: number): Promise<void> {
  const key = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowLeft', 'ArrowUp'][repeat % 5] ?? 'ArrowRight';
  for (let step = 0; step < 6; step += 1) await page.keyboard.press(key);
}

/** Milliseconds from the end of `work` until everything in view is of the network, seen from within the page. */
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
      return performance.now();
    },
    [computing, done] as const,
  );
  return endMs - startMs;
}
