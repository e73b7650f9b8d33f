/** Scrolling through 100,000 photos. */
import type { Page } from 'playwright';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { percent } from '../../bench/table.ts';
import { openWindow } from '../window.ts';
import type { Figures } from './figures.ts';
import { droppedWhile, framesWhile, lateMs, lateness, rowsOfFrames } from './frames.ts';
import { heapFigures } from './heap.ts';

const scrollSeconds = 10;
const readSeconds = 5;
/** Between two notches of the wheel. */
const notchMs = 60;
/** Of a wheel that is spun, for each notch, and of one that is turned to read, slowly and fast: 167, 40 and 80 a frame. */
const spunPx = 600;
const readPx = [144, 288];

export async function scrollFigures(place: BenchPlace, library: string): Promise<Figures> {
  place.say('scrolling');
  const window = await openWindow({ library, size: { width: 1440, height: 900 } });
  try {
    const { page } = window;
    const browser = page.context().browser();
    if (browser === null) throw new Error('The window has no browser.');
    await page.locator('[role=option] img[src]').first().waitFor();
    const idle = await framesWhile(page, () => page.waitForTimeout(2000));
    const read: Figures['rows'][number][] = [];
    for (const px of readPx) {
      const frames = await framesWhile(page, () => turnWheel(page, px, readSeconds));
      const there = await picturesWhile(page, () => turnWheel(page, px, readSeconds));
      read.push(...rowsOfFrames(`scroll by wheel, ${Math.round((px / notchMs) * 1000)} pixels a second`, frames));
      read.push({ figure: '— of the photos in view, have their picture', measured: percent(there), target: '' });
    }
    const spun = await framesWhile(page, () => turnWheel(page, spunPx, scrollSeconds));
    const dropped = await droppedWhile(browser, () => turnWheel(page, spunPx, scrollSeconds));
    const there = await picturesWhile(page, () => turnWheel(page, spunPx, readSeconds));
    const rest = await timeToPictures(page);
    const fling = await framesWhile(page, () => flingThrough(page));
    const heap = await heapFigures(place, page);
    await showBoxes(page);
    const floor = await framesWhile(page, () => turnWheel(page, spunPx, scrollSeconds));
    const floorDropped = await droppedWhile(browser, () => turnWheel(page, spunPx, scrollSeconds));
    return {
      rows: [
        ...read,
        ...rowsOfFrames('scroll by wheel over 100,000 photos, 10000 pixels a second', spun),
        { figure: '— of the photos in view, have their picture', measured: percent(there), target: '' },
        { figure: '— all of them, after the wheel rests', measured: `${rest.toFixed(0)} ms`, target: '' },
        { figure: '— frames that were dropped, by the trace of the browser', measured: percent(dropped), target: '0 %' },
        { figure: '— the same over plain boxes, for comparison', measured: lateness(floor), target: '' },
        { figure: '— and by the trace', measured: percent(floorDropped), target: '' },
        ...rowsOfFrames('from end to end in ten seconds', fling),
        { figure: 'frames of a window that rests, for comparison', measured: lateness(idle), target: '' },
        ...heap.rows,
      ],
      notes: [
        `Frames: from one requestAnimationFrame to the next, in a headless browser that draws by software on the same cores; late: more than ${lateMs.toFixed(1)} ms. The wheel turns ${spunPx} px in ${notchMs} ms for ${scrollSeconds} s.`,
        ...heap.notes,
      ],
    };
  } finally {
    await window.close();
  }
}

async function turnWheel(page: Page, notchPx: number, seconds: number): Promise<void> {
  await page.mouse.move(700, 450);
  const untilMs = performance.now() + seconds * 1000;
  while (performance.now() < untilMs) {
    await page.mouse.wheel(0, notchPx);
    await page.waitForTimeout(notchMs);
  }
}

/** Mean share of the photos in view whose picture is there meanwhile, 0..1. Looking for them costs time: frames are not to be counted with it. */
async function picturesWhile(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const shares: number[] = [];
    const share = (): number => {
      const cells = [...document.querySelectorAll('[role=option]')].filter((cell) => {
        const { top, bottom } = cell.getBoundingClientRect();
        return bottom > 0 && top < innerHeight;
      });
      return cells.filter((cell) => (cell.querySelector('img')?.naturalWidth ?? 0) > 0).length / cells.length;
    };
    const timer = setInterval(() => shares.push(share()), 97);
    Object.assign(globalThis, { benchPictures: { shares, share, timer } });
  });
  await work();
  return await page.evaluate(() => {
    const { shares, timer } = (globalThis as unknown as { benchPictures: { shares: number[]; timer: number } }).benchPictures;
    clearInterval(timer);
    return shares.reduce((sum, one) => sum + one, 0) / shares.length;
  });
}

/** Milliseconds until all photos in view have their picture; to be asked right behind `picturesWhile`. */
async function timeToPictures(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const { share } = (globalThis as unknown as { benchPictures: { share: () => number } }).benchPictures;
    const startMs = performance.now();
    while (share() < 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - startMs;
  });
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

/** In place of the window: as many boxes as the wheel comes by, in plain colours. What they cost is the browser's and no page's. */
async function showBoxes(page: Page): Promise<void> {
  await page.evaluate(() => {
    const [perRow, stepX, stepY, rows] = [5, 280, 206, 1000];
    const scroller = document.createElement('div');
    Object.assign(scroller.style, { position: 'fixed', inset: '0', overflow: 'hidden auto' });
    const content = document.createElement('div');
    Object.assign(content.style, { position: 'relative', height: `${rows * stepY}px` });
    for (let index = 0; index < rows * perRow; index += 1) {
      const box = document.createElement('div');
      Object.assign(box.style, {
        position: 'absolute',
        contain: 'strict',
        left: `${(index % perRow) * stepX}px`,
        top: `${Math.floor(index / perRow) * stepY}px`,
        width: `${stepX - 6}px`,
        height: `${stepY - 6}px`,
        background: `hsl(${(index * 37) % 360} 40% 40%)`,
      });
      content.append(box);
    }
    scroller.append(content);
    document.body.replaceChildren(scroller);
  });
  await page.waitForTimeout(1000);
}
