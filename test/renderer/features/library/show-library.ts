/** The library's view on a list of photos that nobody took. */
import { page } from 'vitest/browser';
import { expect, vi } from 'vitest';
import { cleanup, render } from 'vitest-browser-svelte';
import type { Overrides } from '../../../../core/api/test-double.ts';
import type { Outline, PhotoSummary } from '../../../../core/photo/library-view.ts';
import LibraryView from '../../../../renderer/features/library/LibraryView.svelte';
import { t } from '../../../../renderer/messages/index.svelte.ts';
import type { App } from '../../../../renderer/state/app.svelte.ts';
import { openTestApp, type TestApp, type TestAppOptions } from '../../test-app.ts';
import { photoSummary } from '../../state/photo-summaries.ts';
import WithApp from '../../WithApp.svelte';

/** Photos `count` to 1, twelve a day, of five shapes; a fifth was not looked at. */
export function outlineOf(count: number, perDay = 12): Outline {
  const days = Array.from({ length: Math.ceil(count / perDay) }, (_, index) => ({
    day: new Date(Date.UTC(2024, 0, 1) - index * 86_400_000).toISOString().slice(0, 10),
    count: Math.min(perDay, count - index * perDay),
  }));
  return {
    ids: Array.from({ length: count }, (_, index) => count - index),
    ratios: Array.from({ length: count }, (_, index) => [1500, 667, 1333, 0, 1778][index % 5]!),
    days,
  };
}

export interface LibraryOptions extends TestAppOptions {
  readonly outline?: Outline;
  readonly photo?: (id: number) => Partial<PhotoSummary>;
  readonly library?: Overrides['library'];
  readonly size?: readonly [width: number, height: number];
}

/** Resolves when there are photos, or the words that stand for none. */
export async function showLibrary(options: LibraryOptions = {}): Promise<TestApp> {
  const { outline = outlineOf(300), photo = () => ({}), library = {}, size = [1280, 800], overrides = {}, ...rest } = options;
  await page.viewport(...size);
  const test = await openTestApp({
    ...rest,
    overrides: {
      ...overrides,
      library: { outline, some: ({ ids }) => ({ photos: ids.map((id) => photoSummary(id, photo(id))) }), ...library },
    },
  });
  await mountLibrary(test.app);
  // Tests find photos by their names.
  if (library.some === undefined)
    await vi.waitFor(() => expect(cells().filter(({ ariaLabel }) => ariaLabel === t('common.loading'))).toEqual([]));
  return test;
}

/** The view anew, as after another one. */
export async function mountLibrary(app: App): Promise<void> {
  cleanup();
  const container = document.createElement('div');
  container.id = 'app';
  document.body.replaceChildren(container);
  await render(WithApp, { target: container, props: { app, component: LibraryView, props: {} } });
  await vi.waitFor(() => expect(document.querySelector('[role=option], h2')).not.toBeNull());
  await frames();
}

export const cells = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role=option]')];
export const cell = (id: number): HTMLElement | null => document.querySelector<HTMLElement>(`[data-id="${id}"]`);
export const scroller = (): HTMLElement => document.querySelector<HTMLElement>('.scroller')!;

/** Scrolls like a wheel or a bar does, and waits until the page followed. */
export async function scrollTo(top: number): Promise<void> {
  scroller().scrollTop = top;
  await frames();
}

export async function frames(): Promise<void> {
  for (let times = 0; times < 3; times++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Where a photo is in the view, in pixels from its upper edge. */
export function topOf(id: number): number {
  return cell(id)!.getBoundingClientRect().top - scroller().getBoundingClientRect().top;
}
