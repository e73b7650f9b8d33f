/** Every screen of the window, each with the way to it, over a library that has something of everything. */
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { acceptButton } from './journeys/review.ts';
import { photo, photos, type Stage } from './journeys/stage.ts';
import { enhanceAll, photoIds } from './prepared.ts';
import type { TestServer } from './server.ts';

export interface Screen {
  readonly name: string;
  open(stage: Stage): Promise<void>;
}

/** Six photos or more: one is damaged and failed, two wait for a verdict, one is accepted and one rejected; an album has some of them. */
export async function somethingOfEverything(server: TestServer): Promise<void> {
  const { client } = server;
  await server.idle();
  const ids = await photoIds(client);
  await truncate(join(server.root, 'photos', 'IMG_2041.jpg'), 3000);
  await client.library.rescan();
  const damaged = async (): Promise<number> => (await client.library.count({ state: 'damaged' })).count;
  while ((await damaged()) === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await enhanceAll(server, ids.slice(0, 5));
  const { results } = await client.review.list({ state: 'ready' });
  await client.review.accept({ ids: results.slice(0, 1).map(({ id }) => id) });
  await client.review.reject({ ids: results.slice(1, 2).map(({ id }) => id) });
  await client.library.rate({ ids: ids.slice(1, 3), rating: 4 });
  await client.library.favour({ ids: ids.slice(2, 3), favourite: true });
  await client.album.create({ name: 'Journey' });
  await client.album.add({ name: 'Journey', ids: ids.slice(0, 4) });
}

/** Goes to a view by its address, as a link does, and waits for what it must show. */
async function go(stage: Stage, hash: string, landmark: ReturnType<Stage['page']['locator']>): Promise<void> {
  await stage.page.evaluate((to) => (location.hash = to), hash);
  await landmark.first().waitFor();
}

async function toLibrary(stage: Stage): Promise<void> {
  await go(stage, '#/library', photos(stage));
}

/** Waits until what is to be seen large is there. */
async function read({ page, t }: Stage): Promise<void> {
  await page.getByText(t('review.stage.reading')).waitFor({ state: 'hidden' });
}

/** A photo that is in order. */
async function goodId({ client }: Stage): Promise<number> {
  return (await photoIds(client)).at(-1) ?? 0;
}

export const screens: readonly Screen[] = [
  { name: 'library', open: toLibrary },
  {
    name: 'library-nothing',
    open: (stage) => go(stage, '#/library?text=nowhere', stage.page.getByText(stage.t('library.nothing.title'))),
  },
  {
    name: 'library-panel',
    async open(stage) {
      await toLibrary(stage);
      await photo(stage, 'IMG_2045').click();
      await stage.page.keyboard.press('e');
      await stage.page.getByRole('button', { name: stage.t('enhance.go', { count: 1 }) }).waitFor();
    },
  },
  {
    name: 'photo',
    async open(stage) {
      await go(stage, `#/photo/${await goodId(stage)}`, stage.page.getByRole('heading', { level: 1, name: /^IMG_/ }));
      await read(stage);
    },
  },
  {
    name: 'enhance',
    async open(stage) {
      await go(
        stage,
        `#/enhance/${await goodId(stage)}`,
        stage.page.getByRole('button', { name: stage.t('enhance.go', { count: 1 }) }),
      );
    },
  },
  {
    name: 'queue',
    open: (stage) => go(stage, '#/queue', stage.page.getByText(stage.t('queue.failed'), { exact: true })),
  },
  {
    name: 'review',
    async open(stage) {
      await go(stage, '#/review?show=all', acceptButton(stage));
      await read(stage);
    },
  },
  { name: 'export', open: (stage) => go(stage, '#/export', stage.page.getByLabel(stage.t('export.name.label'))) },
  {
    name: 'settings',
    open: (stage) => go(stage, '#/settings', stage.page.getByRole('heading', { level: 1, name: stage.t('shell.settings') })),
  },
  {
    name: 'add-folder',
    async open(stage) {
      const { page, t } = stage;
      await go(stage, '#/settings', page.getByRole('heading', { level: 1 }));
      await page
        .getByRole('button', { name: t('library.folders.add') })
        .first()
        .click();
      await page.getByRole('dialog').getByRole('list').first().waitFor();
    },
  },
  {
    name: 'shortcuts',
    async open(stage) {
      await toLibrary(stage);
      await stage.page.keyboard.press('?');
      await stage.page.getByRole('dialog', { name: stage.t('shell.shortcuts') }).waitFor();
    },
  },
];

/** Back to a window without dialogs, panels and selection. */
export async function leave({ page }: Stage): Promise<void> {
  for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Escape');
}
