import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hostilePhoto, probe, probeName } from './hostile-photo.ts';
import { goTo, photos, type Stage } from './journeys/stage.ts';
import { enhanceAll } from './prepared.ts';
import { describeWindow, onStage } from './stage.ts';

describeWindow('text that would be a program', () => {
  // File name, EXIF and XMP title, description, keywords, folder, path, album, template of names, and what is searched for.
  it('is text on every screen: no script runs, and the policy has nothing to stop', async () => {
    await onStage({}, async (stage) => {
      const { page, t, client, server } = stage;
      const folder = join(server.root, probeName('folder'));
      await mkdir(folder);
      const name = await hostilePhoto(folder);
      await addFolderOf(client, probeName('folder'));
      await enhanceAll(server);
      const [id = 0] = (await client.library.outline({})).ids;
      await client.album.create({ name: probe('album').slice(0, 200) });
      await client.album.add({ name: probe('album').slice(0, 200), ids: [id] });
      await client.review.accept({});

      await goTo(stage, 'library');
      await photos(stage).first().click();
      await page.keyboard.press('e');
      await page.getByRole('region', { name: t('enhance.title', { count: 1 }) }).waitFor();
      await shown(stage, name);
      await page.keyboard.press('Escape');
      await page.getByLabel(t('library.search.label'), { exact: true }).fill(probe('search').slice(0, 900));
      await page.getByText(t('library.nothing.title')).waitFor();
      await shown(stage, probeName('folder'));

      // What is to be seen on each: the name of the file, or of the folder, or what the view says itself.
      const views = [
        [`#/photo/${id}`, name],
        [`#/enhance/${id}`, t('enhance.promise')],
        ['#/queue', name],
        ['#/review?show=all', name],
        ['#/settings', probeName('folder')],
      ] as const;
      for (const [hash, text] of views) {
        await page.goto(server.url + hash);
        await shown(stage, text);
      }
      await page.goto(`${server.url}#/export`);
      await page.getByLabel(t('export.name.label')).fill(`{name} ${probe('template')}`);
      await settled(stage);
      await page.goto(`${server.url}#/library?${new URLSearchParams({ album: probe('album').slice(0, 200) }).toString()}`);
      await photos(stage).first().waitFor();
      await page.getByRole('button', { name: t('library.folders.add') }).click();
      await stage.chooseFolder(probeName('folder'));
      await settled(stage);
    });
  });
});

async function addFolderOf(client: Stage['client'], name: string): Promise<void> {
  const [root] = (await client.host.browse({ folder: null })).folders;
  const { folders } = await client.host.browse({ folder: root?.grant ?? null });
  const found = folders.find((folder) => folder.name === name);
  if (found === undefined) throw new Error('The folder is not there.');
  await client.library.add({ grants: [found.grant] });
}

/** The text is to be seen, or heard, as it is. */
async function shown(stage: Stage, text: string): Promise<void> {
  const texts = (): Promise<string> =>
    stage.page.evaluate(() => {
      const labels = [...document.querySelectorAll('[aria-label]')].map((element) => element.getAttribute('aria-label'));
      return [document.body.textContent, ...labels].join('\n');
    });
  await expect.poll(texts, { timeout: 20_000 }).toContain(text);
  await settled(stage);
}

/** Everything has loaded; nothing of it ran. */
async function settled({ page, idle }: Stage): Promise<void> {
  await idle();
  expect(await page.evaluate(() => (globalThis as { broken?: string }).broken)).toBeUndefined();
  expect(await page.locator('img[src="x"], svg[onload], main script').count()).toBe(0);
}
