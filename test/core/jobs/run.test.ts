import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { runLineSchema } from '../../../core/photo/run-events.ts';
import { fakeEngineProcess, localEngine } from '../../fixtures/engines.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';
import { exportRecipe, recipe } from '../../fixtures/facts.ts';
import { fakeModel } from '../../fixtures/fake-model.ts';
import { fakePhoto, isWholeResult, type Behaviour } from '../../fixtures/fake-photo.ts';
import { runIn, workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

/** Nothing of a run stays but results. */
function expectNoLeftovers(): void {
  expect(space.list().filter((name) => name.endsWith('.part'))).toEqual([]);
  const temporary = ['scratch/', 'runs/', 'cache/drafts/', 'cache/leases/', 'cache/runs/'];
  expect(space.list('.state').filter((name) => temporary.some((folder) => name.startsWith(folder)))).toEqual([]);
}

describe('a run over one photo', () => {
  it('enlarges it into a folder beside it and tells it in order', async () => {
    const photo = space.put('photos/a.JPG', fakePhoto());
    const report = await runIn(space, { inputs: [photo] });
    expect(report.summary).toMatchObject({ done: 1, failed: 0, skipped: 0, interrupted: false });
    expect(space.list()).toEqual(['photos/a.JPG', 'photos/enlarged/a.JPG']);
    expect(isWholeResult(space.read('photos/enlarged/a.JPG'))).toBe(true);
    const types = report.events.map((event) => event.type).filter((type) => type !== 'progress' && type !== 'overall');
    expect(types).toEqual(['planned', 'started', 'done', 'summary']);
    expect(report.of('done')[0]).toMatchObject({
      input: photo,
      output: space.path('photos/enlarged/a.JPG'),
      width: 80,
      height: 60,
      cached: false,
    });
    expect(report.of('started')[0]).toMatchObject({
      input: photo,
      width: 40,
      height: 30,
      model: 'test-x2',
      device: 'cpu',
      tiles: 1,
    });
    expectNoLeftovers();
  });

  it('tells only lines of the contract, beside what is for people', async () => {
    space.put('in/a.jpg', fakePhoto());
    space.put('in/b.jpg', 'no photo');
    const { events } = await runIn(space, { inputs: [space.path('in')] });
    const lines = events.filter((event) => !['planned', 'note', 'overall'].includes(event.type));
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines) expect(runLineSchema.parse(line)).toEqual(line);
  });

  it('shows progress that never falls and is whole only at the end', async () => {
    space.put('in/a.jpg', fakePhoto());
    space.put('in/b.jpg', fakePhoto({ seed: 2, width: 400 }));
    const { of } = await runIn(space, { inputs: [space.path('in')] });
    const overall = of('overall').map((event) => event.fraction);
    expect(overall.length).toBeGreaterThan(4);
    expect(overall).toEqual(overall.toSorted((a, b) => a - b));
    expect(overall.at(-1)).toBe(1);
    expect(overall.filter((fraction) => fraction === 1)).toHaveLength(1);
    expect(of('overall').at(-1)).toMatchObject({ photosDone: 2, photos: 2, remainingMs: 0 });
  });

  it('names paths as they were given', async () => {
    const photo = space.put('in/deep/a.jpg', fakePhoto());
    const given = relative(process.cwd(), space.path('in'));
    const { of } = await runIn(space, {
      inputs: [given],
      recursive: true,
      outDirectory: `${relative(process.cwd(), space.root)}/out`,
    });
    expect(of('done')[0]).toMatchObject({
      input: relative(process.cwd(), photo),
      output: relative(process.cwd(), space.path('out/deep/a.jpg')),
    });
    expect(space.list('out')).toEqual(['deep/a.jpg']);
  });

  it('remembers its speed for the next estimate', async () => {
    const first = await runIn(space, { inputs: [space.put('a.jpg', fakePhoto())] });
    const second = await runIn(space, { inputs: [space.put('b.jpg', fakePhoto({ seed: 2 }))] });
    expect(first.of('planned')[0]?.estimateMs).toBeNull();
    expect(second.of('planned')[0]?.estimateMs).toBeGreaterThan(0);
  });

  it('shrinks without a network', async () => {
    const photo = space.put('a.jpg', fakePhoto());
    const { of } = await runIn(space, { inputs: [photo], recipe: recipe({ target: { kind: 'width', pixels: 20 } }) });
    expect(of('started')[0]).toMatchObject({ model: 'none', tiles: 0 });
    expect(of('done')[0]).toMatchObject({ width: 20, height: 15, model: 'none' });
  });
});

describe('a run over many', () => {
  it('lets a bad file fail alone', async () => {
    space.put('in/a.jpg', fakePhoto());
    space.put('in/b.jpg', fakePhoto({ behaviour: 'damaged' }));
    space.put('in/c.jpg', 'text behind a photo name');
    space.put('in/d.jpg', fakePhoto({ seed: 4, behaviour: 'defect' }));
    space.put('in/e.jpg', fakePhoto({ seed: 5, behaviour: 'full' }));
    space.put('in/f.jpg', fakePhoto({ seed: 6 }));
    const { summary, of } = await runIn(space, { inputs: [space.path('in')], outDirectory: space.path('out') });
    expect(summary).toMatchObject({ done: 2, failed: 4, skipped: 0 });
    expect(Object.fromEntries(of('failed').map((event) => [event.input.slice(-5), event.code]))).toEqual({
      'b.jpg': 'damaged',
      'c.jpg': 'not-a-photo',
      'd.jpg': 'internal',
      'e.jpg': 'disk-full',
    });
    expect(space.list('out')).toEqual(['a.jpg', 'f.jpg']);
    expectNoLeftovers();
  });

  it('leaves files out that are no photos and do not claim to be', async () => {
    space.put('in/a.jpg', fakePhoto());
    space.put('in/notes.txt', 'text');
    space.put('in/a.xmp', '<xmp/>');
    const { summary, of } = await runIn(space, { inputs: [space.path('in')] });
    expect(summary).toMatchObject({ done: 1, failed: 0, skipped: 0 });
    expect(of('note').map((event) => event.text)).toEqual(['2 files in it are no photos and left out']);
  });

  it('fails a folder without photos, a missing path and a named file that is no photo', async () => {
    space.put('in/notes.txt', 'text');
    space.put('in/deep/a.jpg', fakePhoto());
    space.put('other.txt', 'text');
    const inputs = ['in', 'missing.jpg', 'other.txt'].map((path) => space.path(path));
    const { summary, of } = await runIn(space, { inputs });
    expect(summary).toMatchObject({ done: 0, failed: 3 });
    expect(Object.fromEntries(of('failed').map((event) => [relative(space.root, event.input), event.code]))).toEqual({
      in: 'not-a-photo',
      'missing.jpg': 'not-found',
      'other.txt': 'not-a-photo',
    });
    expect(of('failed').find((event) => event.input === space.path('in'))?.message).toContain('--recursive');
    expect(space.list().filter((name) => name.includes('enlarged'))).toEqual([]);
  });

  it('gives photos that want one name a name each, and the same ones again', async () => {
    for (const name of ['a.jpg', 'A.JPG', 'a.png', 'a (1).jpg'])
      space.put(`in/${name}`, fakePhoto({ seed: name.length, format: name.endsWith('png') ? 'png' : 'jpeg' }));
    const options = {
      inputs: [space.path('in')],
      exported: exportRecipe({ format: 'jpeg' as const }),
      conflict: 'skip' as const,
    };
    const first = await runIn(space, options);
    const names = Object.fromEntries(first.of('done').map((event) => [event.input, event.output]));
    expect(new Set(Object.values(names).map((name) => name.toLowerCase())).size).toBe(4);
    const again = await runIn(space, options);
    expect(again.summary).toMatchObject({ done: 0, skipped: 4, failed: 0 });
    const other = await runIn(space, { ...options, conflict: 'overwrite' });
    expect(Object.fromEntries(other.of('done').map((event) => [event.input, event.output]))).toEqual(names);
  });
});

describe('what stops a whole run', () => {
  it('refuses too little disk with the figures before any work', async () => {
    space.put('in/a.jpg', fakePhoto());
    space.put('in/b.jpg', fakePhoto({ seed: 2 }));
    const files = { ...nodeFileOps, freeBytes: () => Promise.resolve(1000) };
    const { summary, of } = await runIn(space, { inputs: [space.path('in')], files });
    expect(summary).toMatchObject({ done: 0, failed: 2 });
    expect(of('started')).toEqual([]);
    for (const failed of of('failed')) {
      expect(failed.code).toBe('disk-full');
      expect(failed.message).toMatch(/about [\d.]+ kB are needed .*, 1\.0 kB are free/);
    }
    expect(space.list().filter((name) => name.includes('enlarged'))).toEqual([]);
    expectNoLeftovers();
  });

  it('fails every input for a device that this version does not have', async () => {
    const photo = space.put('a.jpg', fakePhoto());
    const { summary, of } = await runIn(space, { inputs: [photo], device: 'webgpu' });
    expect(summary).toMatchObject({ failed: 1 });
    expect(of('failed')[0]?.code).toBe('device-failed');
  });

  it('fails every photo when no model serves', async () => {
    const photo = space.put('a.jpg', fakePhoto());
    const { of } = await runIn(space, { inputs: [photo], models: [] });
    expect(of('failed')[0]?.code).toBe('model-missing');
  });

  it.each([
    ['the target folder', 'encode', 'out', 'out went away'],
    ['the scratch folder, while rendering,', 'render', '.state/scratch', ' went away while it was written to'],
    ['the scratch folder, while encoding,', 'encode', '.state/scratch', ' went away while it was written to'],
    ['the folder of drafts', 'render', '.state/cache/drafts', 'went away'],
  ] as const)('says that %s was removed meanwhile, whatever a library makes of it', async (_, method, folder, words) => {
    const photo = space.put('a.jpg', fakePhoto());
    const engine = localEngine({
      [method]: () => {
        rmSync(space.path(folder), { recursive: true });
        throw new EnlargerError('internal', 'VipsJpeg: unable to write to target');
      },
    });
    const { summary, of } = await runIn(space, { inputs: [photo], outDirectory: space.path('out'), engine });
    expect(summary).toMatchObject({ done: 0, failed: 1 });
    expect(of('failed')[0]?.code).toBe('not-writable');
    expect(of('failed')[0]?.message).toContain(words);
    expectNoLeftovers();
  });

  it('says that a disk became read-only meanwhile', async () => {
    const photo = space.put('a.jpg', fakePhoto());
    const engine = localEngine({
      encode: () => {
        throw new EnlargerError('internal', 'VipsJpeg: unable to write to target');
      },
    });
    const files = { ...nodeFileOps, sync: () => Promise.reject(Object.assign(new Error('EROFS'), { code: 'EROFS' })) };
    const { of } = await runIn(space, { inputs: [photo], outDirectory: space.path('out'), engine, files });
    expect(of('failed')[0]).toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining('can only be read') as string,
    });
  });

  it.skipIf(process.getuid?.() === 0)('does not write below a folder that may not be looked into, and says so', async () => {
    const photo = space.put('a.jpg', fakePhoto());
    mkdirSync(space.path('locked'), { mode: 0o000 });
    const { of } = await runIn(space, { inputs: [photo], outDirectory: space.path('locked/out') });
    chmodSync(space.path('locked'), 0o700);
    expect(of('failed')[0]?.code).toBe('not-writable');
  });

  it('fails a photo whose folder cannot be made, and says which', async () => {
    const photo = space.put('a.jpg', fakePhoto());
    space.put('out', 'a file where the folder should be');
    const { of } = await runIn(space, { inputs: [photo], outDirectory: space.path('out') });
    expect(of('failed')[0]).toMatchObject({ code: 'not-writable' });
    expect(of('failed')[0]?.message).toContain(space.path('out'));
  });
});

describe('an engine that dies', () => {
  const poison: readonly (readonly [Behaviour, string])[] = [
    ['die', 'device-failed'],
    ['half-then-die', 'device-failed'],
    ['die-at-inspect', 'device-failed'],
    ['garbage', 'device-failed'],
    ['wrong-answer', 'device-failed'],
    ['hang', 'device-failed'],
  ];
  it.each(poison)('fails one photo that makes it %s, and no other', async (behaviour, code) => {
    space.put('in/a.jpg', fakePhoto());
    space.put('in/b.jpg', fakePhoto({ behaviour }));
    space.put('in/c.jpg', fakePhoto({ seed: 3 }));
    const engine = fakeEngineProcess({ silenceLimitMs: 1500 });
    const { summary, of } = await runIn(space, { inputs: [space.path('in')], outDirectory: space.path('out'), engine });
    await engine.close();
    expect(of('failed').map((event) => [relative(space.root, event.input), event.code])).toEqual([['in/b.jpg', code]]);
    expect(summary).toMatchObject({ done: 2, failed: 1 });
    expect(space.list('out')).toEqual(['a.jpg', 'c.jpg']);
    expectNoLeftovers();
  });

  it('is started again for the same photo', async () => {
    space.put('in/a.jpg', fakePhoto({ behaviour: 'die-once', marker: space.path('marker') }));
    const engine = fakeEngineProcess();
    const { summary } = await runIn(space, { inputs: [space.path('in')], engine });
    await engine.close();
    expect(summary).toMatchObject({ done: 1, failed: 0 });
  });
});

describe('memory that does not suffice', () => {
  it.each([
    [128, 1],
    [100, 0],
  ])('gets tiles of half the side once (%i fit)', async (largestTileSide, done) => {
    const marker = space.path('sides');
    space.put('in/a.jpg', fakePhoto({ behaviour: 'out-of-memory', largestTileSide, marker }));
    const { summary, of } = await runIn(space, { inputs: [space.path('in')] });
    expect(readFileSync(marker, 'utf8')).toBe('256\n128\n');
    expect(summary).toMatchObject({ done, failed: 1 - done });
    if (done === 0) expect(of('failed')[0]?.code).toBe('out-of-memory');
  });

  it('is final when the model takes no smaller tile', async () => {
    const marker = space.path('sides');
    space.put('in/a.jpg', fakePhoto({ behaviour: 'out-of-memory', largestTileSide: 1, marker }));
    const model = fakeModel(space.path('.state/model'), { tile: { min: 200, default: 256, max: 512, multiple: 8 } });
    const { of } = await runIn(space, { inputs: [space.path('in')], models: [model] });
    expect(readFileSync(marker, 'utf8')).toBe('256\n');
    expect(of('failed')[0]?.code).toBe('out-of-memory');
  });
});

describe('stopping a run', () => {
  it.each(['slow', 'stubborn', 'hang'] as const)('leaves nothing of a %s photo', async (behaviour) => {
    space.put('in/a.jpg', fakePhoto());
    space.put('in/b.jpg', fakePhoto({ behaviour }));
    space.put('in/c.jpg', fakePhoto({ seed: 3 }));
    const stop = new AbortController();
    const engine = fakeEngineProcess({ cancelGraceMs: 300 });
    const { summary, events, of } = await runIn(space, {
      inputs: [space.path('in')],
      outDirectory: space.path('out'),
      engine,
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'started' && event.input.endsWith('b.jpg'))
          setTimeout(() => {
            stop.abort();
          }, 100);
      },
    });
    await engine.close();
    expect(summary).toMatchObject({ done: 1, failed: 0, skipped: 0, interrupted: true });
    expect(of('failed')).toEqual([]);
    expect(events.at(-1)?.type).toBe('summary');
    expect(space.list('out')).toEqual(['a.jpg']);
    expectNoLeftovers();
  });

  it('before it began does nothing', async () => {
    space.put('in/a.jpg', fakePhoto());
    const { summary, events } = await runIn(space, { inputs: [space.path('in')], signal: AbortSignal.abort() });
    expect(summary).toMatchObject({ done: 0, failed: 0, interrupted: true });
    expect(events).toHaveLength(1);
  });
});

describe('a source that changes', () => {
  it('between plan and work fails as changed, and nothing is written', async () => {
    const photo = space.put('in/a.jpg', fakePhoto());
    const engine = localEngine({
      render: async (params, context) => {
        space.put('in/a.jpg', fakePhoto({ seed: 99 }));
        return await fakeHandlers.render(params, context);
      },
    });
    const { of } = await runIn(space, { inputs: [photo], engine });
    await engine.close();
    expect(of('failed')[0]?.code).toBe('source-changed');
    expect(space.list()).toEqual(['in/a.jpg']);
  });
});

describe('a defect', () => {
  it('in a host that listens does not hide behind a summary', async () => {
    const photo = space.put('a.jpg', fakePhoto());
    const run = runIn(space, {
      inputs: [photo],
      onEvent: (event) => {
        if (event.type === 'planned') throw new EnlargerError('internal', 'listener');
      },
    });
    await expect(run.then((report) => report.of('failed')[0]?.code)).resolves.toBe('internal');
    expectNoLeftovers();
  });
});
