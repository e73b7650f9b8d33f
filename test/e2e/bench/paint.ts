/** How long a person looks at nothing after the server has answered. */
import type { Page } from 'playwright';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { median, span } from '../../bench/table.ts';
import { openWindow } from '../window.ts';
import { milliseconds, type Figures } from './figures.ts';

export async function paintFigures(place: BenchPlace, library: string): Promise<Figures> {
  place.say('first paint');
  const window = await openWindow({ library });
  try {
    const paints: number[] = [];
    const photos: number[] = [];
    for (let repeat = 0; repeat < place.repeats; repeat += 1) {
      await window.page.reload();
      await window.page.locator('[role=option] img[src]').first().waitFor();
      const { firstPaintMs, firstPhotoMs } = await afterAnswer(window.page);
      paints.push(firstPaintMs);
      photos.push(firstPhotoMs);
    }
    return {
      rows: [
        { figure: 'first paint after the server answers', measured: milliseconds(median(paints)), target: '≤ 500 ms' },
        { figure: '— first photos of 100,000', measured: milliseconds(median(photos)), target: '' },
      ],
      notes: [`Reloads of a window on 100,000 photos: ${span(paints, milliseconds)} to the first paint with content.`],
    };
  } finally {
    await window.close();
  }
}

/** Since the first byte of the page. */
async function afterAnswer(page: Page): Promise<{ firstPaintMs: number; firstPhotoMs: number }> {
  return await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const answered = navigation?.responseStart ?? 0;
    const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
    const pictures = (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) =>
      name.includes('/media/thumbnail/'),
    );
    return {
      firstPaintMs: paint - answered,
      firstPhotoMs: Math.min(...pictures.map(({ responseEnd }) => responseEnd)) - answered,
    };
  });
}
