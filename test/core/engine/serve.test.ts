import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fromEngineSchema, type FromEngine } from '../../../core/photo/engine-protocol.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { awaited } from '../../../core/engine/pulse.ts';
import { serveEngine, type EngineHandlers } from '../../../core/engine/serve.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';

interface Served {
  readonly sent: FromEngine[];
  send(message: unknown): void;
  /** The reply to request `id`. */
  reply(id: number): Promise<Extract<FromEngine, { type: 'reply' }>>;
}

function serve(handlers: Partial<EngineHandlers>, load?: () => Promise<EngineHandlers>): Served {
  const sent: FromEngine[] = [];
  let listener: (message: unknown) => void = () => undefined;
  serveEngine(
    { post: (message) => void sent.push(message), onMessage: (given) => void (listener = given) },
    load ?? (() => Promise.resolve({ ...fakeHandlers, ...handlers })),
  );
  return {
    sent,
    send: (message) => {
      listener(message);
    },
    async reply(id) {
      for (;;) {
        const found = sent.find((message) => message.type === 'reply' && message.id === id);
        if (found?.type === 'reply') return found;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };
}

const sample = (id: number, width = 4) => ({ type: 'request', id, method: 'sample', params: { path: '/x', width, height: 3 } });

describe('the engine shell', () => {
  it('is ready before anything is loaded', () => {
    let loaded = 0;
    const served = serve({}, () => {
      loaded += 1;
      return Promise.resolve(fakeHandlers);
    });
    expect(served.sent.map((message) => message.type)).toEqual(['ready']);
    expect(loaded).toBe(0);
  });

  it('sends heartbeats, but not while something that another thread should do does not end', async () => {
    vi.useFakeTimers();
    try {
      const { sent } = serve({});
      const beats = (): number => sent.filter(({ type }) => type === 'heartbeat').length;
      vi.advanceTimersByTime(5000);
      expect(beats()).toBe(5);
      let end: () => void = () => undefined;
      const hanging = awaited(new Promise<void>((resolve) => (end = resolve)));
      vi.advanceTimersByTime(60_000);
      expect(beats()).toBeLessThanOrEqual(6);
      const before = beats();
      // Something else ends meanwhile: then it goes on.
      await awaited(Promise.resolve());
      vi.advanceTimersByTime(1000);
      expect(beats()).toBe(before + 1);
      vi.advanceTimersByTime(60_000);
      expect(beats()).toBe(before + 1);
      end();
      await hanging;
      vi.advanceTimersByTime(3000);
      expect(beats()).toBe(before + 4);
    } finally {
      vi.useRealTimers();
    }
  });

  it('answers each request exactly once, one at a time and in order', async () => {
    let running = 0;
    const order: number[] = [];
    const served = serve({
      sample: async ({ width }) => {
        running += 1;
        expect(running).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 10 - width));
        running -= 1;
        order.push(width);
        return { width, height: 3 };
      },
    });
    for (let id = 1; id <= 5; id += 1) served.send(sample(id, id));
    await served.reply(5);
    expect(order).toEqual([1, 2, 3, 4, 5]);
    const replies = served.sent.flatMap((message) => (message.type === 'reply' ? [message.id] : []));
    expect(replies).toEqual([1, 2, 3, 4, 5]);
  });

  it('turns what handlers throw into failures, user errors as they are and others as internal', async () => {
    const throws = [new EnlargerError('damaged', 'Broken.', { retry: true }), new TypeError('oops'), 'a string', null];
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries reject with anything
    const served = serve({ sample: ({ width }) => Promise.reject(throws[width - 1]) });
    const codes = [];
    for (let id = 1; id <= throws.length; id += 1) {
      served.send(sample(id, id));
      const { outcome } = await served.reply(id);
      codes.push(outcome.ok ? 'ok' : outcome.failure.code);
    }
    expect(codes).toEqual(['damaged', 'internal', 'internal', 'internal']);
  });

  it.each([
    ['wrong parameters', { type: 'request', id: 7, method: 'sample', params: { path: 3 } }],
    ['an unknown method', { type: 'request', id: 7, method: 'format-disk', params: {} }],
    ['no parameters', { type: 'request', id: 7, method: 'inspect' }],
  ])('refuses %s and goes on', async (_name, message) => {
    const served = serve({ sample: ({ width, height }) => Promise.resolve({ width, height }) });
    served.send(message);
    expect((await served.reply(7)).outcome.ok).toBe(false);
    served.send(sample(8));
    expect((await served.reply(8)).outcome.ok).toBe(true);
  });

  it.each([null, 'text', 5, [], {}, { type: 'cancel' }, { type: 'request' }])('survives the message %j', async (message) => {
    const served = serve({ sample: ({ width, height }) => Promise.resolve({ width, height }) });
    served.send(message);
    served.send(sample(1));
    expect((await served.reply(1)).outcome.ok).toBe(true);
  });

  it('cancels the request that works and one that waits, each alone', async () => {
    const served = serve({
      sample: async ({ width, height }, { signal }) => {
        while (width === 1 && !signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
        signal.throwIfAborted();
        return { width, height };
      },
    });
    served.send(sample(1, 1));
    served.send(sample(2, 2));
    served.send(sample(3, 3));
    served.send({ type: 'cancel', id: 2 });
    served.send({ type: 'cancel', id: 1 });
    served.send({ type: 'cancel', id: 99 });
    const outcomes = [];
    for (const id of [1, 2, 3]) outcomes.push((await served.reply(id)).outcome);
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.failure.code))).toEqual(['cancelled', 'cancelled', 'ok']);
  });

  it('answers a cancelled request that waits at once, whatever is worked on', async () => {
    let finish: () => void = () => undefined;
    const served = serve({
      sample: async ({ width, height }) => {
        await new Promise<void>((resolve) => (finish = resolve));
        return { width, height };
      },
    });
    served.send(sample(1));
    served.send(sample(2));
    served.send({ type: 'cancel', id: 2 });
    expect((await served.reply(2)).outcome).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    finish();
    expect((await served.reply(1)).outcome.ok).toBe(true);
  });

  it('reports progress that never falls, through all stages', async () => {
    const served = serve({
      sample: ({ width, height }, { progress }) => {
        for (const [stage, fraction] of [
          ['decode', 1],
          ['infer', 0.5],
          ['infer', 0.1],
          ['decode', 0.2],
          ['encode', 1],
        ] as const)
          progress(stage, fraction);
        return Promise.resolve({ width, height });
      },
    });
    served.send(sample(1));
    await served.reply(1);
    const fractions = served.sent.flatMap((message) => (message.type === 'progress' ? [message.progress.fraction] : []));
    expect(fractions).toHaveLength(3);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it('loads again after the libraries could not be loaded', async () => {
    let loads = 0;
    const served = serve({}, () => {
      loads += 1;
      return loads === 1
        ? Promise.reject(new Error('library missing'))
        : Promise.resolve({ ...fakeHandlers, sample: ({ width, height }) => Promise.resolve({ width, height }) });
    });
    served.send(sample(1));
    expect((await served.reply(1)).outcome.ok).toBe(false);
    served.send(sample(2));
    expect((await served.reply(2)).outcome.ok).toBe(true);
  });

  it('sends only messages of the protocol', async () => {
    const served = serve({
      sample: ({ width, height }, { log, progress }) => {
        log('info', 'text');
        progress('decode', 0.5);
        return Promise.resolve({ width, height });
      },
    });
    served.send(sample(1));
    served.send({ nonsense: true });
    await served.reply(1);
    expect(new Set(served.sent.map((message) => message.type))).toEqual(new Set(['ready', 'log', 'progress', 'reply']));
    for (const message of served.sent) expect(fromEngineSchema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });
});

describe('the engine process', () => {
  const entry = fileURLToPath(new URL('../../../core/engine/main.ts', import.meta.url));
  const children: ChildProcess[] = [];
  const folders: string[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** The real entry, with a module loaded first that does something to it. */
  function startEntry(before = ''): ChildProcess {
    const folder = mkdtempSync(join(tmpdir(), 'enlarger-test-'));
    folders.push(folder);
    writeFileSync(join(folder, 'before.mjs'), before);
    const child = fork(entry, [], { execArgv: ['--import', join(folder, 'before.mjs')], silent: true });
    children.push(child);
    return child;
  }

  const exitOf = (child: ChildProcess) =>
    new Promise<{ code: number | null; messages: FromEngine[] }>((resolve) => {
      const messages: FromEngine[] = [];
      child.on('message', (message) => messages.push(fromEngineSchema.parse(message)));
      child.on('exit', (code) => {
        resolve({ code, messages });
      });
    });

  it('says that it is ready, and beats', async () => {
    const child = startEntry();
    const seen = await new Promise<string[]>((resolve) => {
      const types: string[] = [];
      child.on('message', (message) => {
        types.push(fromEngineSchema.parse(message).type);
        if (types.includes('heartbeat')) resolve(types);
      });
    });
    expect(seen[0]).toBe('ready');
  });

  it('ends when its host is gone', async () => {
    const child = startEntry();
    await new Promise((resolve) => child.once('message', resolve));
    const exit = exitOf(child);
    child.disconnect();
    // Killed by itself, whatever its threads do: an orderly end would wait for them.
    expect((await exit).code).not.toBe(0);
  });

  it.each([
    ['an uncaught exception', 'setTimeout(() => { throw new Error("planted"); }, 300);'],
    ['an unhandled rejection', 'setTimeout(() => { Promise.reject(new Error("planted")); }, 300);'],
  ])('ends at once, with a word, after %s', async (_name, before) => {
    const { code, messages } = await exitOf(startEntry(before));
    expect(code).toBe(70);
    expect(messages.some((message) => message.type === 'log' && message.text.includes('planted'))).toBe(true);
  });

  it('started by hand explains itself', async () => {
    const { spawnSync } = await import('node:child_process');
    const child = spawnSync(process.execPath, [entry], { encoding: 'utf8' });
    expect(child.status).toBe(2);
    expect(child.stderr).toContain('enlarger');
  });
});
