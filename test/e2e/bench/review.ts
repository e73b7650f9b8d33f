/** How soon a large result is to be seen in the review. */
import { join } from 'node:path';
import { sharp } from '../../../core/engine/sharp.ts';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { median, span } from '../../bench/table.ts';
import { drawAlbum } from '../../fixtures/album/album.ts';
import { photoIds } from '../prepared.ts';
import { openWindow } from '../window.ts';
import { milliseconds, type Figures } from './figures.ts';

export async function reviewFigures(place: BenchPlace): Promise<Figures> {
  const side = place.long ? 24_000 : 10_000;
  const megapixels = Math.round(((side * side * 2) / 3) * 1e-6);
  place.say(`a result of ${megapixels} megapixels`);
  const window = await openWindow({
    photos: [await largePhoto(place, Math.round(side * 1.1))],
    size: { width: 1440, height: 900 },
  });
  const { page, client } = window;
  try {
    await window.idle();
    // Only made smaller: how a result came about does not matter here, and no network has to run for it.
    const recipe = { version: 1, model: null, target: { kind: 'long-side', pixels: side }, denoise: 0 } as const;
    await client.queue.add({ choice: { ids: await photoIds(client) }, recipe });
    await window.idle();
    const opened: number[] = [];
    for (let repeat = 0; repeat < place.repeats; repeat += 1) {
      await page.evaluate(() => (location.hash = '#/library'));
      await page.locator('[role=option]').first().waitFor();
      await page.reload();
      await page.locator('[role=option] img').first().waitFor();
      opened.push(await timeToTiles(page));
    }
    return {
      rows: [
        {
          figure: `a result of ${megapixels} megapixels opens in the review`,
          measured: milliseconds(median(opened)),
          target: '≤ 1000 ms',
        },
      ],
      notes: [
        `From the key to the last tile of the result that the first view needs, window freshly loaded: ${span(opened, milliseconds)}.`,
      ],
    };
  } finally {
    await window.close();
  }
}

async function largePhoto(place: BenchPlace, side: number): Promise<string> {
  const [small = ''] = await drawAlbum(join(place.directory, 'large'), { count: 1, longSide: 1600 });
  const path = join(place.directory, 'large.jpg');
  await sharp(small, { limitInputPixels: false })
    .resize(side, Math.round((side * 2) / 3), { fit: 'fill' })
    .jpeg({ quality: 80 })
    .toFile(path);
  return path;
}

/** Presses the key of the review; waits until no further tile comes. */
async function timeToTiles(page: Awaited<ReturnType<typeof openWindow>>['page']): Promise<number> {
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
  for (let rests = 0; rests < 4;) {
    await page.waitForTimeout(250);
    const now = await tiles();
    rests = now.length > 0 && now.length === seen.length ? rests + 1 : 0;
    seen = now;
  }
  const keyMs = await page.evaluate(() => (globalThis as unknown as { benchKeyMs: number }).benchKeyMs);
  return Math.max(...seen) - keyMs;
}
