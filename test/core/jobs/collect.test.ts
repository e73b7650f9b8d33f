import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect, outputRoot, type Collection } from '../../../core/jobs/collect.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

async function collectIn(inputs: readonly string[], recursive = false, outDirectory: string | null = null): Promise<Collection> {
  const { signal } = new AbortController();
  return await collect({
    inputs: inputs.map((input) => space.path(input)),
    recursive,
    outDirectory: outDirectory === null ? null : space.path(outDirectory),
    signal,
  });
}

function found(collection: Collection): string[] {
  return collection.files.map((file) => relative(space.root, file.path));
}

describe('collecting a folder', () => {
  it('takes its own level in natural order', async () => {
    for (const name of ['IMG_10.jpg', 'IMG_2.jpg', 'img_1.jpg', 'b.txt']) space.put(`in/${name}`, 'x');
    space.put('in/deep/a.jpg', 'x');
    const collection = await collectIn(['in']);
    expect(found(collection)).toEqual(['in/b.txt', 'in/img_1.jpg', 'in/IMG_2.jpg', 'in/IMG_10.jpg']);
    expect(collection.folders.get(0)).toMatchObject({ hasSubfolders: true });
  });

  it('keeps the tree when recursive', async () => {
    for (const name of ['a.jpg', 'one/b.jpg', 'one/two/c.jpg']) space.put(`in/${name}`, 'x');
    const { files } = await collectIn(['in'], true);
    expect(files.map((file) => [file.tree, file.input])).toEqual([
      ['', space.path('in/a.jpg')],
      ['one', space.path('in/one/b.jpg')],
      [join('one', 'two'), space.path('in/one/two/c.jpg')],
    ]);
  });

  it.each(['.hidden.jpg', '.folder/a.jpg', 'Thumbs.db', 'desktop.ini', '.DS_Store', '@eaDir/a.jpg', '__MACOSX/a.jpg', '._a.jpg'])(
    'passes over %s',
    async (name) => {
      space.put(`in/${name}`, 'x');
      space.put('in/a.jpg', 'x');
      expect(found(await collectIn(['in'], true))).toEqual(['in/a.jpg']);
    },
  );

  it('does not look into results of earlier runs, but says so', async () => {
    for (const name of ['a.jpg', 'enlarged/a.jpg', 'deep/enlarged/a.jpg', 'mine/a.jpg']) space.put(`in/${name}`, 'x');
    const collection = await collectIn(['in'], true, 'in/mine');
    expect(found(collection)).toEqual(['in/a.jpg']);
    expect(collection.notes.map((note) => relative(space.root, note.input))).toEqual([
      'in/deep/enlarged',
      'in/enlarged',
      'in/mine',
    ]);
    expect(found(await collectIn(['in/enlarged']))).toEqual(['in/enlarged/a.jpg']);
  });

  it('ends in a tree of loops, pipes and dead links, with a reason for each', async () => {
    space.put('in/a.jpg', 'x');
    mkdirSync(space.path('in/deep'));
    symlinkSync('..', space.path('in/deep/up'));
    symlinkSync('.', space.path('in/here'));
    symlinkSync('loop-b', space.path('in/loop-a'));
    symlinkSync('loop-a', space.path('in/loop-b'));
    symlinkSync('nowhere', space.path('in/dead.jpg'));
    symlinkSync('/dev/zero', space.path('in/zero.jpg'));
    execFileSync('mkfifo', [space.path('in/pipe.jpg')]);
    const collection = await collectIn(['in'], true);
    expect(found(collection)).toEqual(['in/a.jpg']);
    expect(collection.skipped.map((entry) => relative(space.root, entry.input)).sort()).toEqual([
      'in/dead.jpg',
      'in/deep/up',
      'in/here',
      'in/loop-a',
      'in/loop-b',
      'in/pipe.jpg',
      'in/zero.jpg',
    ]);
    for (const { reason } of collection.skipped) expect(reason).not.toBe('');
  });
});

// Only Linux lets a name be any bytes.
describe.runIf(process.platform === 'linux')('a name in an old encoding', () => {
  it('fails with what to do, found in a folder and named', async () => {
    space.put('in/a.jpg', 'x');
    writeFileSync(Buffer.concat([Buffer.from(space.path('in/caf')), Buffer.from([0xe9]), Buffer.from('.jpg')]), 'x');
    const collection = await collectIn(['in', 'in/caf\ufffd.jpg']);
    expect(found(collection)).toEqual(['in/a.jpg']);
    expect(collection.skipped).toEqual([]);
    expect(collection.failed.map(({ failure }) => failure.code)).toEqual(['not-found', 'not-found']);
    for (const { failure } of collection.failed) expect(failure.message).toMatch(/old encoding .* Rename it/);
  });
});

describe('collecting several inputs', () => {
  it('takes each file once, however it is reached', async () => {
    space.put('in/a.jpg', 'x');
    symlinkSync('a.jpg', space.path('in/b.jpg'));
    symlinkSync('in', space.path('same'));
    const collection = await collectIn(['in', 'in/a.jpg', 'same', 'in/../in/a.jpg']);
    expect(collection.files).toHaveLength(1);
    expect(collection.files[0]).toMatchObject({ named: true, input: space.path('in/a.jpg') });
    expect(collection.notes.length).toBe(5);
  });

  it('takes hard links for photos of their own', async () => {
    space.put('in/a.jpg', 'x');
    linkSync(space.path('in/a.jpg'), space.path('in/b.jpg'));
    expect(found(await collectIn(['in']))).toEqual(['in/a.jpg', 'in/b.jpg']);
  });

  it('fails what is missing or no file, and takes the rest', async () => {
    space.put('a.jpg', 'x');
    execFileSync('mkfifo', [space.path('pipe')]);
    const collection = await collectIn(['missing', 'pipe', 'a.jpg', 'a.jpg/below']);
    expect(found(collection)).toEqual(['a.jpg']);
    expect(collection.failed.map(({ input, failure }) => [relative(space.root, input), failure.code])).toEqual([
      ['missing', 'not-found'],
      ['pipe', 'not-a-photo'],
      ['a.jpg/below', 'not-found'],
    ]);
  });

  it('takes a hidden file that is named', async () => {
    space.put('.a.jpg', 'x');
    expect(found(await collectIn(['.a.jpg']))).toEqual(['.a.jpg']);
  });
});

describe('the place of results', () => {
  it.each([
    ['a.jpg', false, null, 'enlarged', join(process.cwd(), 'enlarged')],
    ['in/a.jpg', false, null, join('in', 'enlarged'), join(process.cwd(), 'in', 'enlarged')],
    ['in/', true, null, join('in', 'enlarged'), join(process.cwd(), 'in', 'enlarged')],
    ['/x/in', true, null, '/x/in/enlarged', '/x/in/enlarged'],
    ['.', true, null, 'enlarged', join(process.cwd(), 'enlarged')],
    ['in/a.jpg', false, 'out', 'out', join(process.cwd(), 'out')],
    ['in', true, 'out', 'out', join(process.cwd(), 'out')],
  ])('of %s (folder: %s) with --out %s is %s', (input, isFolder, out, shown, path) => {
    expect(outputRoot(input, isFolder, out)).toEqual({ shown, path });
  });
});
