import { realpathSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { spawnEngine } from '../../../core/jobs/spawn-engine.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

/** Runs a script as an engine until it ends. */
async function run(
  script: string,
  env: Record<string, string> = {},
): Promise<{ messages: unknown[]; logs: string[]; exit: [number | null, string | null] }> {
  const entry = space.path('entry.mjs');
  writeFileSync(entry, script);
  const messages: unknown[] = [];
  const logs: string[] = [];
  const child = spawnEngine({
    entry: pathToFileURL(entry),
    cwd: space.state,
    env: () => env,
    log: (level, text) => logs.push(`${level} ${text}`),
  });
  child.onMessage((message) => messages.push(message));
  const exit = await new Promise<[number | null, string | null]>((resolve) => {
    child.onExit((code, signal) => {
      resolve([code, signal]);
    });
  });
  child.post({ type: 'cancel', id: 1 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { messages, logs, exit };
}

describe('an engine process', () => {
  it('refuses formats that nobody asked for, stands in its own folder and has no flags of its host', async () => {
    const { messages } = await run(
      'process.send({ block: process.env.VIPS_BLOCK_UNTRUSTED, cwd: process.cwd(), flags: process.execArgv, x: process.env.X }); process.disconnect();',
      { X: '1', VIPS_BLOCK_UNTRUSTED: '' },
    );
    expect(messages).toEqual([{ block: '1', cwd: realpathSync(space.state), flags: [], x: '1' }]);
  });

  it('has its output in the log, line by line', async () => {
    const { logs } = await run('console.log("one\\ntwo"); console.error("three"); process.disconnect();');
    expect(logs.sort()).toEqual(['debug one', 'debug two', 'warn three']);
  });

  it.each([
    ['process.exit(7)', [7, null]],
    ['process.kill(process.pid, "SIGKILL")', [null, 'SIGKILL']],
    ['throw new Error("x")', [1, null]],
  ])('that ends by %s says how', async (script, expected) => {
    expect((await run(script)).exit).toEqual(expected);
  });

  it('that cannot start ends at once', async () => {
    const child = spawnEngine({ entry: pathToFileURL(space.path('x.mjs')), cwd: space.path('missing') });
    const exit = await new Promise((resolve) => {
      child.onExit((code, signal) => {
        resolve([code, signal]);
      });
    });
    expect(exit).toEqual([null, null]);
    child.post({ type: 'cancel', id: 1 });
    child.kill();
  });
});
