import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askingTwice, openEngines, resting } from '../../../core/host/engines.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';

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
    expect(done).toEqual([...Array<string>(7).fill('renew'), ...Array<string>(7).fill('close')]);
  });

  it('never rest where they are not to', async () => {
    const engines = await openEngines({ open: () => Promise.resolve(noting()), restAfterMs: null });
    engines.look.start();
    await vi.advanceTimersByTimeAsync(1e7);
    expect(done).toEqual(['start']);
  });
});

describe('an engine for the screen', () => {
  const death = new EnlargerError('device-failed', 'It died.', { retry: true });
  /** Calls end one after the other as told here. */
  const ending = (...ends: (Error | null)[]): Engine & { asked: number } => {
    const engine = {
      ...noting(),
      asked: 0,
      call: (): Promise<never> => {
        const end = ends[engine.asked];
        engine.asked += 1;
        return end instanceof Error ? Promise.reject(end) : Promise.resolve({} as never);
      },
    };
    return engine;
  };

  it('is asked once more when it died over something else, and not for ever', async () => {
    const once = ending(death, null);
    await expect(call(askingTwice(once))).resolves.toEqual({});
    const always = ending(death, death, null);
    await expect(call(askingTwice(always))).rejects.toBe(death);
    expect([once.asked, always.asked]).toEqual([2, 2]);
  });

  it('is believed when it says why it cannot, and left alone by who does not want it any more', async () => {
    const damaged = ending(new EnlargerError('damaged', 'It is damaged.', { retry: true }), null);
    await expect(call(askingTwice(damaged))).rejects.toThrow('damaged');
    const unwanted = ending(death, null);
    const options = { signal: AbortSignal.abort() };
    await expect(askingTwice(unwanted).call('inspect', { path: '/a' }, options)).rejects.toBe(death);
    expect([damaged.asked, unwanted.asked]).toEqual([1, 1]);
  });
});
