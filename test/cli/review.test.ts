import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOutPng, greyJpeg, webp } from '../fixtures/photos.ts';
import { libraryHere, type LibraryHere } from './library-here.ts';

let here: LibraryHere;
beforeAll(async () => {
  here = await libraryHere([cutOutPng, greyJpeg, webp], { width: 64, height: 48 });
  await here.json('library', 'add', 'photos');
  await here.json('queue', 'add', '--query', 'grey');
  await here.json('queue', 'add', '--query', 'photo.webp');
  await here.lines(0, 'queue', 'run');
  await here.json('queue', 'add', '--query', 'cut');
});
afterAll(() => here.remove());

/** Numbers of photos by their names: what every command takes. */
const numbers = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await here.json('review', 'list')).map(({ id, name }) => [String(name), String(id)]));
const states = async (...args: string[]): Promise<unknown[]> =>
  (await here.json('review', 'list', ...args)).map(({ name, state }) => [name, state] as const);

describe('enlarger review', () => {
  it('lists results with what is known of them', async () => {
    expect(await states()).toEqual([
      ['grey.jpg', 'ready'],
      ['photo.webp', 'ready'],
      ['cut-out.png', 'pending'],
    ]);
    expect(await states('--state', 'pending')).toEqual([['cut-out.png', 'pending']]);
    const [result] = await here.json('review', 'list');
    const [photo] = await here.json('library', 'list', '--query', 'grey');
    expect(result).toMatchObject({
      id: photo?.['id'],
      result: 1,
      width: 128,
      height: 96,
      modelId: 'photo-x2',
      cached: true,
      outdated: false,
      failure: null,
    });
    expect((await here.run('review', 'list')).stdout).toMatch(/^\d+ +ready +128 × 96 +photo-x2 +grey\.jpg$/m);
  });

  it('accepts, rejects, and lets verdicts be changed', async () => {
    const ids = await numbers();
    expect(await here.json('review', 'reject', ids['photo.webp']!)).toEqual([{ changed: 1 }]);
    expect(await here.json('review', 'accept', '--all')).toEqual([{ changed: 1 }]);
    expect(await states()).toEqual([
      ['grey.jpg', 'accepted'],
      ['photo.webp', 'rejected'],
      ['cut-out.png', 'pending'],
    ]);
    const listed = await here.json('library', 'list', '--state', 'accepted');
    expect(listed).toMatchObject([{ path: join(here.photos, 'grey.jpg'), state: 'accepted' }]);
    expect(await here.json('review', 'accept', ids['grey.jpg']!, ids['photo.webp']!)).toEqual([{ changed: 1 }]);
    expect(await here.json('review', 'accept', '--all')).toEqual([{ changed: 0 }]);
  });

  it.each([
    ['whose result is not made yet', 'cut-out.png'],
    ['that there is not', null],
  ])('judges nothing when one of them is a photo %s', async (_, name) => {
    const [before, ids] = [await states(), await numbers()];
    const other = name === null ? '4711' : ids[name]!;
    const { code, stderr } = await here.run('review', 'reject', ids['grey.jpg']!, other);
    expect(code).toBe(1);
    expect(stderr).toContain(`Photo ${other} has no result to judge`);
    expect(await states()).toEqual(before);
  });
});
