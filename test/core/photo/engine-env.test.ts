import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engineEnv, readEngineEnv } from '../../../core/photo/engine-env.ts';

describe('the environment of an engine', () => {
  it('says what the host said', () => {
    const anyStart = fc.record({ threads: fc.option(fc.integer({ min: 1, max: 256 })), inBackground: fc.boolean() });
    fc.assert(
      fc.property(anyStart, (start) => {
        expect(readEngineEnv(engineEnv(start))).toEqual(start);
      }),
    );
  });

  it('is as usual when it says nothing, or nonsense', () => {
    for (const threads of [undefined, '', '0', '-1', '1.5', '257', 'four', 'NaN', '1e9'])
      expect(readEngineEnv({ ENLARGER_ENGINE_THREADS: threads })).toEqual({ threads: null, inBackground: false });
  });

  it('replaces what the host itself was started with', () => {
    const host = engineEnv({ threads: 7, inBackground: true });
    expect(readEngineEnv({ ...host, ...engineEnv({ threads: null, inBackground: false }) })).toEqual({
      threads: null,
      inBackground: false,
    });
  });
});
