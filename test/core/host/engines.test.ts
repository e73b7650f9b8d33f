import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openEngines, resting } from '../../../core/host/engines.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';

let done: string[];
let finish: (() => void)[];

/** An engine that notes what is done to it; its calls end when the test says so. */
function noting(): Engine {
  return {
    call: () =>
      new Promise((resolve) => {
        finish.push(() => {
          resolve({} as never);
        });
      }),
    start: () => void done.push('start'),
    renew: () => void done.push('renew'),
    close: () => Promise.resolve(void done.push('close')),
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  done = [];
  finish = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const call = (engine: Engine): Promise<unknown> => engine.call('inspect', { path: '/a' });

describe('an engine that rests', () => {
  it('ends its process when it was not asked anything for a while, and not before', async () => {
    const engine = resting(noting(), 1000);
    const [first, second] = [call(engine), call(engine)];
    await vi.advanceTimersByTimeAsync(5000);
    finish[0]?.();
    await first;
    await vi.advanceTimersByTimeAsync(5000);
    expect(done).toEqual([]);
    finish[1]?.();
    await second;
    await vi.advanceTimersByTimeAsync(999);
    expect(done).toEqual([]);
    const third = call(engine);
    await vi.advanceTimersByTimeAsync(5000);
    expect(done).toEqual([]);
    finish[2]?.();
    await third;
    await vi.advanceTimersByTimeAsync(1000);
    expect(done).toEqual(['renew']);
  });

  it('ends a process that was started in vain, and none after it was closed', async () => {
    const engine = resting(noting(), 1000);
    engine.start();
    await vi.advanceTimersByTimeAsync(1000);
    expect(done).toEqual(['start', 'renew']);
    engine.start();
    await engine.close();
    await vi.advanceTimersByTimeAsync(5000);
    expect(done).toEqual(['start', 'renew', 'start', 'close']);
  });
});

describe('the engines of a library', () => {
  it('are renewed and closed together', async () => {
    const engines = await openEngines({ open: () => Promise.resolve(noting()), restAfterMs: null });
    engines.renew();
    await engines.close();
    expect(done).toEqual([...Array<string>(5).fill('renew'), ...Array<string>(5).fill('close')]);
  });

  it('never rest where they are not to', async () => {
    const engines = await openEngines({ open: () => Promise.resolve(noting()), restAfterMs: null });
    engines.look.start();
    await vi.advanceTimersByTimeAsync(1e7);
    expect(done).toEqual(['start']);
  });
});
