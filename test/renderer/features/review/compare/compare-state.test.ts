import { describe, expect, test } from 'vitest';
import { CompareState, compareModes } from '../../../../../renderer/features/review/compare/compare-state.svelte.ts';

describe('holding', () => {
  test('shows the original alone in every mode, and afterwards what was shown before', () => {
    for (const mode of compareModes) {
      const compare = new CompareState();
      compare.choose(mode);
      const before = compare.look;
      compare.held = true;
      expect(compare.look, mode).toEqual({ kind: 'one', side: 'a' });
      compare.held = false;
      expect(compare.look, mode).toEqual(before);
    }
  });

  test('shows the result where the original is shown for good', () => {
    const compare = new CompareState();
    compare.choose('one');
    compare.choose('one');
    expect(compare.look).toEqual({ kind: 'one', side: 'a' });
    compare.held = true;
    expect(compare.look).toEqual({ kind: 'one', side: 'b' });
  });
});

describe('choosing the mode that is there already', () => {
  test('turns the line', () => {
    const compare = new CompareState();
    compare.choose('split');
    expect(compare.look).toMatchObject({ kind: 'split', direction: 'down' });
    compare.choose('split');
    expect(compare.look).toMatchObject({ kind: 'split', direction: 'across' });
  });

  test('brightens the difference, and begins anew', () => {
    const compare = new CompareState();
    compare.choose('difference');
    const gains = [0, 1, 2, 3].map(() => {
      const { gain } = compare;
      compare.choose('difference');
      return gain;
    });
    expect(gains).toEqual([4, 16, 1, 4]);
  });
});

test('a nudge moves the line of a split inside the view, and changes a loupe between its ends', () => {
  const compare = new CompareState();
  for (let count = 0; count < 30; count++) compare.nudge(1);
  expect(compare.splitAt).toBe(1);
  compare.nudge(-1);
  expect(compare.splitAt).toBe(0.95);
  compare.choose('loupe');
  for (let count = 0; count < 9; count++) compare.nudge(1);
  expect(compare.loupeScale).toBe(8);
  compare.turnLoupe();
  expect(compare.loupeScale).toBe(1);
  for (let count = 0; count < 9; count++) compare.nudge(-1);
  expect(compare.loupeScale).toBe(1);
});

test('the loupe stays on the picture', () => {
  const compare = new CompareState();
  compare.moveLoupe({ x: -3, y: 1.2 });
  expect(compare.loupeSpot).toEqual({ x: 0, y: 1 });
});
