import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOutPng, greyJpeg, webp } from '../fixtures/photos.ts';
import { libraryHere, type LibraryHere } from './library-here.ts';

let here: LibraryHere;
let ids: string[];
beforeAll(async () => {
  here = await libraryHere([cutOutPng, greyJpeg, webp], { width: 64, height: 48 });
  await here.json('library', 'add', 'photos');
  ids = (await here.json('library', 'list', '--sort', 'name')).map(({ id }) => String(id));
});
afterAll(() => here.remove());

const albums = async (): Promise<unknown[]> =>
  (await here.json('album', 'list')).map(({ name, photos }) => [name, photos] as const);

describe('enlarger album', () => {
  it('puts photos together, each once, and takes them out again', async () => {
    expect((await here.run('album', 'list')).stderr).toContain('no albums yet');
    expect(await here.json('album', 'create', 'Norway 2024 – fjörds')).toMatchObject([
      { name: 'Norway 2024 – fjörds', photos: 0 },
    ]);
    const [first = '', second = ''] = ids;
    expect(await here.json('album', 'add', 'Norway 2024 – fjörds', first, second)).toEqual([{ changed: 2 }]);
    expect(await here.json('album', 'add', 'Norway 2024 – fjörds', second)).toEqual([{ changed: 0 }]);
    expect(await albums()).toEqual([['Norway 2024 – fjörds', 2]]);
    expect(await here.json('library', 'list', '--album', 'Norway 2024 – fjörds')).toHaveLength(2);
    expect(await here.json('library', 'list', '--album', 'Norway 2024 – fjörds', '--query', 'grey')).toMatchObject([
      { path: join(here.photos, 'grey.jpg') },
    ]);
    expect(await here.json('album', 'remove', 'Norway 2024 – fjörds', second)).toEqual([{ changed: 1 }]);
    expect((await here.run('album', 'list')).stdout).toMatch(/^Norway 2024 – fjörds +1$/m);
  });

  it('renames an album, and takes it apart without losing a photo', async () => {
    await here.json('album', 'rename', 'Norway 2024 – fjörds', 'Norway');
    expect(await albums()).toEqual([['Norway', 1]]);
    await here.json('album', 'delete', 'Norway');
    expect(await albums()).toEqual([]);
    expect(await here.json('library', 'list')).toHaveLength(3);
  });

  it.each([
    [['album', 'add', 'Nowhere', '1'], 'There is no album "Nowhere"'],
    [['album', 'rename', 'Nowhere', 'Somewhere'], 'There is no album "Nowhere"'],
    [['library', 'list', '--album', 'Nowhere'], 'There is no album "Nowhere"'],
    [['queue', 'add', '--album', 'Nowhere'], 'There is no album "Nowhere"'],
    [['export', '--out', 'out', '--album', 'Nowhere'], 'There is no album "Nowhere"'],
  ])('%j fails with a sentence and code 1', async (args, sentence) => {
    const { code, stdout, stderr } = await here.run(...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(sentence);
  });

  it('has each name once, and no photo that is not there', async () => {
    await here.json('album', 'create', 'Once');
    expect((await here.run('album', 'create', 'Once')).stderr).toContain('There is an album "Once" already');
    const { code, stderr } = await here.run('album', 'add', 'Once', ids[0]!, '4711');
    expect(code).toBe(1);
    expect(stderr).toContain('There is no photo with the number 4711');
    expect(await albums()).toEqual([['Once', 0]]);
  });
});
