import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyFolder, openStateFolder, statePath } from '../../../core/jobs/state-folder.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

describe('the state folder', () => {
  it.runIf(process.platform !== 'win32').each([
    ['linux', {}, '/home/u/.cache/enlarger'],
    ['linux', { XDG_CACHE_HOME: '/big/cache' }, '/big/cache/enlarger'],
    ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/u/.cache/enlarger'],
    ['darwin', {}, '/home/u/Library/Caches/enlarger'],
    ['linux', { ENLARGER_CACHE: '/mine' }, '/mine'],
    ['darwin', { ENLARGER_CACHE: '/mine' }, '/mine'],
  ] as const)('on %s with %j is %s', (platform, env, expected) => {
    expect(statePath(env, platform, '/home/u')).toBe(expected);
  });

  it('is made where it belongs, with nothing in it', async () => {
    const path = space.path('deep/cache');
    expect(await openStateFolder({ ENLARGER_CACHE: path })).toBe(path);
    expect(readdirSync(path)).toEqual([]);
  });

  it('moves to the temp folder when its place cannot be written', async () => {
    const blocked = space.put('file', 'in the way');
    const path = await openStateFolder({ ENLARGER_CACHE: blocked });
    expect(path.startsWith(tmpdir())).toBe(true);
    expect(existsSync(path)).toBe(true);
  });
});

// In /proc every new folder is ENOENT, which a recursive mkdir takes for a missing parent for ever.
describe.runIf(process.platform === 'linux')('where nothing can be made', () => {
  it('the state folder is looked for elsewhere', async () => {
    expect((await openStateFolder({ ENLARGER_CACHE: '/proc/deep/cache' })).startsWith(tmpdir())).toBe(true);
  });

  it('a missing temp folder as well ends in a sentence', async () => {
    vi.stubEnv('TMPDIR', '/proc/nowhere');
    await expect(openStateFolder({ ENLARGER_CACHE: '/proc/deep/cache' })).rejects.toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining('ENLARGER_CACHE') as string,
    });
    vi.unstubAllEnvs();
  });
});

describe('the folder that the engine stands in', () => {
  it('is empty, whatever was put into it', async () => {
    space.put('.state/empty/weights.bin', 'external data');
    const path = await emptyFolder(space.state);
    expect(readdirSync(path)).toEqual([]);
    expect(await emptyFolder(space.state)).toBe(path);
  });
});
