/** What of the photos that were scrolled by stays in memory. */
import type { CDPSession, Page } from 'playwright';
import type { BenchPlace } from '../../bench/bench-place.ts';
import type { Figures } from './figures.ts';

/** Ten thousand photos down and back, three times. */
export async function heapFigures(place: BenchPlace, page: Page): Promise<Figures> {
  place.say('heap');
  const session = await page.context().newCDPSession(page);
  await throughPhotos(page, 10_000);
  const before = await measureHeap(session);
  const after: { heap: number; nodes: number }[] = [];
  for (let round = 0; round < 3; round += 1) {
    await throughPhotos(page, 10_000);
    after.push(await measureHeap(session));
  }
  const last = after.at(-1) ?? before;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return {
    rows: [
      {
        figure: 'heap after 10,000 photos and back, three times more',
        measured: `${megabytes(before.heap)} → ${megabytes(last.heap)}`,
        target: 'flat',
      },
      { figure: '— elements in the page', measured: `${before.nodes} → ${last.nodes}`, target: 'flat' },
    ],
    notes: [`Heap after each round, collected before: ${after.map(({ heap }) => megabytes(heap)).join(', ')}.`],
  };
}

async function measureHeap(session: CDPSession): Promise<{ heap: number; nodes: number }> {
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('Performance.enable');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN;
  return { heap: metric('JSHeapUsedSize'), nodes: metric('Nodes') };
}

/** Down past so many photos, screen by screen, and up again, as fast as they come. */
async function throughPhotos(page: Page, count: number): Promise<void> {
  await page.evaluate(async (wanted) => {
    const scroller = document.querySelector('.scroller:has([role=listbox])');
    if (scroller === null) throw new Error('There is no grid.');
    const lastSeen = (): number =>
      Math.max(...[...document.querySelectorAll('[role=option]')].map((cell) => Number(cell.getAttribute('aria-posinset'))));
    const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
    scroller.scrollTop = 0;
    await rest();
    for (let screens = 0; lastSeen() < wanted && screens < 5000; screens += 1) {
      scroller.scrollTop += scroller.clientHeight * 2;
      await rest();
    }
    while (scroller.scrollTop > 0) {
      scroller.scrollTop -= scroller.clientHeight * 8;
      await rest();
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }, count);
}
