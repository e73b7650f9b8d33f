import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorCode, nodeFileOps } from '../../../core/disk/file-ops.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

const codeOf = async (call: Promise<unknown>): Promise<string> => await call.then(() => 'none', errorCode);

describe('making a folder', () => {
  it('makes what is missing, and says where that begins', async () => {
    expect(await nodeFileOps.makeFolder(space.path('a/b/c'))).toBe(space.path('a'));
    expect(await nodeFileOps.makeFolder(space.path('a/b/c'))).toBeUndefined();
    expect(await nodeFileOps.makeFolder(space.path('a/b/x/y'))).toBe(space.path('a/b/x'));
  });

  it('goes through links to folders', async () => {
    await nodeFileOps.makeFolder(space.path('real'));
    symlinkSync('real', space.path('link'));
    expect(await nodeFileOps.makeFolder(space.path('link'))).toBeUndefined();
    expect(await nodeFileOps.makeFolder(space.path('link/new'))).toBe(space.path('link/new'));
  });

  it('tells what stands in the way', async () => {
    space.put('file', '');
    symlinkSync('nowhere', space.path('dead'));
    expect(await codeOf(nodeFileOps.makeFolder(space.path('file')))).toBe('EEXIST');
    expect(await codeOf(nodeFileOps.makeFolder(space.path('file/below/it')))).toBe('ENOTDIR');
    expect(await codeOf(nodeFileOps.makeFolder(space.path('dead')))).toBe('ENOENT');
    expect(await codeOf(nodeFileOps.makeFolder(join(space.root, 'x'.repeat(300))))).toBe('ENAMETOOLONG');
  });
});

describe('an exclusive file', () => {
  it('is not made where anything has its name', async () => {
    space.put('file', 'kept');
    symlinkSync('nowhere', space.path('dead'));
    expect(await codeOf(nodeFileOps.createExclusive(space.path('file')))).toBe('EEXIST');
    expect(await codeOf(nodeFileOps.createExclusive(space.path('dead')))).toBe('EEXIST');
    expect(space.read('file')).toBe('kept');
    await nodeFileOps.createExclusive(space.path('new'));
    expect(space.read('new')).toBe('');
  });
});

describe('a small file of our own', () => {
  it('is replaced as a whole', async () => {
    await nodeFileOps.writeText(space.path('x.json'), 'one');
    await nodeFileOps.writeText(space.path('x.json'), 'two');
    expect(space.list()).toEqual(['x.json']);
    expect(space.read('x.json')).toBe('two');
  });
});

describe('free room', () => {
  it('is a number of bytes', async () => {
    const freeBytes = await nodeFileOps.freeBytes(space.root);
    expect(Number.isFinite(freeBytes)).toBe(true);
    expect(freeBytes).toBeGreaterThan(0);
  });
});
