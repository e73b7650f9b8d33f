import fc from 'fast-check';
import { expect, test } from 'vitest';
import { otherSide, pictureOf } from '../../../../../renderer/features/review/compare/sides.ts';
import { aResult } from '../results.ts';

const results = [aResult(1), aResult(2), aResult(3)];

test('a result is compared with the original, until somebody wants another result', () => {
  expect(otherSide(results, results[2]!, 'original', 1)).toBeNull();
  expect(otherSide(results, results[2]!, 'result', 1)?.id).toBe(1);
});

test('the newest other one serves where none was chosen, and the original where there is no other', () => {
  expect(otherSide(results, results[2]!, 'result', null)?.id).toBe(2);
  expect(otherSide(results, results[0]!, 'result', null)?.id).toBe(3);
  expect(otherSide([results[0]!], results[0]!, 'result', null)).toBeNull();
});

test('nothing is ever compared with itself', () => {
  const index = fc.integer({ min: 0, max: 2 });
  fc.assert(
    fc.property(
      index,
      fc.constantFrom('original' as const, 'result' as const),
      fc.option(fc.integer({ min: 1, max: 4 })),
      (at, against, id) => {
        expect(otherSide(results, results[at]!, against, id)?.id).not.toBe(results[at]!.id);
      },
    ),
  );
});

test('a result without pixels has no picture', () => {
  expect(pictureOf(7, null)).toEqual({ kind: 'original', id: 7 });
  expect(pictureOf(7, aResult(2))).toEqual({ kind: 'result', id: 2 });
  expect(pictureOf(7, aResult(2, { cached: false }))).toBeNull();
});
