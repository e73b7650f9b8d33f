import { mkdtempSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnlargerError, type FailureCode } from '../../../core/photo/failure.ts';
import type { RenderParams } from '../../../core/photo/engine-protocol.ts';
import { createEngine, type Engine, type EngineClientOptions } from '../../../core/jobs/engine-client.ts';
import type { EngineProcess } from '../../../core/jobs/spawn-engine.ts';
import { pidExists } from '../../../core/disk/process-identity.ts';
import { spawnFakeEngine } from '../../fixtures/engines.ts';
import { factsOf, fakePhoto, parsePhoto, type Behaviour } from '../../fixtures/fake-photo.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
let engine: Engine;
let processes: EngineProcess[];
let logged: string[];

function start(options: EngineClientOptions = {}): void {
  engine = createEngine(
    () => {
      const spawned = spawnFakeEngine();
      processes.push(spawned);
      return spawned;
    },
    { log: (level, text) => logged.push(`${level} ${text}`), ...options },
  );
}

beforeEach(() => {
  space = workspace();
  processes = [];
  logged = [];
});
afterEach(async () => {
  await engine.close();
  space.remove();
});

function params(behaviour: Behaviour | null): RenderParams {
  const text = fakePhoto({ behaviour, seed: processes.length });
  const path = space.put(`${behaviour ?? 'good'}.jpg`, text);
  const photo = parsePhoto(text);
  if (photo === null) throw new Error('no photo');
  return {
    path,
    facts: factsOf(photo, Buffer.from(text)),
    model: null,
    passes: 1,
    tileSide: 256,
    strength: 0,
    resize: null,
    scratchDirectory: space.root,
    resultDirectory: mkdtempSync(space.path('result-')),
    tileLog: null,
  };
}

async function failure(call: Promise<unknown>): Promise<{ code: FailureCode; retry: boolean; message: string }> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EnlargerError)) throw new Error(`expected an EnlargerError, got ${String(error)}`);
  return { code: error.code, retry: error.retry, message: error.message };
}

describe('an engine that is renewed', () => {
  it('answers what it was asked before, and goes to a fresh process with the next call', async () => {
    start();
    const before = engine.call('render', params(null));
    engine.renew();
    const inspect = (): Promise<unknown> => engine.call('inspect', { path: space.put('b.jpg', fakePhoto()) });
    await Promise.all([before, inspect()]);
    expect(processes).toHaveLength(2);
    await expect.poll(() => pidExists(processes[0]?.pid ?? 0), { timeout: 5000 }).toBe(false);
    await inspect();
    expect(processes).toHaveLength(2);
  });

  it('ends a process that has nothing to do at once, and starts none', async () => {
    start();
    engine.renew();
    expect(processes).toHaveLength(0);
    await engine.call('render', params(null));
    engine.renew();
    engine.renew();
    await expect.poll(() => pidExists(processes[0]?.pid ?? 0), { timeout: 5000 }).toBe(false);
    expect(processes).toHaveLength(1);
    expect(logged.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('leaves nobody waiting when it is closed meanwhile', async () => {
    start();
    const before = failure(engine.call('render', params('hang')));
    engine.renew();
    await engine.close();
    expect(await before).toMatchObject({ code: 'cancelled' });
  });
});

describe('a call', () => {
  it('starts the process, and the next one uses it again', async () => {
    start();
    expect(processes).toHaveLength(0);
    expect(await engine.call('render', params(null))).toMatchObject({ width: 80, tiles: 4 });
    await engine.call('inspect', { path: space.put('b.jpg', fakePhoto()) });
    expect(processes).toHaveLength(1);
  });

  it('uses a process that was started ahead, and a new one when that died meanwhile', async () => {
    start();
    engine.start();
    engine.start();
    expect(processes).toHaveLength(1);
    await engine.call('render', params(null));
    expect(processes).toHaveLength(1);
    await engine.close();
    engine.start();
    const exited = new Promise((resolve) => processes[1]?.onExit(resolve));
    processes[1]?.kill();
    await exited;
    await engine.call('render', params(null));
    expect(processes).toHaveLength(3);
  });

  it('tells progress that rises', async () => {
    start();
    const fractions: number[] = [];
    await engine.call('render', params(null), { onProgress: ({ fraction }) => fractions.push(fraction) });
    expect(fractions.length).toBeGreaterThan(3);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('carries the failure of a handler, and the process lives on', async () => {
    start();
    expect(await failure(engine.call('inspect', { path: space.put('a.jpg', 'text') }))).toEqual({
      code: 'not-a-photo',
      retry: false,
      message: 'This is no photo.',
    });
    expect(await failure(engine.call('render', params('defect')))).toMatchObject({ code: 'internal' });
    await engine.call('render', params(null));
    expect(processes).toHaveLength(1);
    expect(logged.some((line) => line.startsWith('error') && line.includes('x is undefined'))).toBe(true);
  });

  it('waits its turn behind others', async () => {
    start();
    const results = await Promise.all([params(null), params(null), params(null)].map((given) => engine.call('render', given)));
    expect(results).toHaveLength(3);
    expect(processes).toHaveLength(1);
  });
});

describe('a process that dies', () => {
  it.each(['die', 'garbage', 'wrong-answer'] as const)(
    'of "%s" fails the call as worth a retry; the next call has a new process',
    async (behaviour) => {
      start();
      expect(await failure(engine.call('render', params(behaviour)))).toMatchObject({ code: 'device-failed', retry: true });
      expect(await engine.call('render', params(null))).toMatchObject({ width: 80 });
      expect(processes).toHaveLength(2);
    },
  );

  it('settles every call that waits', async () => {
    start();
    const calls = [params('die'), params(null), params(null)].map((given) => failure(engine.call('render', given)));
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(['device-failed', 'device-failed', 'device-failed']);
  });

  it('many times in a row is replaced as often', async () => {
    start();
    const given = params('die-at-inspect');
    for (let death = 0; death < 15; death += 1) {
      expect(await failure(engine.call('inspect', { path: given.path }))).toMatchObject({ code: 'device-failed' });
    }
    expect(await engine.call('render', params(null))).toMatchObject({ width: 80 });
    expect(processes).toHaveLength(16);
  });

  it('before it was ready fails the call too', async () => {
    engine = createEngine(() => {
      const spawned = spawnFakeEngine();
      spawned.kill();
      return spawned;
    });
    expect(await failure(engine.call('render', params(null)))).toMatchObject({ code: 'device-failed', retry: true });
  });

  it('because it cannot be started at all fails the call', async () => {
    engine = createEngine(() => {
      throw new Error('no processes left');
    });
    expect(await failure(engine.call('render', params(null)))).toMatchObject({ code: 'device-failed', retry: true });
  });
});

describe('a process that hangs', () => {
  it('is killed by the watchdog', async () => {
    start({ silenceLimitMs: 1500 });
    expect(await failure(engine.call('render', params('hang')))).toMatchObject({
      code: 'device-failed',
      retry: true,
      message: expect.stringContaining('stopped answering') as string,
    });
    expect(pidExists(processes[0]?.pid ?? 0)).toBe(false);
  });

  it('but still beats is killed by the time limit of the call only', async () => {
    start({ silenceLimitMs: 1300 });
    expect(await failure(engine.call('render', params('stubborn'), { timeoutMs: 3000 }))).toMatchObject({
      code: 'device-failed',
      message: expect.stringContaining('3000 ms') as string,
    });
  });

  it('is left alone while it has nothing to do', async () => {
    start({ silenceLimitMs: 1500 });
    await engine.call('render', params(null));
    const pid = processes[0]?.pid ?? 0;
    process.kill(pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(pidExists(pid)).toBe(true);
    process.kill(pid, 'SIGCONT');
    expect(await engine.call('render', params(null))).toMatchObject({ width: 80 });
    expect(processes).toHaveLength(1);
  });
});

describe('cancelling', () => {
  it('a call that listens leaves the process alive', async () => {
    start();
    const stop = new AbortController();
    const call = failure(
      engine.call('render', params('slow'), {
        signal: stop.signal,
        onProgress: () => {
          stop.abort();
        },
      }),
    );
    expect(await call).toMatchObject({ code: 'cancelled' });
    await engine.call('render', params(null));
    expect(processes).toHaveLength(1);
  });

  it.each(['stubborn', 'hang'] as const)(
    'a %s call kills the process, and others that wait may be tried again',
    async (behaviour) => {
      start({ cancelGraceMs: 200 });
      const stop = new AbortController();
      const call = failure(engine.call('render', params(behaviour), { signal: stop.signal }));
      const waiting = failure(engine.call('render', params(null)));
      setTimeout(() => {
        stop.abort();
      }, 300);
      expect(await call).toMatchObject({ code: 'cancelled' });
      expect(await waiting).toMatchObject({ code: 'device-failed', retry: true });
    },
  );

  it('a call that waits does not disturb the one that works', async () => {
    start();
    const stop = new AbortController();
    const working = engine.call('render', params(null));
    const waiting = failure(engine.call('render', params('slow'), { signal: stop.signal }));
    stop.abort();
    expect(await waiting).toMatchObject({ code: 'cancelled' });
    expect(await working).toMatchObject({ width: 80 });
  });

  it('before the call starts nothing', async () => {
    start();
    expect(await failure(engine.call('render', params(null), { signal: AbortSignal.abort() }))).toMatchObject({
      code: 'cancelled',
    });
    expect(processes).toHaveLength(0);
  });
});

describe('closing', () => {
  it('ends the process and settles what waits', async () => {
    start();
    const call = failure(engine.call('render', params('hang')));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await engine.close();
    expect(await call).toMatchObject({ code: 'cancelled' });
    expect(pidExists(processes[0]?.pid ?? 0)).toBe(false);
  });

  it('without a process is nothing, and a later call works', async () => {
    start();
    await engine.close();
    expect(await engine.call('render', params(null))).toMatchObject({ width: 80 });
    await engine.close();
    await engine.close();
  });
});
