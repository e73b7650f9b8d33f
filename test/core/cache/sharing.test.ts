/** Several processes in one cache folder, as when `enlarger enhance` runs twice at once. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache } from '../../../core/cache/cache.ts';
import { machineKey, ownIdentity } from '../../../core/disk/process-identity.ts';
import { namesIn } from '../../../core/disk/tidy.ts';
import { busyLimitBytes } from '../../fixtures/busy-cache.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';
import { fillDraft, resultParts, sha256Of, storeResult } from '../../fixtures/stored-results.ts';

let space: Workspace;
let directory: string;
beforeEach(() => {
  space = workspace();
  directory = space.path('cache');
});
afterEach(() => {
  space.remove();
});

const script = fileURLToPath(new URL('../../fixtures/shared-cache.ts', import.meta.url));

function begin(rounds: number, seed: number): { stop: () => void; ended: Promise<string> } {
  const child = spawn(process.execPath, [script, directory, String(rounds), String(seed)]);
  let text = '';
  child.stderr.on('data', (part: Buffer) => (text += part.toString()));
  const ended = once(child, 'close').then(([code, signal]) => (signal === null && code !== 0 ? text : ''));
  return { stop: () => child.kill('SIGKILL'), ended };
}

async function expectTidy(): Promise<void> {
  const cache = await openCache({ directory, limitBytes: busyLimitBytes });
  for (const folder of ['drafts', 'leases', 'runs']) expect(await namesIn(join(directory, folder)), folder).toEqual([]);
  await cache.results.makeRoom(0, { pinned: new Set(), unreviewed: new Set() });
  expect((await cache.results.status(new Set())).bytes).toBeLessThanOrEqual(busyLimitBytes * 0.8);
  const keys = await cache.results.keys();
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(await cache.results.find(key), key).not.toBeNull();
  await cache.close();
}

describe('processes that share a cache', () => {
  it('never lose what they hold to one another, however little room there is', async () => {
    const children = [1, 2, 3].map((seed) => begin(60, seed));
    expect(await Promise.all(children.map(({ ended }) => ended))).toEqual(['', '', '']);
    await expectTidy();
  }, 60_000);

  it('leave nothing torn and nothing behind when they are killed', async () => {
    for (let time = 1; time <= 8; time += 1) {
      const children = [1, 2].map((seed) => begin(10_000, 10 * time + seed));
      await setTimeout(300 + 37 * time);
      for (const { stop } of children) stop();
      expect(await Promise.all(children.map(({ ended }) => ended))).toEqual(['', '']);
    }
    const last = begin(5, 1);
    expect(await last.ended).toBe('');
    await expectTidy();
  }, 60_000);
});

describe('the next start', () => {
  const dead = `${String(spawnSync(process.execPath, ['-e', '']).pid)}-${machineKey()}01234567`;
  const key = sha256Of('a key');

  it('sweeps what a dead run left, and forgets its leases', async () => {
    for (const name of [`${dead}-1`, `${dead}-2.thumb`]) mkdirSync(space.path(`cache/drafts/${name}/x`), { recursive: true });
    space.put(`cache/leases/${key}.${dead}-1`, '');
    space.put(
      `cache/runs/${dead}.json`,
      JSON.stringify({ process: await ownIdentity(), folders: [] }).replace('"pid":', '"pid":9'),
    );
    await (await openCache({ directory, limitBytes: null })).close();
    expect(space.list('cache')).toEqual([]);
    expect(await namesIn(join(directory, 'drafts'))).toEqual([]);
  });

  it('leaves alone what is of living runs, of other machines, or only looks like ours', async () => {
    const living = await openCache({ directory, limitBytes: null });
    fillDraft((await living.results.draft()).directory, resultParts(1));
    const foreign = `1-${machineKey() === '000000' ? '000001' : '000000'}01234567`;
    space.put(`cache/drafts/${foreign}-1/result.json`, '{}');
    space.put(`cache/leases/${key}.${foreign}-1`, '');
    space.put('cache/drafts/my notes/a.txt', 'mine');
    space.put(`cache/drafts/${dead}-1 copy/a.txt`, 'mine');
    space.put(`cache/leases/${dead}`, 'mine');
    const before = space.list('cache');
    await (await openCache({ directory, limitBytes: null })).close();
    expect(space.list('cache')).toEqual(before);
    await living.close();
  });

  it('does not mistake somebody else with the same process number for the dead run', async () => {
    const run = `${String(process.pid)}-${machineKey()}76543210`;
    const identity = { ...(await ownIdentity()), boot: 'an earlier start of the machine' };
    space.put(`cache/runs/${run}.json`, JSON.stringify({ process: identity, folders: [] }));
    space.put(`cache/drafts/${run}-1/result.json`, '{}');
    const cache = await openCache({ directory, limitBytes: 1 });
    expect(space.list('cache')).toEqual([]);
    const stored = await storeResult(cache, 1);
    writeFileSync(space.path(`cache/leases/${stored}.${run}-1`), '');
    space.put(`cache/runs/${run}.json`, JSON.stringify({ process: identity, folders: [] }));
    await cache.results.makeRoom(0, { pinned: new Set(), unreviewed: new Set() });
    expect(await cache.results.keys()).toEqual([]);
    await cache.close();
  });
});
