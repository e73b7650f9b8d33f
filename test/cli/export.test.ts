import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOutPng, greyJpeg, phoneJpeg, type PhotoSize } from '../fixtures/photos.ts';
import { libraryHere, ofType, type LibraryHere } from './library-here.ts';

const phone = (folder: string, size: PhotoSize): Promise<string> => phoneJpeg(folder, 6, size);

let here: LibraryHere;
beforeAll(async () => {
  here = await libraryHere([cutOutPng, greyJpeg, phone], { width: 64, height: 48 });
  await here.json('library', 'add', 'photos');
  await here.json('queue', 'add', '--query', 'photos');
  await here.lines(0, 'queue', 'run');
});
afterAll(() => here.remove());

const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(here.root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(here.root.length + 1))
    .sort();

describe('enlarger export', () => {
  it('exports nothing that was not accepted', async () => {
    const { code, stderr } = await here.run('export', '--out', 'none');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('Nothing is accepted yet');
    await expect(readdir(join(here.root, 'none'))).rejects.toThrow('ENOENT');
    await here.json('review', 'accept', '--all');
  });

  it('writes accepted results, and prints no line of a network', async () => {
    const before = await here.originals();
    const lines = await here.lines(0, 'export', '--out', 'out');
    expect(lines.map(({ type }) => type)).toEqual(['done', 'done', 'done', 'summary']);
    expect(ofType(lines, 'done').every(({ cached, width, height }) => cached && width === 128 && height === 96)).toBe(true);
    expect(await filesIn('out')).toEqual(['out/cut-out.png', 'out/grey.jpg', 'out/phone-6.jpg']);
    for (const { output } of ofType(lines, 'done')) {
      const { width, height } = await sharp(await readFile(output)).metadata();
      expect([output, width, height]).toEqual([output, 128, 96]);
    }
    expect(await here.json('library', 'list', '--state', 'exported')).toHaveLength(3);
    expect(await here.originals()).toEqual(before);
  });

  it('makes each file once, however often it is asked for, and again when it is gone', async () => {
    const again = await here.lines(0, 'export', '--out', 'out');
    expect(again.map(({ type }) => type)).toEqual(['skipped', 'skipped', 'skipped', 'summary']);
    expect(await filesIn('out')).toHaveLength(3);
    await rm(join(here.root, 'out', 'grey.jpg'));
    expect(ofType(await here.lines(0, 'export', '--out', 'out'), 'done')).toHaveLength(1);
    expect(await filesIn('out')).toEqual(['out/cut-out.png', 'out/grey.jpg', 'out/phone-6.jpg']);
  });

  it('takes photos by number or album, and every setting', async () => {
    const [{ id }] = (await here.json('library', 'list', '--query', 'phone')) as [{ id: number }];
    const settings = ['--format', 'jpeg', '--quality', '60', '--long-side', '100', '--template', '{date}/{name} x{scale} {n}'];
    const lines = await here.lines(0, 'export', String(id), '--out', 'shaped', '--strip', 'gps', '--dpi', '300', ...settings);
    expect(ofType(lines, 'done')).toMatchObject([{ width: 100, height: 75 }]);
    const [file] = await filesIn('shaped');
    expect(file).toBe('shaped/2024-06-21/phone-6 x2 1.jpg');
    const { width, height, format, density } = await sharp(await readFile(join(here.root, file!))).metadata();
    expect([width, height, format, density]).toEqual([100, 75, 'jpeg', 300]);
    await here.json('album', 'create', 'Greys');
    await here.json('album', 'add', 'Greys', String((await here.json('library', 'list', '--query', 'grey'))[0]?.['id']));
    await here.lines(0, 'export', '--album', 'Greys', '--out', 'album', '--template', '{album}-{name}');
    expect(await filesIn('album')).toEqual(['album/Greys-grey.jpg']);
  });

  it.each([
    ['rename', 'done', ['taken/grey (1).jpg', 'taken/grey.jpg'], 'somebody’s'],
    ['skip', 'skipped', ['taken/grey.jpg'], 'somebody’s'],
    ['overwrite', 'done', ['taken/grey.jpg'], null],
  ])('meets another file of the name with %s', async (policy, type, files, content) => {
    await rm(join(here.root, 'taken'), { recursive: true, force: true });
    await here.lines(0, 'export', '--album', 'Greys', '--out', 'taken', '--quality', '50');
    const path = join(here.root, 'taken', 'grey.jpg');
    await writeFile(path, 'somebody’s');
    const lines = await here.lines(0, 'export', '--album', 'Greys', '--out', 'taken', '--quality', '51', '--on-conflict', policy);
    expect(lines[0]).toMatchObject({ type });
    expect(await filesIn('taken')).toEqual(files);
    const kept = await readFile(path, 'utf8');
    expect(kept === content || (content === null && kept !== 'somebody’s')).toBe(true);
  });

  it('never replaces an original, not even when it is told to overwrite', async () => {
    const before = await here.originals();
    const lines = await here.lines(1, 'export', '--album', 'Greys', '--out', 'photos', '--on-conflict', 'overwrite');
    expect(ofType(lines, 'failed')).toMatchObject([{ input: join(here.photos, 'grey.jpg'), code: 'conflict' }]);
    expect(await here.originals()).toEqual(before);
    const renamed = await here.lines(0, 'export', '--album', 'Greys', '--out', 'photos');
    expect(ofType(renamed, 'done')).toMatchObject([{ output: join(here.photos, 'grey (1).jpg') }]);
  });

  it('fails with a sentence where nothing can be written', async () => {
    await writeFile(join(here.root, 'a-file'), '');
    const lines = await here.lines(1, 'export', '--album', 'Greys', '--out', 'a-file');
    expect(ofType(lines, 'failed')).toMatchObject([{ code: 'not-writable' }]);
  });
});
