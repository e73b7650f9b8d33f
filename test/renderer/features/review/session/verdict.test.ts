import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextResultState, resultStates, type ResultState } from '../../../../../core/photo/result.ts';
import { photosOf } from '../../../../../renderer/features/review/session/review-order.ts';
import { afterSteps, callsFor, judge, takenBack } from '../../../../../renderer/features/review/session/verdict.ts';
import { aResult } from '../results.ts';

const made = resultStates.filter((state) => state !== 'pending');
const photos = fc.array(fc.constantFrom(...made), { minLength: 1, maxLength: 5 }).map((states) => {
  const photo = photosOf(states.map((state, index) => aResult(index + 1, { state })))[0];
  if (photo === undefined) throw new Error('no photo');
  return photo;
});
const kinds = fc.constantFrom('accept' as const, 'reject' as const);

function statesOf(results: readonly { state: ResultState }[]): ResultState[] {
  return results.map(({ state }) => state);
}

describe('a verdict', () => {
  test('makes its result what was said, and can be taken back whatever there was before', () => {
    fc.assert(
      fc.property(photos, kinds, fc.nat(), (photo, kind, which) => {
        const { id } = photo.results[which % photo.results.length]!;
        const verdict = judge(photo, id, kind);
        if (verdict === null) return;
        const after = afterSteps(photo.results, verdict.steps);
        const { state } = after.find((result) => result.id === id)!;
        expect(kind === 'reject' ? state === 'rejected' : state === 'accepted' || state === 'exported').toBe(true);
        expect(statesOf(afterSteps(after, takenBack(verdict.steps)))).toEqual(statesOf(photo.results));
      }),
    );
  });

  test('that accepts leaves nothing of the photo to be judged', () => {
    fc.assert(
      fc.property(photos, fc.nat(), (photo, which) => {
        const { id } = photo.results[which % photo.results.length]!;
        const verdict = judge(photo, id, 'accept');
        if (verdict !== null) expect(statesOf(afterSteps(photo.results, verdict.steps))).not.toContain('ready');
      }),
    );
  });

  test('touches no verdict on another result', () => {
    fc.assert(
      fc.property(photos, kinds, fc.nat(), (photo, kind, which) => {
        const { id } = photo.results[which % photo.results.length]!;
        for (const { resultId, from } of judge(photo, id, kind)?.steps ?? [])
          expect(resultId === id || from === 'ready', String(resultId)).toBe(true);
      }),
    );
  });

  test('that changes nothing is none', () => {
    const [photo] = photosOf([aResult(1, { state: 'accepted' })]);
    expect(judge(photo!, 1, 'accept')).toBeNull();
    expect(judge(photo!, 7, 'accept')).toBeNull();
  });
});

test('its calls lead to what its steps say, by the rules of the library', () => {
  fc.assert(
    fc.property(photos, kinds, fc.nat(), fc.boolean(), (photo, kind, which, isUndone) => {
      const verdict = judge(photo, photo.results[which % photo.results.length]!.id, kind);
      if (verdict === null) return;
      const steps = isUndone ? takenBack(verdict.steps) : verdict.steps;
      const state = new Map(steps.map(({ resultId, from }) => [resultId, from]));
      for (const { verb, ids } of callsFor(steps)) for (const id of ids) state.set(id, nextResultState(state.get(id)!, verb)!);
      for (const { resultId, to } of steps) expect(state.get(resultId)).toBe(to === 'exported' && isUndone ? 'accepted' : to);
    }),
  );
});
