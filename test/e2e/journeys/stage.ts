/** What a journey is played on: a window, whatever host is behind it. */
import type { Locator, Page } from 'playwright';
import { expect } from 'vitest';
import type { Client } from '../../../core/api/client.ts';
import type { Words } from '../words.ts';

export interface Stage {
  readonly page: Page;
  /** Asks the same host, beside the window. */
  readonly client: Client;
  /** In the language of the window. */
  readonly t: Words;
  /** Chooses a folder of this name where the window, or its host, lets the user choose; it is right there. */
  chooseFolder(name: string): Promise<void>;
  /** Presses the button of the window that takes the folder; a dialog of the system has its own, which was pressed already. */
  takeFolder(button: string): Promise<void>;
  /** Resolves when the host has nothing left to do and all pictures on the screen are there. */
  idle(): Promise<void>;
}

/** The photos in the grid that are near the screen. */
export function photos({ page, t }: Stage): Locator {
  return page.getByRole('listbox', { name: t('library.photos') }).getByRole('option');
}

/** The photo whose name begins so. */
export function photo(stage: Stage, name: string): Locator {
  return photos(stage).and(stage.page.locator(`[aria-label^="${name}"]`));
}

/** Waits until so many thumbnails are to be seen, not only their places. */
export async function seeThumbnails(stage: Stage, count: number): Promise<void> {
  const seen = (): Promise<number> =>
    photos(stage)
      .locator('img')
      .evaluateAll((images) => images.filter((image) => image instanceof HTMLImageElement && image.naturalWidth > 0).length);
  await expect.poll(seen, { timeout: 30_000 }).toBe(count);
}

export type Section = 'library' | 'review' | 'export' | 'queue' | 'settings';

const keyOf: Readonly<Record<Section, string>> = { library: 'g', review: 'v', export: 'o', queue: 'q', settings: 'Control+,' };

/** Goes there as the shortcut sheet says. */
export async function goTo({ page }: Stage, section: Section): Promise<void> {
  await page.keyboard.press(keyOf[section]);
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(new RegExp(`^#/${section}`));
}

/** Names in the toasts that are shown. */
export async function toasts({ page, t }: Stage): Promise<string[]> {
  return await page
    .getByRole('region', { name: t('shell.notifications') })
    .locator('p')
    .allInnerTexts();
}
