/** How soon the first photos of a new folder are to be seen. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { median, span } from '../../bench/table.ts';
import { openWindow } from '../window.ts';
import { milliseconds, type Figures } from './figures.ts';
import { folderOfPhotos } from './photos.ts';

const count = 200;

export async function firstPhotosFigures(place: BenchPlace): Promise<Figures> {
  place.say(`a folder of ${count} photos`);
  const folder = await folderOfPhotos(place, count, { width: 4000, height: 2667 });
  const first: number[] = [];
  const all: number[] = [];
  for (let repeat = 0; repeat < place.repeats; repeat += 1) {
    const { firstMs, allMs } = await timesOf(folder);
    first.push(firstMs);
    all.push(allMs);
  }
  return {
    rows: [
      {
        figure: `first thumbnail after a folder of ${count} photos is added`,
        measured: milliseconds(median(first)),
        target: '≤ 1000 ms',
      },
      { figure: '— all that is in view', measured: milliseconds(median(all)), target: '' },
    ],
    notes: [`Photos of 11 megapixels, an empty library, a program just begun each time: ${span(first, milliseconds)}.`],
  };
}

async function timesOf(folder: string): Promise<{ firstMs: number; allMs: number }> {
  const window = await openWindow({ size: { width: 1440, height: 900 } });
  const { page, client, server } = window;
  try {
    await cp(folder, join(server.root, 'photos'), { recursive: true });
    await page.getByRole('heading', { level: 2 }).first().waitFor();
    const [root] = (await client.host.browse({ folder: null })).folders;
    const { folders } = await client.host.browse({ folder: root?.grant ?? null });
    const photos = folders.find(({ name }) => name === 'photos');
    if (photos === undefined) throw new Error('The folder of the photos cannot be browsed.');
    const startMs = Date.now();
    await client.library.add({ grants: [photos.grant] });
    const seen = await page.evaluate(async () => {
      const inView = (): { there: number; count: number } => {
        const cells = [...document.querySelectorAll('[role=option]')].filter((cell) => {
          const { top, bottom } = cell.getBoundingClientRect();
          return bottom > 0 && top < innerHeight;
        });
        const there = cells.filter((cell) => (cell.querySelector('img')?.naturalWidth ?? 0) > 0);
        return { there: there.length, count: cells.length };
      };
      const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
      while (inView().there === 0) await frame();
      const firstMs = Date.now();
      for (let now = inView(); now.there < now.count; now = inView()) await frame();
      return { firstMs, allMs: Date.now() };
    });
    return { firstMs: seen.firstMs - startMs, allMs: seen.allMs - startMs };
  } finally {
    await window.close();
  }
}
