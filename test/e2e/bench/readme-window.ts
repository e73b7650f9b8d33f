/**
 * @file `npm run screenshots`: the pictures of the window in the README, `docs/window-*.webp`: a drawn holiday album on its way from the library to files,
 * in the real window on the real program.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sharp } from '../../../core/engine/sharp.ts';
import { withBenchPlace, type BenchPlace } from '../../bench/bench-place.ts';
import { drawAlbum } from '../../fixtures/album/album.ts';
import { photoIds, twice } from '../prepared.ts';
import { openWindow, type TestWindow } from '../window.ts';
import { wordsOf } from '../words.ts';

const docs = fileURLToPath(new URL('../../../docs', import.meta.url));
const size = { width: 1440, height: 900 };
/** Of a picture in the README. */
const mostBytes = 150_000;
const t = wordsOf('en');

await withBenchPlace({ long: false, repeats: 1 }, async (place) => {
  place.say('drawing the album');
  const journey = join(place.directory, 'Journey');
  await drawAlbum(journey);
  const window = await openWindow({ photos: [journey], size });
  try {
    await window.idle();
    await arrange(window);
    await enhance(window, place);
    await queue(window, place);
    await review(window, place);
    await library(window, place);
    await exporting(window, place);
    const troubles = window.troubles();
    if (troubles.length > 0) throw new Error(`The window complained:\n${troubles.join('\n')}`);
  } finally {
    await window.close();
  }
});

/** What somebody has done with the album before: stars, favourites, albums. */
async function arrange({ client }: TestWindow): Promise<void> {
  const ids = await photoIds(client);
  const at = (...places: number[]): number[] => places.flatMap((position) => ids[position] ?? []);
  await client.library.rate({ ids: at(2, 11, 20, 23, 27), rating: 5 });
  await client.library.rate({ ids: at(5, 8, 10, 18, 21), rating: 4 });
  await client.library.favour({ ids: at(11, 23, 27), favourite: true });
  for (const [name, places] of Object.entries({
    'For the wall': [2, 11, 20, 23, 27],
    'By the sea': [2, 5, 6, 7, 8, 9],
    Flowers: [10, 12, 13, 14],
  })) {
    await client.album.create({ name });
    await client.album.add({ name, ids: at(...places) });
  }
}

async function library(window: TestWindow, place: BenchPlace): Promise<void> {
  const { page } = window;
  await page.keyboard.press('g');
  await page.locator('[role=option] img').first().waitFor();
  // The figures at the side come a moment later.
  await page.getByRole('link', { name: 'For the wall' }).waitFor();
  await page.waitForTimeout(1500);
  await page.mouse.move(700, 880);
  await keep(window, place, 'library');
}

async function enhance(window: TestWindow, place: BenchPlace): Promise<void> {
  const { page } = window;
  const id = await idOf(window, 'IMG_2043');
  await page.evaluate((to) => (location.hash = to), `#/enhance/${id}`);
  await page.getByRole('button', { name: t('enhance.go', { count: 1 }) }).waitFor();
  await page.getByRole('button', { name: t('enhance.keyFull') }).click();
  await page.getByRole('button', { name: t('enhance.keySplit') }).click();
  await page
    .getByText(t('enhance.speedHere', { rate: '' }).trim(), { exact: false })
    .first()
    .waitFor({ timeout: 120_000 });
  await page
    .getByRole('status')
    .getByText(/^\D+, \d+\s?%$/)
    .waitFor({ timeout: 120_000 });
  await keep(window, place, 'enhance');
}

async function queue(window: TestWindow, place: BenchPlace): Promise<void> {
  const { client, page } = window;
  const ids = (await photoIds(client)).toReversed();
  const first = await idOf(window, 'IMG_2043');
  await client.queue.add({ choice: { ids: [first, ...ids.filter((id) => id !== first)] }, recipe: twice });
  await page.keyboard.press('q');
  await page.mouse.move(4, 450);
  // A few are done, one is under way, many wait.
  for (;;) {
    const { counts, running } = await client.queue.status();
    if (counts.done >= 3 && (running[0]?.fraction ?? 0) > 0.3) break;
    await page.waitForTimeout(50);
  }
  await keep(window, place, 'queue', { still: false });
}

async function review(window: TestWindow, place: BenchPlace): Promise<void> {
  const { client, page } = window;
  while ((await client.queue.status()).counts.done < 9) await page.waitForTimeout(200);
  await client.queue.cancel({});
  await window.idle();
  const { results } = await client.review.list({ state: 'ready' });
  await client.review.accept({ ids: results.slice(1, 6).map(({ id }) => id) });
  await page.evaluate((to) => (location.hash = to), `#/review/${await idOf(window, 'IMG_2043')}?show=all`);
  await page.locator('button[aria-keyshortcuts="A"]:enabled').waitFor();
  await page.keyboard.press('1');
  await page.waitForTimeout(1500);
  await keep(window, place, 'review');
}

async function exporting(window: TestWindow, place: BenchPlace): Promise<void> {
  const { client, page, server } = window;
  await client.review.accept({});
  await mkdir(join(server.root, 'Prints'));
  await page.keyboard.press('o');
  await page.getByRole('button', { name: t('export.folder.choose') }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Prints', exact: true }).click();
  await page.getByRole('button', { name: t('export.folder.pick') }).click();
  await page.getByRole('radio', { name: t('export.format.jpeg.name') }).check();
  await page.getByLabel(t('export.name.label')).fill('{date} {name}');
  await page.waitForTimeout(2000);
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    for (const element of document.querySelectorAll('main *')) element.scrollTop = 0;
  });
  await keep(window, place, 'export');
}

async function idOf({ client }: TestWindow, name: string): Promise<number> {
  const { photos: found } = await client.library.list({ text: name, limit: 1 });
  const [one] = found;
  if (one === undefined) throw new Error(`${name} is not in the library.`);
  return one.id;
}

/** Writes the picture as small as it must be. `still`: waits until the program rests and no toast is shown. */
async function keep(window: TestWindow, place: BenchPlace, name: string, { still = true } = {}): Promise<void> {
  const { page, server } = window;
  if (still) {
    await window.idle();
    await page
      .getByRole('region', { name: t('shell.notifications') })
      .locator('p')
      .first()
      .waitFor({ state: 'detached' });
  }
  await asAtHome(window, server.root);
  const shot = await readFile(await window.screenshot(`readme-${name}`));
  for (let quality = 88; quality > 40; quality -= 6) {
    const picture = await sharp(shot).webp({ quality, effort: 6, smartSubsample: true }).toBuffer();
    if (picture.length > mostBytes) continue;
    await writeFile(join(docs, `window-${name}.webp`), picture);
    place.say(`docs/window-${name}.webp: ${Math.round(picture.length / 1000)} KB, quality ${quality}`);
    return;
  }
  throw new Error(`The picture of ${name} does not get small enough.`);
}

/** A person's folder in place of a temporary one. */
async function asAtHome({ page }: TestWindow, root: string): Promise<void> {
  await page.evaluate((temporary) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() !== null) {
      const { currentNode: node } = walker;
      if (node.nodeValue?.includes(temporary) === true)
        node.nodeValue = node.nodeValue.replaceAll(temporary, '/home/anna/Pictures');
    }
  }, root);
}
