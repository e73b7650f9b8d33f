/** Judging an album without touching the mouse. */
import type { Locator } from 'playwright';
import { expect } from 'vitest';
import type { ResultState } from '../../../core/photo/result.ts';
import { goTo, type Stage } from './stage.ts';

/** Three photos wait. Accepts one, rejects one, takes that back, has it made again in another size, accepts all, and goes on to the export. */
export async function reviewByKeyboard(stage: Stage): Promise<void> {
  const { page, t } = stage;
  await goTo(stage, 'review');
  const current = page.getByRole('navigation', { name: t('review.strip') }).locator('[aria-current=true]');
  await current.waitFor();
  const first = await nameOf(current);
  await page.keyboard.press('a');
  await becomes(stage, first, ['accepted']);

  const second = await movedOn(current, first);
  await page.keyboard.press('x');
  await becomes(stage, second, ['rejected']);
  await movedOn(current, second);
  // Undo comes back to the photo and takes the verdict away.
  await page.keyboard.press('u');
  await becomes(stage, second, ['ready']);
  await expect.poll(() => nameOf(current)).toBe(second);

  await redo(stage, second);
  const third = await movedOn(current, second);
  await page.keyboard.press('a');
  await becomes(stage, third, ['accepted']);

  // The review opens again by itself when there is something to judge.
  await acceptButton(stage).waitFor({ timeout: 60_000 });
  await page.keyboard.press('Home');
  for (let steps = 0; steps < 3 && (await nameOf(current)) !== second; steps += 1) await page.keyboard.press('ArrowRight');
  expect(await nameOf(current)).toBe(second);
  await becomes(stage, second, ['ready', 'ready']);
  await page.keyboard.press('a');
  await expect.poll(() => verdictsOf(stage, second)).toContain('accepted');
  await page.getByRole('heading', { name: t('review.done.title') }).waitFor();
  await tabTo(stage, page.getByRole('button', { name: t('review.done.export', { count: 3 }) }));
  await page.keyboard.press('Enter');
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#\/export/);
}

/** When there is something to judge. */
export function acceptButton({ page }: Stage): Locator {
  return page.locator('button[aria-keyshortcuts="A"]:enabled');
}

/** Opens the dialog, chooses to keep the size, and begins; the focus is where it was afterwards. */
async function redo(stage: Stage, name: string): Promise<void> {
  const { page, t } = stage;
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: t('review.redoTitle', { name }) });
  await dialog.waitFor();
  const sizes = dialog.getByRole('group', { name: t('enhance.size') }).getByRole('radio');
  await tabTo(stage, sizes.and(page.locator(':checked')));
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => sizes.first().isChecked()).toBe(true);
  await tabTo(stage, dialog.getByRole('button', { name: t('enhance.go', { count: 1 }) }));
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

/** Presses Tab until it has the focus. Throws when it cannot be reached that way. */
export async function tabTo({ page }: Stage, target: Locator): Promise<void> {
  await target.waitFor();
  const wanted = await target.elementHandle();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await page.evaluate((element) => document.activeElement === element, wanted)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target.toString()} cannot be reached by Tab.`);
}

async function nameOf(current: Locator): Promise<string> {
  return (await current.getAttribute('title')) ?? '';
}

/** Waits until another photo is looked at; returns its name. */
async function movedOn(current: Locator, from: string): Promise<string> {
  await expect.poll(() => nameOf(current)).not.toBe(from);
  return await nameOf(current);
}

async function becomes(stage: Stage, name: string, states: readonly ResultState[]): Promise<void> {
  await expect.poll(() => verdictsOf(stage, name)).toEqual(states);
}

async function verdictsOf({ client }: Stage, photo: string): Promise<ResultState[]> {
  const { results } = await client.review.list({});
  return results.filter(({ name }) => name === photo).map(({ state }) => state);
}
