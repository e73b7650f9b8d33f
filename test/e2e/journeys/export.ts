/** Accepted results become files, and other files without the network. */
import { expect } from 'vitest';
import { goTo, type Stage } from './stage.ts';

/** `count` results are accepted; `folder` lies where choosing begins and is empty. `names` tells what is in it. */
export async function exportTwice(stage: Stage, folder: string, count: number, names: () => Promise<string[]>): Promise<void> {
  const { page, t, client } = stage;
  await goTo(stage, 'export');
  await page.getByRole('button', { name: t('export.folder.choose') }).click();
  await stage.chooseFolder(folder);
  await stage.takeFolder(t('export.folder.pick'));
  await start(stage, count);
  const first = await names();
  expect(first).toHaveLength(count);
  expect(first.filter((name) => name.endsWith('.webp'))).toEqual([]);

  const enhanced = await client.queue.jobs({ kinds: ['enhance'] });
  await page.getByRole('button', { name: t('export.outcome.again') }).click();
  await page.getByRole('radio', { name: t('export.format.webp.name') }).check();
  await start(stage, count);
  const second = await names();
  expect(second.filter((name) => name.endsWith('.webp'))).toHaveLength(count);
  expect(second).toHaveLength(2 * count);
  // No network ran for that: nothing but exports was done.
  expect(await client.queue.jobs({ kinds: ['enhance'] })).toEqual(enhanced);
}

/** Presses the one button, and waits until it says what was written. */
async function start({ page, t }: Stage, count: number): Promise<void> {
  await page.getByRole('button', { name: t('export.start', { count }), disabled: false }).click();
  await page.getByText(t('export.outcome.done', { count })).waitFor({ timeout: 60_000 });
}
