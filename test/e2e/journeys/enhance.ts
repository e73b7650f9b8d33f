/** From photos to results: one, many, with pauses. */
import { expect } from 'vitest';
import { photo, type Stage } from './stage.ts';

/** Opens the panel for one photo by keyboard, sees the plan, begins, and waits until the grid says that there is something to review. */
export async function enhanceOne(stage: Stage, name: string): Promise<void> {
  const { page, t } = stage;
  await photo(stage, name).click();
  await page.keyboard.press('e');
  const panel = page.getByRole('region', { name: t('enhance.title', { count: 1 }) });
  await panel.getByText(t('enhance.disk')).waitFor();
  await panel.getByRole('button', { name: t('enhance.go', { count: 1 }) }).click();
  await page.getByText(t('enhance.added', { count: 1 })).waitFor();
  await sayReady(stage, name);
}

/** Makes an album of all photos in the library and enhances it from its menu. */
export async function enhanceAlbum(stage: Stage, album: string, count: number): Promise<void> {
  const { page, t } = stage;
  await photo(stage, 'IMG_').first().click();
  await page.keyboard.press('Control+a');
  await page.getByRole('button', { name: t('library.albums.add') }).click();
  const dialog = page.getByRole('dialog', { name: t('library.albums.addTitle', { count }) });
  await dialog.getByRole('textbox').fill(album);
  await dialog.getByRole('button', { name: t('library.albums.createAndAdd') }).click();
  await page.getByText(t('library.albums.added', { count, name: album })).waitFor();

  await page.getByRole('button', { name: t('library.albums.menu', { name: album }) }).click();
  await page.getByRole('menuitem', { name: t('library.albums.enhance') }).click();
  await beginFromPanel(stage, count);
}

/** Presses the one button of an open panel. */
export async function beginFromPanel({ page, t }: Stage, count: number): Promise<void> {
  await page.getByRole('button', { name: t('enhance.go', { count }), exact: true }).click();
  await page.getByText(t('enhance.added', { count })).waitFor();
}

/** Waits for the word on the photo itself. */
export async function sayReady(stage: Stage, name: string): Promise<void> {
  await photo(stage, name)
    .and(stage.page.locator(`[aria-label*="${stage.t('library.state.ready')}"]`))
    .waitFor({ timeout: 60_000 });
}

/** While a batch runs: pauses it from the bar, sees that nothing goes on, and goes on. */
export async function pauseAndResume(stage: Stage): Promise<void> {
  const { page, t, client } = stage;
  const bar = page.getByRole('region', { name: t('queue.title'), exact: true });
  await bar.getByRole('progressbar').waitFor();
  await bar.getByRole('button', { name: t('queue.pause') }).click();
  await bar.getByRole('button', { name: t('queue.resume') }).waitFor();
  // What is running is finished or given back; then nothing begins any more.
  await expect.poll(async () => (await client.queue.status()).counts.running, { timeout: 30_000 }).toBe(0);
  const { counts } = await client.queue.status();
  expect(counts.queued).toBeGreaterThan(0);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await client.queue.status()).counts).toEqual(counts);

  await bar.getByRole('button', { name: t('queue.resume') }).click();
  await expect.poll(async () => (await client.queue.status()).counts.done, { timeout: 60_000 }).toBeGreaterThan(counts.done);
}
