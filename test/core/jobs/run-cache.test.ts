/** What a run keeps for the next one: results, from which another format or name is made without a network. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCache } from '../../../core/cache/cache.ts';
import { nodeFileOps, type FileOps } from '../../../core/disk/file-ops.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { exportRecipe, recipe } from '../../fixtures/facts.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';
import { fakePhoto, isWholeResult } from '../../fixtures/fake-photo.ts';
import { memoryJobs } from '../../fixtures/memory-jobs.ts';
import { runIn, workspace, type RunReport, type Workspace } from '../../fixtures/run.ts';
import { systemError } from '../../fixtures/failing-files.ts';

let space: Workspace;
let renders = 0;
let encodes = 0;
beforeEach(() => {
  space = workspace();
  renders = 0;
  encodes = 0;
});
afterEach(() => {
  space.remove();
});

/** An engine that counts. */
function counting(): Engine {
  return localEngine({
    render: (params, context) => {
      renders += 1;
      return fakeHandlers.render(params, context);
    },
    encode: (params, context) => {
      encodes += 1;
      return fakeHandlers.encode(params, context);
    },
  });
}

const run = async (overrides: Parameters<typeof runIn>[1] = {}): Promise<RunReport> =>
  await runIn(space, { inputs: [space.path('in')], outDirectory: space.path('out'), engine: counting(), ...overrides });

const storedFolders = (): string[] => space.list('.state/cache').filter((name) => name.startsWith('results/'));

function expectNoDrafts(): void {
  const left = space.list('.state/cache').filter((name) => !name.startsWith('results/'));
  expect(left).toEqual([]);
}

describe('a second run over the same photo', () => {
  it('in another format runs no network, and says so', async () => {
    space.put('in/a.jpg', fakePhoto());
    const first = await run();
    const second = await run({ exported: exportRecipe({ format: 'png' }) });
    expect([renders, encodes]).toEqual([1, 2]);
    expect([first, second].map(({ of }) => [of('started')[0]?.tiles, of('done')[0]?.cached])).toEqual([
      [1, false],
      [0, true],
    ]);
    expect(second.of('done')[0]?.ms).toMatchObject({ decode: 0, infer: 0, encode: 1 });
    expect(second.of('planned')[0]?.scratchBytes).toBe(0);
    expect(space.list('out')).toEqual(['a.jpg', 'a.png']);
    for (const name of space.list('out')) expect(isWholeResult(space.read(`out/${name}`))).toBe(true);
  });

  it('under another name finds it by its content', async () => {
    space.put('in/a.jpg', fakePhoto());
    await run();
    space.put('in/b.jpg', fakePhoto());
    const { of } = await run({ conflict: 'skip' });
    expect(of('done').map(({ input, cached }) => [input, cached])).toEqual([[space.path('in/b.jpg'), true]]);
    expect(renders).toBe(1);
  });

  it('with another recipe renders again', async () => {
    space.put('in/a.jpg', fakePhoto());
    await run();
    await run({ recipe: recipe({ target: { kind: 'width', pixels: 60 } }) });
    expect(renders).toBe(2);
  });

  it('whose stored pixels were damaged renders again, and writes no wrong ones', async () => {
    space.put('in/a.jpg', fakePhoto());
    await run();
    const pixels = storedFolders().find((name) => name.endsWith('pixels.tif')) ?? '';
    const path = join(space.state, 'cache', pixels);
    writeFileSync(path, 'x'.repeat(space.read(join('.state/cache', pixels)).length));
    const { of } = await run({ exported: exportRecipe({ format: 'png' }) });
    expect(of('done').map(({ cached }) => cached)).toEqual([false]);
    expect([renders, encodes]).toEqual([2, 3]);
    expectNoDrafts();
  });
});

describe('an engine that dies while it encodes', () => {
  it('costs no second rendering', async () => {
    space.put('in/a.jpg', fakePhoto());
    const engine = localEngine({
      render: (params, context) => {
        renders += 1;
        return fakeHandlers.render(params, context);
      },
      encode: (params, context) => {
        encodes += 1;
        if (encodes === 1) throw new EnlargerError('device-failed', 'It ended.', { retry: true });
        return fakeHandlers.encode(params, context);
      },
    });
    const { summary } = await run({ engine });
    await engine.close();
    expect(summary).toMatchObject({ done: 1, failed: 0 });
    expect([renders, encodes]).toEqual([1, 2]);
    expect(space.list('out')).toEqual(['a.jpg']);
  });
});

describe('room for the cache', () => {
  const withFree = (free: (path: string) => number): FileOps => ({
    ...nodeFileOps,
    freeBytes: (path) => Promise.resolve(free(path)),
  });

  it('that the disk does not have beside the results is not taken, and the results come all the same', async () => {
    space.put('in/a.jpg', fakePhoto());
    space.put('in/b.jpg', fakePhoto({ seed: 2 }));
    const { summary, of } = await run({ files: withFree(() => 500_000) });
    expect(summary).toMatchObject({ done: 2, failed: 0 });
    expect(of('done').map(({ cached }) => cached)).toEqual([false, false]);
    expect(storedFolders()).toEqual([]);
    expectNoDrafts();
  });

  it('is made by older results where a run would be refused without', async () => {
    space.put('in/a.jpg', fakePhoto());
    await run();
    const isThere = (): boolean => storedFolders().length > 0;
    expect(isThere()).toBe(true);
    space.put('in/a.jpg', fakePhoto({ seed: 2 }));
    const { summary } = await run({ files: withFree(() => (isThere() ? 10 : 500_000)) });
    expect(summary).toMatchObject({ done: 1, failed: 0 });
    expect(isThere()).toBe(false);
  });

  it('is bounded: the longest unused results go first, and one that is larger than all of it is not kept', async () => {
    const engine = counting();
    const cache = await openCache({ directory: space.path('.state/small'), limitBytes: 1 });
    space.put('in/a.jpg', fakePhoto());
    const { summary } = await run({ cache, engine, jobs: memoryJobs() });
    expect(summary).toMatchObject({ done: 1 });
    expect(await cache.results.keys()).toEqual([]);
    await cache.close();
  });

  it('that turns out not to be there when a result is stored costs nothing but the keeping', async () => {
    space.put('in/a.jpg', fakePhoto());
    let committing = false;
    const files: FileOps = {
      ...nodeFileOps,
      makeFolder: (path) => {
        committing ||= path.includes(join('cache', 'results'));
        return committing && path.includes(join('cache', 'results'))
          ? Promise.reject(systemError('ENOSPC'))
          : nodeFileOps.makeFolder(path);
      },
    };
    const { summary } = await run({ files });
    expect(committing).toBe(true);
    expect(summary).toMatchObject({ done: 1, failed: 0 });
    expect(readdirSync(space.path('out'))).toEqual(['a.jpg']);
    expectNoDrafts();
  });
});

describe('progress of a run', () => {
  it('counts a photo as done only when its file is there, whole and under its name', async () => {
    for (let seed = 0; seed < 12; seed += 1) space.put(`in/${String(seed)}.jpg`, fakePhoto({ seed }));
    const samples: [number, number][] = [];
    await run({
      onEvent: (event) => {
        if (event.type !== 'overall') return;
        const whole = space.list('out').filter((name) => isWholeResult(space.read(`out/${name}`)));
        samples.push([event.photosDone, whole.length]);
      },
    });
    expect(samples.length).toBeGreaterThan(24);
    expect(samples.at(-1)).toEqual([12, 12]);
    for (const [done, whole] of samples) expect(whole).toBeGreaterThanOrEqual(done);
  });
});
