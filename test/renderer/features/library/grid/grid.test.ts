import { userEvent } from 'vitest/browser';
import { describe, expect, it, vi } from 'vitest';
import type { Outline } from '../../../../../core/photo/library-view.ts';
import { cell, cells, frames, mountLibrary, outlineOf, scroller, scrollTo, showLibrary, topOf } from '../show-library.ts';

const hundredThousand = outlineOf(100_000);

async function press(keys: string): Promise<void> {
  await userEvent.keyboard(keys);
  await frames();
}

/** Number of the photo that has the keyboard. */
const focused = (): number => Number((document.activeElement as HTMLElement | null)?.dataset['id'] ?? 0);
const middle = (id: number): number => {
  const { left, width } = cell(id)!.getBoundingClientRect();
  return left + width / 2;
};

describe('the grid of 100,000 photos', () => {
  it('has only what can be seen in the page, wherever it is scrolled to', async () => {
    await showLibrary({ outline: hundredThousand });
    const height = scroller().scrollHeight;
    expect(height).toBeGreaterThan(1_000_000);
    for (const part of [0, 0.1, 0.5, 0.99, 1]) {
      await scrollTo(part * height);
      expect(cells().length).toBeGreaterThan(5);
      expect(cells().length).toBeLessThan(120);
      expect(document.querySelectorAll('.days .section').length).toBeLessThan(40);
    }
    expect(cell(1)).not.toBeNull();
  });

  it('tells screen readers the whole list all the same', async () => {
    await showLibrary({ outline: hundredThousand });
    const list = document.querySelector('[role=listbox]')!;
    expect(list.getAttribute('aria-multiselectable')).toBe('true');
    await scrollTo(500_000);
    for (const one of cells()) {
      expect(one.getAttribute('aria-setsize')).toBe('100000');
      expect(one.getAttribute('aria-posinset')).toBe(String(100_001 - Number(one.dataset['id'])));
    }
    expect(list.querySelectorAll(':scope > :not([role=option])')).toHaveLength(0);
  });

  it('asks for no more than what is near the view', async () => {
    const { calls } = await showLibrary({ outline: hundredThousand });
    await scrollTo(800_000);
    await vi.waitFor(() => expect(cells().every((one) => one.querySelector('img') !== null)).toBe(true));
    const asked = calls.filter(({ call }) => call === 'library.some').flatMap(({ params }) => (params as { ids: number[] }).ids);
    expect(asked.length).toBeLessThan(1000);
  });

  it('comes to the last photo by End, to the first by Home, and keeps the keyboard', async () => {
    await showLibrary({ outline: hundredThousand });
    await press('{End}');
    expect(focused()).toBe(1);
    expect(topOf(1)).toBeGreaterThan(0);
    await press('{Home}');
    expect(focused()).toBe(100_000);
    expect(scroller().scrollTop).toBe(0);
  });
});

describe('a photo in the grid', () => {
  it('says its name, day, state and rating', async () => {
    await showLibrary({ outline: outlineOf(3), photo: (id) => (id === 3 ? { rating: 4, state: 'ready', favourite: true } : {}) });
    await expect
      .poll(() => cell(3)!.getAttribute('aria-label'))
      .toBe('IMG_0003.jpg, July 14, 2019, To review, 4 stars, Favourite');
    expect(cell(1)!.getAttribute('aria-label')).toBe('IMG_0001.jpg, July 14, 2019');
    expect(cell(3)!.textContent).toContain('To review');
  });

  it('has its place before its picture is there', async () => {
    const gate = Promise.withResolvers<{ photos: [] }>();
    await showLibrary({ library: { some: () => gate.promise } });
    const before = cells().map((one) => one.getBoundingClientRect().toJSON() as unknown);
    expect(document.querySelector('[role=option] img')).toBeNull();
    gate.resolve({ photos: [] });
    await frames();
    expect(cells().map((one) => one.getBoundingClientRect().toJSON() as unknown)).toEqual(before);
  });

  it('has its picture soon after the scrolling rests, and not all of them before', async () => {
    await showLibrary({ outline: hundredThousand });
    const isAsked = (one: HTMLElement): boolean => one.querySelector('img[src]') !== null;
    // A slow machine may rest between two steps, and then rightly shows all.
    let least = 1;
    for (let step = 1; step <= 20; step += 1) {
      scroller().scrollTop = step * 5000;
      await frames();
      least = Math.min(least, cells().filter(isAsked).length / cells().length);
    }
    expect(least).toBeLessThan(1);
    await vi.waitFor(() => expect(cells().every(isAsked)).toBe(true));
  });

  it('ends the request of its picture when it leaves the page', async () => {
    await showLibrary({ outline: hundredThousand });
    await vi.waitFor(() => expect(document.querySelector('[role=option] img')).not.toBeNull());
    const image = document.querySelector<HTMLImageElement>('[role=option] img')!;
    await scrollTo(100_000);
    expect(image.isConnected).toBe(false);
    expect(image.hasAttribute('src')).toBe(false);
  });

  it('is looked at first when it rests on the screen without a thumbnail', async () => {
    const { calls } = await showLibrary({
      outline: outlineOf(300),
      photo: (id) => ({ thumbnailKey: id % 2 === 0 ? null : 'x', state: id % 10 === 0 ? 'damaged' : 'none' }),
    });
    await vi.waitFor(() => expect(calls.some(({ call }) => call === 'queue.look')).toBe(true));
    const { photoIds } = calls.find(({ call }) => call === 'queue.look')!.params as { photoIds: number[] };
    expect(photoIds.length).toBeGreaterThan(3);
    expect(photoIds.every((id) => id % 2 === 0 && id % 10 !== 0)).toBe(true);
    expect(photoIds.every((id) => topOf(id) < scroller().clientHeight)).toBe(true);
  });
});

describe('the keyboard', () => {
  it('goes from photo to photo and selects nothing', async () => {
    const { app } = await showLibrary();
    await press('{ArrowRight}');
    expect(focused()).toBe(300);
    await press('{ArrowRight}{ArrowRight}{ArrowLeft}');
    expect(focused()).toBe(299);
    expect(app.selection.size).toBe(0);
    expect(
      cells()
        .filter((one) => one.tabIndex === 0)
        .map((one) => one.dataset['id']),
    ).toEqual(['299']);
  });

  it('goes down and up to the nearest photo of the next row, and back to where it began', async () => {
    await showLibrary();
    await press('{ArrowRight}{ArrowRight}{ArrowRight}');
    const start = focused();
    const x = middle(start);
    await press('{ArrowDown}');
    const below = focused();
    expect(topOf(below)).toBeGreaterThan(topOf(start));
    for (const one of cells().filter((other) => topOf(Number(other.dataset['id'])) === topOf(below)))
      expect(Math.abs(middle(below) - x)).toBeLessThanOrEqual(Math.abs(middle(Number(one.dataset['id'])) - x));
    await press('{ArrowDown}{ArrowDown}{ArrowUp}{ArrowUp}{ArrowUp}');
    expect(focused()).toBe(start);
  });

  it('brings what it comes to into view, below the heading of the day', async () => {
    await showLibrary({ outline: outlineOf(2000) });
    await press('{ArrowRight}{PageDown}{PageDown}{PageDown}');
    const id = focused();
    expect(id).toBeLessThan(1990);
    const { bottom } = cell(id)!.getBoundingClientRect();
    expect(topOf(id)).toBeGreaterThanOrEqual(44);
    expect(bottom).toBeLessThanOrEqual(scroller().getBoundingClientRect().bottom);
    await press('{PageUp}{PageUp}{PageUp}');
    expect(topOf(focused())).toBeGreaterThanOrEqual(44);
  });

  it('selects with Space, a range with Shift, everything with Ctrl+A, and opens with Enter', async () => {
    const { app } = await showLibrary({ outline: outlineOf(40) });
    await press('{ArrowRight} ');
    expect(app.selection.inOrder()).toEqual([40]);
    expect(cell(40)!.getAttribute('aria-selected')).toBe('true');
    await press('{ArrowRight}{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
    expect(app.selection.inOrder()).toEqual([39, 38, 37]);
    await press('{Control>}a{/Control}');
    expect(app.selection.size).toBe(40);
    await press('{Escape}');
    expect(app.selection.size).toBe(0);
    await press('{Enter}');
    expect(app.router.route).toMatchObject({ view: 'photo', id: 37 });
  });

  it('keeps the photo that has it in the page while something else is scrolled to', async () => {
    await showLibrary({ outline: hundredThousand });
    await press('{ArrowRight}{ArrowRight}');
    await scrollTo(400_000);
    expect(focused()).toBe(99_999);
    await press('{ArrowRight}');
    expect(focused()).toBe(99_998);
    expect(scroller().scrollTop).toBeLessThan(100);
  });

  it('leaves its keys to a field, a slider and a button', async () => {
    const { app } = await showLibrary();
    await press('{ArrowRight}');
    document.querySelector<HTMLInputElement>('input[type=range]')!.focus();
    await press('{ArrowRight}');
    document.querySelector('select')!.focus();
    await press('{ArrowRight}');
    expect(app.selection.focus).toBe(300);
  });
});

describe('the mouse', () => {
  it('selects one, one more with Ctrl, a range with Shift, and one by its tick', async () => {
    const { app } = await showLibrary();
    await userEvent.click(cell(299)!);
    expect(app.selection.inOrder()).toEqual([299]);
    await userEvent.click(cell(297)!, { modifiers: ['Control'] });
    expect(app.selection.inOrder()).toEqual([299, 297]);
    await userEvent.click(cell(300)!);
    await userEvent.click(cell(298)!, { modifiers: ['Shift'] });
    expect(app.selection.inOrder()).toEqual([300, 299, 298]);
    await userEvent.click(cell(297)!.querySelector('[data-tick]')!);
    expect(app.selection.inOrder()).toEqual([300, 299, 298, 297]);
  });

  it('opens a photo with a double click, and unselects all beside the photos', async () => {
    const { app } = await showLibrary({ outline: outlineOf(2) });
    await userEvent.click(cell(2)!);
    document.querySelector<HTMLElement>('[role=listbox]')!.click();
    expect(app.selection.size).toBe(0);
    await userEvent.dblClick(cell(1)!);
    expect(app.router.route).toMatchObject({ view: 'photo', id: 1 });
  });

  it('selects a whole day by its heading', async () => {
    const { app } = await showLibrary();
    const day = document.querySelector<HTMLButtonElement>('.days button')!;
    await userEvent.click(day);
    expect(app.selection.inOrder()).toEqual(outlineOf(300).ids.slice(0, 12));
    await userEvent.click(day);
    expect(app.selection.size).toBe(0);
  });
});

describe('the place in the list', () => {
  /** The same photos with some that are newer. */
  const withNewer = (count: number): Outline => {
    const { ids, ratios, days } = outlineOf(2000);
    return {
      ids: [...Array.from({ length: count }, (_, index) => 5000 + index), ...ids],
      ratios: [...Array.from({ length: count }, () => 1500), ...ratios],
      days: [{ day: '2024-02-02', count }, ...days],
    };
  };

  it('stays when photos come above', async () => {
    const { app } = await showLibrary({ outline: outlineOf(2000) });
    await scrollTo(7000);
    const seen = cells().find((one) => topOf(Number(one.dataset['id'])) > 100)!;
    const id = Number(seen.dataset['id']);
    const top = topOf(id);
    app.list.outline = withNewer(300);
    await frames();
    expect(topOf(id)).toBe(top);
    expect(cell(id)).toBe(seen);
    expect(scroller().scrollTop).toBeGreaterThan(8000);
  });

  it('is the top as long as nobody scrolled, so that new photos are seen', async () => {
    const { app } = await showLibrary({ outline: outlineOf(2000) });
    app.list.outline = withNewer(3);
    await frames();
    expect(scroller().scrollTop).toBe(0);
    expect(cell(5000)).not.toBeNull();
  });

  it('stays at what is there when the photo itself is gone', async () => {
    const { app } = await showLibrary({ outline: outlineOf(2000) });
    await scrollTo(7000);
    const place = app.list.scrollPlace!;
    const { ids, ratios, days } = outlineOf(2000);
    const without = <Item>(items: readonly Item[]): Item[] => items.filter((_, index) => index !== place.index);
    app.list.outline = {
      ids: without(ids),
      ratios: without(ratios),
      days: days.map((day, index) => (index === 0 ? { ...day, count: 11 } : day)),
    };
    await frames();
    expect(Math.abs(scroller().scrollTop - 7000)).toBeLessThan(500);
  });

  it('stays when the window becomes narrower', async () => {
    const { app } = await showLibrary({ outline: outlineOf(2000) });
    await scrollTo(9000);
    const { id } = app.list.scrollPlace!;
    for (const width of [1100, 1000, 1150]) {
      document.getElementById('app')!.style.width = `${width}px`;
      await frames();
    }
    expect(app.list.scrollPlace!.id).toBe(id);
    expect(topOf(id)).toBeLessThan(300);
  });

  it('survives opening a photo and coming back, with the keyboard at that photo', async () => {
    const { app } = await showLibrary({ outline: outlineOf(2000) });
    await scrollTo(7000);
    const id = Number(cells().find((one) => topOf(Number(one.dataset['id'])) > 100)!.dataset['id']);
    const top = topOf(id);
    await userEvent.dblClick(cell(id)!);
    expect(app.router.route.view).toBe('photo');
    await mountLibrary(app);
    expect(topOf(id)).toBe(top);
    expect(focused()).toBe(id);
  });
});

describe('the years beside the list', () => {
  it('lead to their photos', async () => {
    await showLibrary({ outline: hundredThousand });
    const scrubber = document.querySelector<HTMLElement>('.scrubber')!;
    const { height } = scrubber.getBoundingClientRect();
    await userEvent.click(scrubber, { position: { x: 20, y: height / 2 } });
    await frames();
    expect(Math.abs(scroller().scrollTop / scroller().scrollHeight - 0.5)).toBeLessThan(0.02);
    expect(scrubber.textContent).toMatch(/[A-Z][a-z]+ 20\d\d/);
  });

  it('are not there for a list that is seen at a glance, or has no days', async () => {
    await showLibrary({ outline: outlineOf(10) });
    expect(document.querySelector('.scrubber')).toBeNull();
    await showLibrary({ outline: { ...outlineOf(2000), days: [{ day: null, count: 2000 }] } });
    expect(document.querySelector('.scrubber')).toBeNull();
    expect(document.querySelector('.days')).toBeNull();
  });
});
