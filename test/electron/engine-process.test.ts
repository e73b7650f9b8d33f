import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../../core/jobs/engine-client.ts';
import type { EngineProcess, LogLevel } from '../../core/jobs/spawn-engine.ts';
import { desktopEngine } from '../../electron/engine-process.ts';
import { app } from './fake-electron.ts';
import { forked, type FakeUtilityProcess } from './fake/utility-process.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const lines: [LogLevel, string][] = [];
const spawn = desktopEngine({ entry: '/app/engine/main.js', cwd: '/state/empty', log: (...line) => void lines.push(line) });

function started(): { process: EngineProcess; child: FakeUtilityProcess; exits: unknown[][] } {
  const process = spawn();
  const exits: unknown[][] = [];
  process.onExit((...exit) => void exits.push(exit));
  return { process, child: forked.at(-1)!, exits };
}
const gone = (child: FakeUtilityProcess, reason: string, exitCode: number, type = 'Utility'): void => {
  app.emit('child-process-gone', {}, { type, name: child.forked.options.serviceName, reason, exitCode });
};

beforeEach(() => {
  lines.length = 0;
});

test('it starts from its own file, in an empty folder, with untrusted formats blocked and no debugger', () => {
  const { entry, args, options } = started().child.forked;
  expect({ entry, args }).toEqual({ entry: '/app/engine/main.js', args: [] });
  expect(options).toMatchObject({ cwd: '/state/empty', execArgv: [], stdio: ['ignore', 'pipe', 'pipe'] });
  expect(options.env).toEqual({ ...process.env, VIPS_BLOCK_UNTRUSTED: '1' });
  expect(options.serviceName).toMatch(/^Enlarger Engine \d+$/);
});

test('messages go both ways', () => {
  const { process, child } = started();
  const heard: unknown[] = [];
  process.onMessage((message) => void heard.push(message));
  process.post({ type: 'cancel', id: 1 });
  child.emit('message', { type: 'heartbeat' });
  expect(child.posted).toEqual([{ type: 'cancel', id: 1 }]);
  expect(heard).toEqual([{ type: 'heartbeat' }]);
});

test('what it writes is told line by line', async () => {
  const { child } = started();
  child.stdout.write('one\ntwo\n');
  child.stderr.write('three\n');
  await vi.waitFor(() => {
    expect(lines).toHaveLength(3);
  });
  expect(lines).toEqual(
    expect.arrayContaining([
      ['debug', 'one'],
      ['debug', 'two'],
      ['warn', 'three'],
    ]),
  );
});

describe('its end', () => {
  test('is told once, whichever news comes first', () => {
    const exitFirst = started();
    exitFirst.child.end(5);
    gone(exitFirst.child, 'crashed', 5);
    expect(exitFirst.exits).toEqual([[5, null]]);

    const reasonFirst = started();
    gone(reasonFirst.child, 'oom', 9);
    reasonFirst.child.end(9);
    expect(reasonFirst.exits).toEqual([[9, null]]);
  });
  test.each(['crashed', 'oom', 'killed', 'abnormal-exit', 'memory-eviction'])('by %s is told with its reason', (reason) => {
    const { child } = started();
    child.end(1);
    gone(child, reason, 1);
    expect(lines).toEqual([['warn', `${child.forked.options.serviceName} is gone: ${reason} (1)`]]);
  });
  test('before it could start has no code', () => {
    const { child, exits } = started();
    gone(child, 'launch-failed', 1002);
    expect(exits).toEqual([[null, null]]);
  });
  test('of another process is not its own', () => {
    const { child, exits } = started();
    const other = started();
    gone(other.child, 'crashed', 1);
    gone(child, 'crashed', 1, 'GPU');
    expect(exits).toEqual([]);
  });
  test('takes what is posted afterwards', () => {
    const { process, child } = started();
    child.end(0);
    process.post({ type: 'cancel', id: 1 });
    expect(child.posted).toEqual([]);
  });
  test('leaves no listener behind', () => {
    vi.useFakeTimers();
    const before = app.listenerCount('child-process-gone');
    const { child } = started();
    child.end(0);
    vi.advanceTimersByTime(2000);
    expect(app.listenerCount('child-process-gone')).toBe(before);
    vi.useRealTimers();
  });
});

test('a kill before it runs is made up for when it does', () => {
  const { process, child } = started();
  process.kill();
  expect(child.kills).toBe(0);
  child.spawn(4711);
  expect(child.kills).toBe(1);
});

describe('an engine over it', () => {
  test('settles every pending call when the process dies, and starts another for the next', async () => {
    const engine = createEngine(spawn);
    const calls = ['/a.jpg', '/b.jpg', '/c.jpg'].map((path) => engine.call('inspect', { path }));
    const child = forked.at(-1)!;
    child.spawn(1);
    child.end(139);
    const results = await Promise.allSettled(calls);
    for (const result of results)
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'device-failed', retry: true } });
    const next = engine.call('inspect', { path: '/d.jpg' });
    expect(forked.at(-1)).not.toBe(child);
    forked.at(-1)!.end(1);
    await expect(next).rejects.toMatchObject({ code: 'device-failed' });
  });
  test('settles them too when it could not be started', async () => {
    const engine = createEngine(spawn);
    const call = engine.call('inspect', { path: '/a.jpg' });
    gone(forked.at(-1)!, 'launch-failed', 18);
    await expect(call).rejects.toMatchObject({ code: 'device-failed', retry: true });
  });
  test('cancels them when it is closed', async () => {
    const engine = createEngine(spawn);
    const call = engine.call('inspect', { path: '/a.jpg' });
    const child = forked.at(-1)!;
    child.spawn(2);
    const closed = engine.close();
    expect(child.kills).toBe(1);
    child.end(15);
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    await closed;
  });
});
