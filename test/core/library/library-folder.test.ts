import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { libraryFolder } from '../../../core/library/library-folder.ts';

const usual = (env: Record<string, string>, platform: NodeJS.Platform): string =>
  libraryFolder(null, env, platform, '/home/a').directory.replaceAll('\\', '/');

describe('the folder of the library', () => {
  it('is where each system keeps the data of applications', () => {
    expect(usual({}, 'linux')).toBe('/home/a/.local/share/enlarger');
    expect(usual({ XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/enlarger');
    expect(usual({ XDG_DATA_HOME: 'relative' }, 'linux')).toBe('/home/a/.local/share/enlarger');
    expect(usual({}, 'darwin')).toBe('/home/a/Library/Application Support/enlarger');
    expect(usual({ LOCALAPPDATA: '/local' }, 'win32')).toBe('/local/enlarger/library');
  });

  it('is the one of ENLARGER_LIBRARY, with the cache that everything shares', () => {
    const folder = libraryFolder(null, { ENLARGER_LIBRARY: '/photos/library' }, 'linux', '/home/a');
    expect(folder).toEqual({
      directory: resolve('/photos/library'),
      catalog: resolve('/photos/library/catalog.db'),
      cacheDirectory: null,
    });
  });

  it('is the one that is named, with its cache in it', () => {
    const folder = libraryFolder('mine', { ENLARGER_LIBRARY: '/photos/library' }, 'linux', '/home/a');
    expect(folder.directory).toBe(resolve('mine'));
    expect(folder.cacheDirectory).toBe(resolve('mine', 'cache'));
  });
});
