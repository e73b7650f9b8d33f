import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stageTimes } from '../../../../core/engine/render/stage-times.ts';

const milliseconds = fc.double({ min: 0, max: 1e6, noNaN: true });

describe('the parts of a render', () => {
  it('add up to its steps and are never negative, whatever went on beside the network', () => {
    fc.assert(
      fc.property(
        fc.record({
          passesMs: milliseconds,
          inferMs: milliseconds,
          lastStepMs: milliseconds,
          storeMs: milliseconds,
          passesStore: fc.boolean(),
        }),
        (times) => {
          const { infer, pack, resize, store } = stageTimes(times);
          const parts = [infer, pack, resize, store];
          expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
          expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(times.passesMs + times.lastStepMs, 6);
        },
      ),
    );
  });

  it('count what was stored beside the network as the network’s', () => {
    const times = { passesMs: 1000, inferMs: 970, lastStepMs: 0, storeMs: 80, passesStore: true };
    expect(stageTimes(times)).toEqual({ infer: 970, pack: 0, resize: 0, store: 30 });
  });

  it('take storing from the step that stores', () => {
    const times = { passesMs: 1000, inferMs: 900, storeMs: 40 };
    expect(stageTimes({ ...times, lastStepMs: 0, passesStore: true })).toEqual({ infer: 900, pack: 60, resize: 0, store: 40 });
    expect(stageTimes({ ...times, lastStepMs: 200, passesStore: false })).toEqual({
      infer: 900,
      pack: 100,
      resize: 160,
      store: 40,
    });
  });
});
