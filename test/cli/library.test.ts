import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOutPng, phoneJpeg, truncatedJpeg, webp } from '../fixtures/photos.ts';
import { libraryHere, type LibraryHere } from './library-here.ts';
import { runCli } from './run-cli.ts';

const phone = (folder: string, size: { width: number; height: number }): Promise<string> => phoneJpeg(folder, 6, size);

let here: LibraryHere;
beforeAll(async () => {
  here = await libraryHere([phone, cutOutPng, webp, truncatedJpeg], { width: 96, height: 64 });
  await writeFile(join(here.photos, 'letter.txt'), 'no photo');
  await mkdir(join(here.photos, 'deeper'));
  await copyFile(join(here.photos, 'photo.webp'), join(here.photos, 'deeper', 'copy.webp'));
});
afterAll(() => here.remove());

describe('enlarger library', () => {
  it('adds a folder, looks at each photo, and says what it found', async () => {
    const before = await here.originals();
    const { code, stdout, stderr } = await here.run('library', 'add', 'photos');
    expect([code, stdout], stderr).toEqual([0, '']);
    expect(stderr).toContain('5 photos added.');
    const [summary] = await here.json('library', 'add', here.photos);
    expect(summary).toMatchObject({ type: 'summary', files: 5, added: 0, unchanged: 5, failed: 0 });
    expect(await here.originals()).toEqual(before);
  });

  it('lists photos with exactly the agreed fields, and finds them by words, state and order', async () => {
    const all = await here.json('library', 'list');
    expect(all).toHaveLength(5);
    for (const photo of all) expect(Object.keys(photo)).toEqual(['id', 'path', 'width', 'height', 'takenAt', 'rating', 'state']);
    const phonePhoto = all.find(({ path }) => path === join(here.photos, 'phone-6.jpg'));
    expect(phonePhoto).toMatchObject({ width: 96, height: 64, takenAt: '2024-06-21T19:42:07', rating: 0, state: 'none' });
    const names = async (...args: string[]): Promise<unknown[]> =>
      (await here.json('library', 'list', ...args)).map(({ path }) => String(path).slice(here.photos.length + 1));
    expect(await names('--query', 'cut')).toEqual(['cut-out.png']);
    expect(await names('--query', 'deeper')).toEqual([join('deeper', 'copy.webp')]);
    expect(await names('--state', 'damaged')).toEqual(['truncated.jpg']);
    expect(await names('--sort', 'name', '--descending')).toEqual([
      'truncated.jpg',
      'photo.webp',
      'phone-6.jpg',
      'cut-out.png',
      join('deeper', 'copy.webp'),
    ]);
    const { stdout, stderr } = await here.run('library', 'list');
    expect(stdout.split('\n')[0]).toMatch(/^ID +SIZE +TAKEN +RATING +STATE +PATH$/);
    expect(stdout).toMatch(/\d+ +96 × 64 +2024-06-21 19:42 .*phone-6\.jpg/);
    expect(stderr).toBe('5 photos.\n');
  });

  it('shows a photo with what its metadata tells', async () => {
    const [{ id }] = (await here.json('library', 'list', '--query', 'phone')) as [{ id: number }];
    const [page] = await here.json('library', 'show', String(id));
    expect(page).toMatchObject({ id, facts: { format: 'jpeg', orientation: 6 }, albums: [], results: [] });
    const { stdout } = await here.run('library', 'show', String(id));
    expect(stdout).toMatch(/^taken +2024-06-21 19:42:07/m);
    const missing = await here.run('library', 'show', '4711');
    expect([missing.code, missing.stdout]).toEqual([1, '']);
    expect(missing.stderr).toContain('There is no photo with the number 4711.');
  });

  it('tells what was named and cannot be added, with code 1, and adds the rest', async () => {
    const { code, stdout } = await here.run('library', 'add', 'gone.jpg', join('photos', 'letter.txt'), 'photos', '--json');
    expect(code).toBe(1);
    const lines = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find(({ input }) => input === 'gone.jpg')).toMatchObject({ type: 'failed', code: 'not-found' });
    expect(lines.at(-1)).toMatchObject({ type: 'summary', unchanged: 5 });
  });

  it('knows a photo again under another name', async () => {
    const [{ id }] = (await here.json('library', 'list', '--query', 'cut')) as [{ id: number }];
    await rename(join(here.photos, 'cut-out.png'), join(here.photos, 'renamed.png'));
    expect((await here.json('library', 'add', 'photos')).at(-1)).toMatchObject({ added: 0, moved: 1 });
    expect(await here.json('library', 'list', '--query', 'renamed')).toMatchObject([{ id }]);
  });

  it('forgets photos without touching a file', async () => {
    const before = await here.originals();
    const [{ id }] = (await here.json('library', 'list', '--query', 'deeper')) as [{ id: number }];
    expect(await here.json('library', 'remove', String(id))).toEqual([{ changed: 1 }]);
    expect(await here.json('library', 'list', '--query', 'deeper')).toEqual([]);
    expect(await here.originals()).toEqual(before);
  });

  it('keeps a library that was named, and its cache, in its own folder', async () => {
    const args = ['--library', 'mine'];
    await here.json('library', 'add', join('photos', 'photo.webp'), ...args);
    expect(await here.json('library', 'list', ...args)).toHaveLength(1);
    expect((await readdir(join(here.root, 'mine'))).sort()).toEqual(['backups', 'cache', 'catalog.db']);
    expect(await here.json('cache', 'status', ...args)).toMatchObject([{ thumbnails: 1 }]);
  });

  it('is in the folder for data of applications when nothing is said', async () => {
    const env = { ENLARGER_LIBRARY: '', XDG_DATA_HOME: join(here.root, 'data'), ENLARGER_CACHE: here.env['ENLARGER_CACHE']! };
    if (process.platform !== 'linux') return;
    expect((await runCli(['album', 'list'], { env })).code).toBe(0);
    expect(await readdir(join(here.root, 'data', 'enlarger'))).toContain('catalog.db');
  });

  it('checks itself, makes backups, and offers one when it is damaged', async () => {
    expect(await here.json('library', 'check')).toMatchObject([{ ok: true, problems: [], photos: 4 }]);
    const [backup] = (await here.json('library', 'backup')) as [{ file: string; bytes: number }];
    expect((await readFile(backup.file)).length).toBe(backup.bytes);
    const catalog = join(here.env['ENLARGER_LIBRARY']!, 'catalog.db');
    await writeFile(catalog, Buffer.alloc(8192, 'x'));
    const refused = await here.run('library', 'list');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('library check --restore');
    expect(await readFile(catalog, 'latin1')).toBe('x'.repeat(8192));
    const restored = await here.run('library', 'check', '--restore');
    expect(restored.code, restored.stderr).toBe(0);
    expect(restored.stdout).toMatch(/The library is whole: 4 photos, \d+ backups\./);
    expect(await here.json('library', 'list')).toHaveLength(4);
  });

  it.each([
    [['library', 'add'], /missing required argument 'path'/],
    [['library', 'add', ''], /empty path/],
    [['library', 'list', '--state', 'done'], /--state takes none/],
    [['library', 'show', 'phone.jpg'], /no number of the library/],
    [['library', 'remove'], /missing required argument 'id'/],
    [['library', 'list', '--library', ''], /--library needs a value/],
    [['album', 'create'], /missing required argument 'name'/],
    [['queue', 'add'], /No photo was named/],
    [['queue', 'add', '1', '--scale', '3'], /--scale takes 1, 2 or 4/],
    [['queue', 'cancel', 'all'], /no number of the library/],
    [['review', 'accept'], /No photo was named/],
    [['review', 'reject', '1', '--all'], /takes no numbers/],
    [['export'], /--out/],
    [['export', '--out', 'x', '1', '--album', 'a'], /numbers or by --album/],
    [['cache', 'limit', '20'], /written like 500MB/],
  ])('%j is a wrong use, with code 2 and nothing done', async (args, sentence) => {
    const empty = join(here.root, 'never-made');
    const { code, stdout, stderr } = await runCli(args, { env: { ENLARGER_LIBRARY: empty, ENLARGER_CACHE: empty } });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(sentence);
    expect(stderr).toContain(`Usage: enlarger ${args[0] ?? ''}`);
    await expect(readdir(empty)).rejects.toThrow('ENOENT');
  });
});
