/** One run, failed or killed at each single call that changes the disk. After each, the promises must hold. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache } from '../../../core/cache/cache.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { sweep } from '../../../core/jobs/janitor.ts';
import { conflictPolicies } from '../../../core/photo/recipe.ts';
import { filesThat, systemError } from '../../fixtures/failing-files.ts';
import { fakePhoto, isWholeResult } from '../../fixtures/fake-photo.ts';
import { runIn, workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

/** Otherwise each policy meets one of the errors, and kills the first of their combinations. */
const isLong = process.env['ENLARGER_TEST_LONG'] === '1';
const errors = ['EIO', 'ENOSPC', 'EACCES'];

const original = fakePhoto();
const other = 'somebody else made this';

function arrange(): void {
  space.put('in/a.jpg', original);
  space.put('in/b.jpg', fakePhoto({ seed: 2 }));
  space.put('out/b.jpg', other);
}

function clear(): void {
  space.remove();
  space = workspace();
}

/** What is in the cache is whole, and nothing half-made is beside it, once the next start has swept. */
async function expectWholeCache(): Promise<void> {
  const cache = await openCache({ directory: space.path('.state/cache'), limitBytes: 1e9 });
  for (const key of await cache.results.keys()) expect(await cache.results.find(key)).not.toBeNull();
  await cache.close();
  const own = `runs/${String(process.pid)}-`;
  // The journal of a process that lives on, where removing it is what failed.
  const kept = space.list('.state/cache').filter((name) => !name.startsWith('results/') && !name.startsWith(own));
  expect(kept).toEqual([]);
}

/** Nothing torn, nothing of others touched. `zeroBytesAllowed`: see the test without links. */
function expectPromises(overwrite: boolean, zeroBytesAllowed = false): void {
  expect(space.list('in')).toEqual(['a.jpg', 'b.jpg']);
  expect(space.read('in/a.jpg')).toBe(original);
  expect(space.read('in/b.jpg')).toBe(fakePhoto({ seed: 2 }));
  const results = existsSync(space.path('out')) ? space.list('out').filter((name) => !name.startsWith('.enlarger-')) : [];
  for (const name of results) {
    const content = space.read(`out/${name}`);
    if (zeroBytesAllowed && content === '') continue;
    if (content !== other) expect(isWholeResult(content), `${name} is torn`).toBe(true);
  }
  if (!overwrite) expect(space.read('out/b.jpg')).toBe(other);
}

describe.each(conflictPolicies)('under %s', (conflict) => {
  const own = conflictPolicies.indexOf(conflict);
  it.each(errors.filter((_code, index) => isLong || index === own))(
    'a run that gets %s at the k-th call keeps every promise, for every k',
    async (code) => {
      let k = 1;
      for (;;) {
        arrange();
        const { files, calls } = filesThat(() => {
          throw systemError(code);
        }, k);
        const { summary, of } = await runIn(space, {
          inputs: [space.path('in')],
          outDirectory: space.path('out'),
          conflict,
          files,
        });
        expectPromises(conflict === 'overwrite');
        expect(summary.done + summary.failed + summary.skipped).toBe(2);
        for (const failed of of('failed')) expect(['disk-full', 'not-writable'], calls[k - 1]).toContain(failed.code);
        for (const done of of('done')) expect(isWholeResult(space.read(done.output.slice(space.root.length + 1)))).toBe(true);
        expect(
          space.list('out').filter((name) => name.startsWith('.enlarger-')),
          `after ${calls[k - 1] ?? 'none'}`,
        ).toEqual([]);
        await expectWholeCache();
        // What is under a final name was told as done. A file that was replaced cannot be brought back, though, when
        // the disk only then says that it may not have kept the name.
        const results = space.list('out').filter((name) => space.read(`out/${name}`) !== other);
        const untold = conflict === 'overwrite' && calls[k - 1] === 'syncFolder' ? 1 : 0;
        expect(results.length).toBe(summary.done + untold);
        clear();
        if (calls.length < k) break;
        k += 1;
      }
      expect(k).toBeGreaterThan(15);
    },
  );
});

const script = fileURLToPath(new URL('../../fixtures/killed-run.ts', import.meta.url));

const kills = [
  ['rename', 'yes'],
  ['overwrite', 'no'],
  ['overwrite', 'yes'],
  ['rename', 'no'],
] as const;

describe.each(isLong ? kills : kills.slice(0, 1))('killed under %s, hard links: %s', (conflict, links) => {
  it('at the k-th call leaves nothing torn, and the next start cleans up, for every k', async () => {
    let k = 1;
    let killed = 0;
    for (;;) {
      arrange();
      const child = spawnSync(process.execPath, [script, space.root, conflict, links, String(k)], { encoding: 'utf8' });
      // Between the reservation of a name and the rename over it, a disk without links may keep an empty file.
      expectPromises(conflict === 'overwrite', links === 'no');
      if (child.signal === null) expect(child.status, child.stderr).toBe(0);
      else killed += 1;
      await sweep(space.state, [space.path('out')], nodeFileOps);
      expectPromises(conflict === 'overwrite');
      expect(space.list('out').filter((name) => name.startsWith('.enlarger-'))).toEqual([]);
      expect(space.list('.state').filter((name) => name.startsWith('runs/') || name.startsWith('scratch/'))).toEqual([]);
      await expectWholeCache();
      clear();
      if (child.signal === null) break;
      k += 1;
    }
    expect(killed).toBe(k - 1);
    expect(killed).toBeGreaterThan(15);
  }, 240_000);
});
