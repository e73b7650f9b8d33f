import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseBytes } from '../../cli/cache.ts';
import { UsageError } from '../../cli/usage-error.ts';
import { greyJpeg, webp } from '../fixtures/photos.ts';
import { libraryHere, ofType, type LibraryHere } from './library-here.ts';

let here: LibraryHere;
beforeAll(async () => {
  here = await libraryHere([greyJpeg, webp], { width: 64, height: 48 });
  await here.json('library', 'add', 'photos');
  await here.json('queue', 'add', '--query', 'photos');
  await here.lines(0, 'queue', 'run');
  await here.json('review', 'accept', '1');
});
afterAll(() => here.remove());

describe('enlarger cache', () => {
  it('shows what it holds, and gives up all but what is accepted and not exported', async () => {
    const [before] = (await here.json('cache', 'status')) as [Record<string, number>];
    expect(before).toMatchObject({ results: 2, thumbnails: 2 });
    expect(before['pinnedBytes']).toBeGreaterThan(0);
    expect(before['pinnedBytes']).toBeLessThan(before['bytes']!);
    const [cleared] = (await here.json('cache', 'clear')) as [{ freedBytes: number }];
    expect(cleared.freedBytes).toBe(before['bytes']! - before['pinnedBytes']! + before['thumbnailBytes']!);
    const after = await here.json('cache', 'status');
    expect(after).toMatchObject([{ results: 1, bytes: before['pinnedBytes'], thumbnails: 0 }]);
    expect((await here.json('review', 'list')).map(({ cached }) => cached)).toEqual([true, false]);
  });

  it('may be deleted at any time: what is needed is made again', async () => {
    await rm(join(here.env['ENLARGER_CACHE']!, 'cache'), { recursive: true });
    const lines = await here.lines(0, 'export', '--out', 'out');
    expect(ofType(lines, 'started')).toEqual([]);
    expect(ofType(lines, 'done')).toMatchObject([{ cached: false, width: 128, height: 96 }]);
  });

  it('keeps to the limit that it was given, and refuses work that would not fit', async () => {
    await here.json('cache', 'limit', '1MB');
    expect(await here.json('cache', 'status')).toMatchObject([{ limitBytes: 1e6 }]);
    const { code, stdout, stderr } = await here.run('queue', 'add', '--query', 'photos', '--scale', '4', '--json');
    expect([code, stdout.includes('"queued"')]).toEqual([1, false]);
    expect(stderr).toContain('There is too little room in the cache');
    expect((await here.json('queue', 'status'))[0]).toMatchObject({ counts: { queued: 0 } });
  });
});

describe('a size', () => {
  it('is written in the units of disks', () => {
    expect(['500MB', '20 GB', '1.5tb'].map(parseBytes)).toEqual([5e8, 2e10, 1.5e12]);
    for (const text of ['', '20', '-1GB', '0GB', '1e3GB', '20GiB', '5 TBs']) expect(() => parseBytes(text)).toThrow(UsageError);
  });
});
