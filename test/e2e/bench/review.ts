/** How soon a large result is to be seen in the review. */
import type { Page } from 'playwright';
import type { Recipe } from '../../../core/photo/recipe.ts';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { median, span } from '../../bench/table.ts';
import { photoIds } from '../prepared.ts';
import { openWindow } from '../window.ts';
import { milliseconds, type Figures } from './figures.ts';
import { largePhoto, type PhotoSize } from './photos.ts';
import { storeResult } from './stored-result.ts';

/** Four times as long and as wide they are what is promised, 800 megapixels, and a usual one. */
const photos: readonly PhotoSize[] = [
  { width: 8660, height: 5774 },
  { width: 2500, height: 1668 },
];
const recipe: Recipe = { version: 1, model: null, target: { kind: 'scale', scale: 4 }, denoise: 'auto' };

export async function reviewFigures(place: BenchPlace): Promise<Figures> {
  const parts: Figures[] = [];
  for (const photo of photos) parts.push(await figuresOf(place, photo));
  return { rows: parts.flatMap(({ rows }) => rows), notes: parts.flatMap(({ notes }) => notes) };
}

async function figuresOf(place: BenchPlace, photo: PhotoSize): Promise<Figures> {
  const megapixels = Math.round(photo.width * photo.height * 16e-6);
  place.say(`a result of ${megapixels} megapixels`);
  const path = await largePhoto(place, photo);
  const window = await openWindow({ photos: [path], size: { width: 1440, height: 900 } });
  const { page, client, server } = window;
  try {
    await window.idle();
    const [id = 0] = await photoIds(client);
    const { facts } = await client.library.show({ id });
    if (facts === null) throw new Error('The photo was not looked at.');
    await storeResult({ library: server.library, path, facts, recipe });
    await client.queue.add({ choice: { ids: [id] }, recipe });
    await window.idle();
    const opened: number[] = [];
    // The first one finds nothing warm: no process that makes tiles, no pyramid of the original.
    for (let repeat = 0; repeat <= place.repeats; repeat += 1) {
      await page.evaluate(() => (location.hash = '#/library'));
      await page.locator('[role=option]').first().waitFor();
      await page.reload();
      await page.locator('[role=option] img[src]').first().waitFor();
      opened.push(await timeToTiles(page));
    }
    const [first = Number.NaN, ...others] = opened;
    const figure = `a result of ${megapixels} megapixels opens in the review`;
    return {
      rows: [
        { figure, measured: milliseconds(median(others)), target: '≤ 1000 ms' },
        { figure: '— for the first time since the program began', measured: milliseconds(first), target: '≤ 1000 ms' },
      ],
      notes: [
        `${megapixels} megapixels: from the key to the last tile of the result that the first view needs, window freshly loaded: ${span(others, milliseconds)}.`,
      ],
    };
  } finally {
    await window.close();
  }
}

/** Presses the key of the review; waits until no further tile comes. */
async function timeToTiles(page: Page): Promise<number> {
  await page.evaluate(() => {
    performance.clearResourceTimings();
    addEventListener('keydown', ({ timeStamp }) => Object.assign(globalThis, { benchKeyMs: timeStamp }), {
      capture: true,
      once: true,
    });
  });
  await page.keyboard.press('v');
  const tiles = (): Promise<number[]> =>
    page.evaluate(() =>
      (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter(({ name }) => /\/media\/result\/\d+\/\d+\//.test(name))
        .map(({ responseEnd }) => responseEnd),
    );
  let seen: number[] = [];
  for (let rests = 0; rests < 6;) {
    await page.waitForTimeout(250);
    const now = await tiles();
    rests = now.length > 0 && now.length === seen.length ? rests + 1 : 0;
    seen = now;
  }
  const keyMs = await page.evaluate(() => (globalThis as unknown as { benchKeyMs: number }).benchKeyMs);
  return Math.max(...seen) - keyMs;
}
