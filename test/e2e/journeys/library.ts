/** The first minute: from an empty library to thumbnails. */
import { expect } from 'vitest';
import { photos, seeThumbnails, type Stage } from './stage.ts';

/** Begins with an empty library; `folder` lies where choosing begins and holds `count` photos that fit on the screen. */
export async function firstMinute(stage: Stage, folder: string, count: number): Promise<void> {
  const { page, t } = stage;
  // It says what to do, and the one thing to do has the accent.
  await page.getByRole('heading', { name: t('library.first.title') }).waitFor();
  await page.getByRole('button', { name: t('library.first.folder') }).click();
  await stage.chooseFolder(folder);
  await stage.takeFolder(t('library.add.deed'));

  await seeThumbnails(stage, count);
  await page.getByText(t('library.added.photos', { count })).first().waitFor();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(t('library.places.all'));
  for (const label of await photos(stage).evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label')))) {
    expect(label).toMatch(/^IMG_\d+\.(jpg|png), /);
  }
}
