/** Every policy against everything that can stand at a result's name. Nothing the user did not give up is ever replaced. */
import { chmodSync, linkSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conflictPolicies, type ConflictPolicy } from '../../../core/photo/recipe.ts';
import { fakePhoto, isWholeResult, parseResult } from '../../fixtures/fake-photo.ts';
import { exportRecipe, modelCard, recipe } from '../../fixtures/facts.ts';
import { fakeModel } from '../../fixtures/fake-model.ts';
import { runIn, workspace, type RunReport, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

/** What happens to the photo: a new file of this name in `out`, a failure of this code, or a skip. */
type Expected = { done: string } | { failed: string } | 'skipped';

interface Case {
  readonly name: string;
  /** Name of the photo in `in`. */
  readonly photo: string;
  readonly arrange: (space: Workspace) => void;
  /** Files, by path, that must be as they were, beside every original. */
  readonly kept: Partial<Record<ConflictPolicy, readonly string[]>>;
  readonly expected: Record<ConflictPolicy, Expected>;
  /** Where results go; default `out`. */
  readonly out?: string;
  readonly during?: (space: Workspace) => void;
}

const other = 'somebody else made this';
const original = fakePhoto();

const cases: Case[] = [
  {
    name: 'another file',
    photo: 'a.jpg',
    arrange: (s) => void s.put('out/a.jpg', other),
    kept: { rename: ['out/a.jpg'], skip: ['out/a.jpg'] },
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { done: 'a.jpg' } },
  },
  {
    name: 'a file that appears during the work',
    photo: 'a.jpg',
    arrange: () => undefined,
    during: (s) => void s.put('out/a.jpg', other),
    kept: { rename: ['out/a.jpg'], skip: ['out/a.jpg'] },
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { done: 'a.jpg' } },
  },
  {
    name: 'the source itself',
    photo: 'a.jpg',
    out: 'in',
    arrange: () => undefined,
    kept: {},
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { failed: 'conflict' } },
  },
  {
    name: 'a hard link to the source',
    photo: 'a.jpg',
    arrange: (s) => {
      mkdirSync(s.path('out'));
      linkSync(s.path('in/a.jpg'), s.path('out/a.jpg'));
    },
    kept: { rename: ['out/a.jpg'], skip: ['out/a.jpg'], overwrite: ['out/a.jpg'] },
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { failed: 'conflict' } },
  },
  {
    name: 'a symbolic link to the source',
    photo: 'a.jpg',
    arrange: (s) => {
      mkdirSync(s.path('out'));
      symlinkSync(s.path('in/a.jpg'), s.path('out/a.jpg'));
    },
    kept: { rename: ['out/a.jpg'], skip: ['out/a.jpg'], overwrite: ['out/a.jpg'] },
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { failed: 'conflict' } },
  },
  {
    name: 'a target folder that is a link to the source folder',
    photo: 'a.jpg',
    arrange: (s) => {
      symlinkSync(s.path('in'), s.path('out'));
    },
    kept: {},
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { failed: 'conflict' } },
  },
  {
    name: 'a symbolic link to a file that is no source',
    photo: 'a.jpg',
    arrange: (s) => {
      mkdirSync(s.path('out'));
      symlinkSync(s.put('elsewhere.jpg', other), s.path('out/a.jpg'));
    },
    kept: { rename: ['elsewhere.jpg'], skip: ['elsewhere.jpg'], overwrite: ['elsewhere.jpg'] },
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { done: 'a.jpg' } },
  },
  {
    name: 'a link that leads nowhere',
    photo: 'a.jpg',
    arrange: (s) => {
      mkdirSync(s.path('out'));
      symlinkSync('nowhere', s.path('out/a.jpg'));
    },
    kept: {},
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { done: 'a.jpg' } },
  },
  {
    name: 'a folder',
    photo: 'a.jpg',
    arrange: (s) => {
      s.put('out/a.jpg/inside.txt', other);
    },
    kept: { rename: ['out/a.jpg/inside.txt'], skip: ['out/a.jpg/inside.txt'], overwrite: ['out/a.jpg/inside.txt'] },
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { failed: 'conflict' } },
  },
  {
    name: 'a write-protected file',
    photo: 'a.jpg',
    arrange: (s) => {
      chmodSync(s.put('out/a.jpg', other), 0o444);
    },
    kept: { rename: ['out/a.jpg'], skip: ['out/a.jpg'], overwrite: ['out/a.jpg'] },
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { failed: 'not-writable' } },
  },
  {
    name: 'a source that differs in case only, in the same folder',
    photo: 'a.jpg',
    out: 'in',
    arrange: (s) => void s.put('in/A.JPG', fakePhoto({ seed: 2, behaviour: 'damaged' })),
    kept: {},
    expected: { rename: { done: 'a (1).jpg' }, skip: 'skipped', overwrite: { failed: 'conflict' } },
  },
  {
    name: 'a source that is its Unicode twin, in the same folder',
    photo: 'caf\u00e9.jpg',
    out: 'in',
    arrange: (s) => void s.put('in/cafe\u0301.jpg', fakePhoto({ seed: 2, behaviour: 'damaged' })),
    kept: {},
    expected: { rename: { done: 'caf\u00e9 (1).jpg' }, skip: 'skipped', overwrite: { failed: 'conflict' } },
  },
  {
    name: 'another file whose name differs in case only',
    photo: 'a.jpg',
    arrange: (s) => void s.put('out/A.jpg', other),
    kept: { rename: ['out/A.jpg'], skip: ['out/A.jpg'], overwrite: ['out/A.jpg'] },
    expected: { rename: { done: 'a.jpg' }, skip: { done: 'a.jpg' }, overwrite: { done: 'a.jpg' } },
  },
];

describe.each(conflictPolicies)('under %s', (conflict) => {
  // On disks that fold case, the last case is the first one again.
  const applicable = process.platform === 'linux' ? cases : cases.slice(0, -1);
  it.each(applicable.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const photo = space.put(`in/${entry.photo}`, original);
    entry.arrange(space);
    const originals = space.list('in').map((name) => [name, space.read(`in/${name}`)] as const);
    const out = entry.out ?? 'out';
    const report = await runIn(space, {
      inputs: [space.path('in')],
      outDirectory: space.path(out),
      conflict,
      onEvent: (event) => {
        if (event.type === 'started') entry.during?.(space);
      },
    });
    expect(outcomeOf(report, photo)).toEqual(entry.expected[conflict]);
    const expected = entry.expected[conflict];
    if (typeof expected === 'object' && 'done' in expected) {
      const path = `${out}/${expected.done}`;
      expect(lstatSync(space.path(path)).isFile()).toBe(true);
      expect(isWholeResult(space.read(path))).toBe(true);
    }
    for (const [name, content] of originals) expect(space.read(`in/${name}`)).toBe(content);
    for (const path of entry.kept[conflict] ?? []) expect([other, original]).toContain(space.read(path));
    expect(space.list().filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

function outcomeOf(report: RunReport, photo: string): Expected {
  const done = report.of('done').find((event) => event.input === photo);
  if (done !== undefined) return { done: done.output.split('/').at(-1) ?? '' };
  const failed = report.of('failed').find((event) => event.input === photo);
  if (failed !== undefined) return { failed: failed.code };
  expect(report.of('skipped').map((event) => event.input)).toContain(photo);
  return 'skipped';
}

describe('running the same command again under skip', () => {
  const options = () => ({ inputs: [space.path('in')], outDirectory: space.path('out'), conflict: 'skip' as const });

  it('skips what is done, and only that', async () => {
    space.put('in/a.jpg', original);
    expect((await runIn(space, options())).summary).toMatchObject({ done: 1 });
    space.put('in/b.jpg', fakePhoto({ seed: 2 }));
    const again = await runIn(space, options());
    expect(again.summary).toMatchObject({ done: 1, skipped: 1 });
    expect(again.of('skipped')[0]?.reason).toContain('already done');
    expect(again.of('done')[0]?.input).toBe(space.path('in/b.jpg'));
  });

  it('knows what was made with auto, whatever strength that came to', async () => {
    space.put('in/a.jpg', fakePhoto());
    const input = { ...modelCard().input, extraPlanes: ['strength' as const] };
    const models = [fakeModel(space.path('.state/model'), { input })];
    const run = async (denoise: 'auto' | number): Promise<RunReport> =>
      await runIn(space, {
        inputs: [space.path('in')],
        outDirectory: space.path('out'),
        conflict: 'skip',
        models,
        recipe: recipe({ denoise }),
      });
    expect((await run('auto')).of('done')[0]?.strength).toBe(0.25);
    expect(parseResult(space.read('out/a.jpg'))?.strength).toBe(0.25);
    expect((await run('auto')).summary).toMatchObject({ done: 0, skipped: 1 });
    expect((await run(0.25)).of('done')[0]).toMatchObject({ strength: 0.25, output: space.path('out/a (1).jpg') });
    expect((await run(0.25)).summary).toMatchObject({ done: 0, skipped: 1 });
  });

  it('finds a result behind a number', async () => {
    space.put('in/a.jpg', original);
    space.put('out/a.jpg', other);
    await runIn(space, { ...options(), conflict: 'rename' });
    expect(space.list('out')).toEqual(['a (1).jpg', 'a.jpg']);
    expect((await runIn(space, options())).summary).toMatchObject({ done: 0, skipped: 1 });
  });

  it('makes another recipe, or a changed source, beside the earlier result', async () => {
    space.put('in/a.jpg', original);
    await runIn(space, options());
    await runIn(space, { ...options(), recipe: recipe({ target: { kind: 'scale', scale: 4 } }) });
    space.put('in/a.jpg', fakePhoto({ seed: 7 }));
    const changed = await runIn(space, options());
    expect(changed.summary).toMatchObject({ done: 1, skipped: 0 });
    expect(space.list('out')).toEqual(['a (1).jpg', 'a (2).jpg', 'a.jpg']);
    const digests = space.list('out').map((name) => parseResult(space.read(`out/${name}`)));
    expect(new Set(digests.map((found) => `${found?.sourceSha256 ?? ''} ${found?.recipeDigest ?? ''}`)).size).toBe(3);
    expect((await runIn(space, options())).summary).toMatchObject({ skipped: 1 });
  });

  it('does not take a torn file for a result', async () => {
    space.put('in/a.jpg', original);
    await runIn(space, options());
    space.put('out/a.jpg', space.read('out/a.jpg').replace('FAKE RESULT', 'XXXX RESULT'));
    expect((await runIn(space, options())).of('skipped')[0]?.reason).toContain('another file');
  });
});

describe('results among the originals', () => {
  const among = (conflict: ConflictPolicy) => ({ inputs: [space.path('in')], outDirectory: space.path('in'), conflict });

  it.each(conflictPolicies)('are not enlarged again under %s, however often the command runs', async (conflict) => {
    space.put('in/a.jpg', original);
    await runIn(space, among('rename'));
    expect(space.list('in')).toEqual(['a (1).jpg', 'a.jpg']);
    const again = await runIn(space, among(conflict));
    expect(again.of('note').map((note) => note.text)).toEqual([
      expect.stringContaining('1 result of earlier runs in it left out'),
    ]);
    expect(again.of('started').length).toBe(conflict === 'rename' ? 1 : 0);
    expect(space.list('in')).toEqual(['a (1).jpg', ...(conflict === 'rename' ? ['a (2).jpg'] : []), 'a.jpg']);
  });

  it('are enlarged when they are named, or lie elsewhere', async () => {
    space.put('in/a.jpg', original);
    await runIn(space, among('rename'));
    const named = await runIn(space, { ...among('rename'), inputs: [space.path('in/a (1).jpg')] });
    expect(named.summary).toMatchObject({ done: 1 });
    const elsewhere = await runIn(space, { ...among('rename'), outDirectory: space.path('out') });
    expect(elsewhere.summary).toMatchObject({ done: 3 });
  });

  it('replace results of ours under overwrite, and never a photo that is not part of the run', async () => {
    space.put('in/a.png', fakePhoto({ format: 'png' }));
    const options = { ...among('overwrite'), inputs: [space.path('in/a.png')], exported: exportRecipe({ format: 'jpeg' }) };
    expect((await runIn(space, options)).summary).toMatchObject({ done: 1 });
    expect((await runIn(space, options)).summary).toMatchObject({ done: 1 });
    const photo = fakePhoto({ seed: 3 });
    space.put('in/a.jpg', photo);
    const refused = await runIn(space, options);
    expect(refused.of('failed').map((failure) => failure.code)).toEqual(['conflict']);
    expect(refused.of('failed')[0]?.message).toContain(space.path('in/a.jpg'));
    expect(space.read('in/a.jpg')).toBe(photo);
  });
});

describe('links', () => {
  it('to a source are replaced by nobody and followed by nobody', async () => {
    space.put('in/a.jpg', original);
    mkdirSync(space.path('out'));
    symlinkSync('../in/a.jpg', space.path('out/a.jpg'));
    await runIn(space, { inputs: [space.path('in')], outDirectory: space.path('out'), conflict: 'overwrite' });
    expect(readlinkSync(space.path('out/a.jpg'))).toBe('../in/a.jpg');
    expect(readFileSync(space.path('in/a.jpg'), 'utf8')).toBe(original);
  });
});
