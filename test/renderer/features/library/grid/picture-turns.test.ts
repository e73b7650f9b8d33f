import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { picturesPerFrame, PictureTurns } from '../../../../../renderer/features/library/grid/picture-turns.ts';

const frameMs = 16;
const height = 900;

beforeEach(() => vi.useFakeTimers({ toFake: ['requestAnimationFrame', 'performance'] }));
afterEach(() => vi.useRealTimers());

interface Grid {
  /** Tops of the pictures whose turn has come, in that order. */
  readonly started: readonly number[];
  scrollTo(top: number): void;
  /** A picture comes into the page; the function takes it out. */
  add(top: number): () => void;
}

function openGrid(perFrame: number): Grid {
  const view = { scrollTop: 0, height };
  const started: number[] = [];
  const turns = new PictureTurns(view, perFrame);
  return {
    started,
    scrollTo(top) {
      view.scrollTop = top;
      turns.scrolled();
    },
    add: (top) => turns.wait({ top: () => top, start: () => started.push(top) }),
  };
}

const nextFrame = (): void => void vi.advanceTimersByTime(frameMs);

describe('pictures of the grid', () => {
  it('are asked for at once while nothing is scrolled', () => {
    const grid = openGrid(1);
    for (const top of [0, 200, 400]) grid.add(top);
    expect(grid.started).toEqual([0, 200, 400]);
  });

  it('are asked for by so many a frame while the grid is scrolled', () => {
    const grid = openGrid(2);
    for (let frame = 1; frame <= 20; frame += 1) {
      grid.scrollTo(frame * 100);
      for (let one = 0; one < 5; one += 1) grid.add(frame * 100 + height);
      nextFrame();
      expect(grid.started).toHaveLength(2 * frame);
    }
  });

  it('are all asked for as soon as the scrolling rests, those in the middle of the view first', () => {
    const grid = openGrid(1);
    grid.scrollTo(5000);
    const tops = Array.from({ length: 10 }, (_, index) => 4600 + index * 200);
    for (const top of tops) grid.add(top);
    for (let frame = 0; frame < 3; frame += 1) nextFrame();
    expect(grid.started).toEqual([5400, 5600, 5200]);
    for (let frame = 0; frame < 10; frame += 1) nextFrame();
    expect(grid.started.toSorted((a, b) => a - b)).toEqual(tops);
    grid.add(7000);
    expect(grid.started).toContain(7000);
  });

  it('come first where the view is going to be', () => {
    for (const direction of [1, -1]) {
      const grid = openGrid(1);
      for (let frame = 1; frame <= 10; frame += 1) {
        grid.scrollTo(50_000 + direction * frame * 80);
        nextFrame();
      }
      const middle = 50_000 + direction * 800 + height / 2;
      for (const offset of [-600, 0, 600]) grid.add(middle + offset);
      nextFrame();
      expect(grid.started).toEqual([middle + direction * 600]);
    }
  });

  it('that went by without their turn are not asked for', () => {
    const grid = openGrid(1);
    grid.scrollTo(10_000);
    const leave = [10_000, 10_200, 10_400].map((top) => grid.add(top));
    nextFrame();
    expect(grid.started).toEqual([10_400]);
    for (const leaves of leave) leaves();
    grid.scrollTo(20_000);
    grid.add(20_400);
    for (let frame = 0; frame < 20; frame += 1) nextFrame();
    expect(grid.started).toEqual([10_400, 20_400]);
  });

  it('are never held back altogether, however few processors there are', () => {
    for (let processors = 1; processors <= 64; processors += 1) {
      expect(picturesPerFrame(processors)).toBeGreaterThanOrEqual(1);
      expect(picturesPerFrame(processors)).toBeLessThanOrEqual(4);
      expect(picturesPerFrame(processors + 1)).toBeGreaterThanOrEqual(picturesPerFrame(processors));
    }
  });
});
