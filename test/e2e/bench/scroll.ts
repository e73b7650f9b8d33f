/** Scrolling through 100,000 photos, and what of them stays in memory. */
import type { CDPSession, Page } from 'playwright';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { median, percent } from '../../bench/table.ts';
import { openWindow } from '../window.ts';
import { milliseconds, quantile, type Figures } from './figures.ts';

const frameMs = 1000 / 60;
/** Timers of the browser are that exact. */
const toleranceMs = 1;
const scrollSeconds = 10;

export async function scrollFigures(place: BenchPlace, library: string): Promise<Figures> {
  place.say('scrolling');
  const window = await openWindow({ library, size: { width: 1440, height: 900 } });
  try {
    const { page } = window;
    await page.locator('[role=option] img').first().waitFor();
    const idle = await framesWhile(page, () => page.waitForTimeout(2000));
    const wheel = await framesWhile(page, () => turnWheel(page));
    const fling = await framesWhile(page, () => flingThrough(page));
    const heap = await heapFigures(place, page);
    return {
      rows: [
        ...rowsOf('scroll by wheel over 100,000 photos', wheel),
        ...rowsOf('from end to end in ten seconds', fling),
        { figure: 'frames of a window that rests, for comparison', measured: lateness(idle), target: '' },
        ...heap.rows,
      ],
      notes: [
        `Frames: from one requestAnimationFrame to the next, in a headless browser that draws by software on the same cores; late: more than ${(frameMs + toleranceMs).toFixed(1)} ms. The wheel turns 600 px in 60 ms for ${scrollSeconds} s.`,
        ...heap.notes,
      ],
    };
  } finally {
    await window.close();
  }
}

function lateness(frames: readonly number[]): string {
  const share = (limit: number): string => percent(frames.filter((ms) => ms > limit).length / frames.length);
  return `${share(frameMs + toleranceMs)} late, ${share(2 * frameMs)} > 33 ms`;
}

function rowsOf(figure: string, frames: readonly number[]): Figures['rows'] {
  return [
    { figure, measured: lateness(frames), target: '60 frames a second' },
    {
      figure: '— median and 95th percentile of a frame',
      measured: `${median(frames).toFixed(1)} and ${quantile(frames, 0.95).toFixed(1)} ms`,
      target: '16.7 ms',
    },
    { figure: '— longest frame', measured: milliseconds(Math.max(...frames)), target: '' },
  ];
}

/** Milliseconds of each frame that the page draws meanwhile. */
async function framesWhile(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const state = { frames: [] as number[], before: performance.now(), running: true };
    Object.assign(globalThis, { benchFrames: state });
    const tick = (nowMs: number): void => {
      state.frames.push(nowMs - state.before);
      state.before = nowMs;
      if (state.running) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await work();
  return await page.evaluate(() => {
    const { benchFrames: state } = globalThis as unknown as { benchFrames: { frames: number[]; running: boolean } };
    state.running = false;
    // The first two begin before the work does.
    return state.frames.slice(2);
  });
}

async function turnWheel(page: Page): Promise<void> {
  await page.mouse.move(700, 450);
  const untilMs = performance.now() + scrollSeconds * 1000;
  while (performance.now() < untilMs) {
    await page.mouse.wheel(0, 600);
    await page.waitForTimeout(60);
  }
}

/** Another place at each frame, as when the thumb of the scroll bar is dragged from top to bottom. */
async function flingThrough(page: Page): Promise<void> {
  await page.evaluate(async (durationMs) => {
    const scroller = document.querySelector('.scroller:has([role=listbox])');
    if (scroller === null) throw new Error('There is no grid.');
    const startMs = performance.now();
    const end = scroller.scrollHeight - scroller.clientHeight;
    await new Promise<void>((resolve) => {
      const step = (nowMs: number): void => {
        const share = Math.min(1, (nowMs - startMs) / durationMs);
        scroller.scrollTop = end * share;
        if (share < 1) requestAnimationFrame(step);
        else resolve();
      };
      requestAnimationFrame(step);
    });
  }, scrollSeconds * 1000);
}

/** Ten thousand photos down and back, three times. */
async function heapFigures(place: BenchPlace, page: Page): Promise<Figures> {
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
