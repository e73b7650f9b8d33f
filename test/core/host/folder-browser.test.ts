import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createGrants, type Grants } from '../../../core/api/grants.ts';
import { folderViewSchema } from '../../../core/api/host-views.ts';
import { createFolderBrowser, type FolderBrowser } from '../../../core/host/folder-browser.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const temporary = temporaryFolder('browser');
let space: string;
let data: string;
let grants: Grants;
let browser: FolderBrowser;

beforeEach(() => {
  space = temporary.fresh();
  data = join(space, 'data');
  for (const folder of ['data/2019/summer', 'data/2020', 'data/.hidden', 'data/@eaDir', 'data-evil/secret', 'outside'])
    mkdirSync(join(space, folder), { recursive: true });
  for (const file of ['data/a.JPG', 'data/b.heic', 'data/c.txt', 'data/.d.jpg', 'outside/e.jpg'])
    writeFileSync(join(space, file), 'x');
  grants = createGrants();
  browser = createFolderBrowser([data], grants);
});

const asRoot = process.getuid?.() === 0;
const refused = { code: 'not-found' };

describe('browsing', () => {
  it('begins with the roots, and shows folders in the order people count in, with a number of likely photos', async () => {
    for (const name of ['IMG 10', 'IMG 9']) mkdirSync(join(data, name));
    const start = await browser.browse(null);
    expect(start).toMatchObject({ folder: null, parents: [], folders: [{ name: 'data', path: data }], photos: 0 });
    const inside = await browser.browse(data);
    expect(folderViewSchema.parse(inside)).toEqual(inside);
    expect(inside).toMatchObject({ folder: { name: 'data' }, parents: [], photos: 2 });
    expect(inside.folders.map(({ name }) => name)).toEqual(['2019', '2020', 'IMG 9', 'IMG 10']);
    const below = await browser.browse(join(data, '2019', 'summer'));
    expect(below.parents.map(({ path }) => path)).toEqual([data, join(data, '2019')]);
  });

  it('issues words for exactly what it shows', async () => {
    const { folder, folders } = await browser.browse(data);
    for (const place of [folder!, ...folders]) expect(grants.resolve(place.grant)).toBe(place.path);
  });

  it.each([
    '..',
    '../data-evil',
    '../data-evil/secret',
    '../outside',
    '../outside/../data-evil',
    '2019/../..',
    '2019/../../outside',
    './../data-evil',
    '2019/summer/../../../data-evil',
    '../../../../../../etc',
    '../../../../../../proc/self/root',
    '/etc',
    '/proc/self/cwd',
    '/',
    '',
    'data-evil\0/../data',
    '2019\0',
    '\0',
    '..%2f..%2foutside',
    '%2e%2e/outside',
    '..\\outside',
    '....//outside',
    '2019/summer/nothing',
    'a.JPG',
    '../data-evil/',
    '~',
    'CON',
    'file:///etc',
  ])('reaches nothing outside of the roots by %j, whoever would have made a grant for it', async (name) => {
    const path = name.startsWith('/') ? name : data + sep + name;
    const answer = await browser.browse(name === '' ? `${data}/../` : path).catch((error: unknown) => error);
    expect(answer).toMatchObject(refused);
    expect(await browser.allows(path)).toBe(name === '' || name === 'a.JPG');
    await expect(browser.makeFolder(name === '' ? space : path, 'new')).rejects.toMatchObject(refused);
    expect(readdirSync(space).sort()).toEqual(['data', 'data-evil', 'outside']);
  });

  it('shows no link and follows none, neither out nor in a circle', async () => {
    symlinkSync(join(space, 'outside'), join(data, 'way-out'));
    symlinkSync(data, join(data, 'circle'));
    symlinkSync(join(space, 'outside', 'e.jpg'), join(data, 'e.jpg'));
    symlinkSync('self', join(data, 'self'));
    const { folders, photos } = await browser.browse(data);
    expect(folders.map(({ name }) => name)).toEqual(['2019', '2020']);
    expect(photos).toBe(2);
    await expect(browser.browse(join(data, 'way-out'))).rejects.toMatchObject(refused);
    await expect(browser.browse(join(data, 'self'))).rejects.toMatchObject(refused);
    await expect(browser.makeFolder(join(data, 'way-out'), 'new')).rejects.toMatchObject(refused);
    expect(await browser.allows(join(data, 'way-out'))).toBe(false);
    // What leads back inside is where it leads.
    expect((await browser.browse(join(data, 'circle'))).folder?.path).toBe(data);
  });

  it('takes a root that is a link for what it leads to, and the root of everything for everything', async () => {
    symlinkSync(data, join(space, 'link'));
    const linked = createFolderBrowser([join(space, 'link')], grants);
    expect((await linked.browse(null)).folders).toMatchObject([{ path: data }]);
    const all = createFolderBrowser([sep], grants);
    const { folder, parents } = await all.browse(data);
    expect(folder?.path).toBe(data);
    expect(parents[0]).toMatchObject({ name: sep, path: sep });
  });

  it('leaves out roots that are away, and shows them when they are back', async () => {
    const drive = join(space, 'drive');
    const two = createFolderBrowser([data, drive], grants);
    expect((await two.browse(null)).folders).toHaveLength(1);
    mkdirSync(drive);
    expect((await two.browse(null)).folders.map(({ path }) => path)).toEqual([data, drive]);
  });

  it('has nothing to show without roots', async () => {
    const none = createFolderBrowser([], grants);
    expect(await none.browse(null)).toEqual({ folder: null, parents: [], folders: [], photos: 0 });
    await expect(none.browse(data)).rejects.toMatchObject(refused);
    expect(await none.allows(join(space, 'outside'))).toBe(true);
  });

  it.skipIf(asRoot)('says of a folder that may not be read what is wrong with it', async () => {
    chmodSync(join(data, '2020'), 0);
    await expect(browser.browse(join(data, '2020'))).rejects.toMatchObject({ code: 'not-found', message: /may not read/ });
    chmodSync(join(data, '2020'), 0o755);
  });
});

describe('making a folder', () => {
  it('makes one of this very name, in any writing', async () => {
    for (const name of ['Sommer 2024', 'Лето', '夏', 'ü'.normalize('NFD'), 'a.b']) {
      const made = await browser.makeFolder(data, name);
      expect(made).toMatchObject({ name, path: join(data, name) });
      expect(statSync(grants.resolve(made.grant)).isDirectory()).toBe(true);
    }
  });

  it.each([
    ...['..', '.', '...', ' ', 'a/b', 'a\\b', '/etc', '../x', 'x/../../y', 'x\0', '\0', 'a\nb', '.hidden', 'Thumbs.db', '@eaDir'],
    ...['CON', 'nul', 'com1.x', 'a:b', 'a*', 'a?', 'a<b', 'a|b', '"', 'dot.', 'space ', 'x'.repeat(256), '夏'.repeat(90)],
  ])('refuses %j, and makes nothing', async (name) => {
    const before = readdirSync(space, { recursive: true }).sort();
    await expect(browser.makeFolder(data, name)).rejects.toMatchObject({ code: 'not-writable' });
    expect(readdirSync(space, { recursive: true }).sort()).toEqual(before);
  });

  it('takes nobody’s name', async () => {
    for (const name of ['2019', 'a.JPG'])
      await expect(browser.makeFolder(data, name)).rejects.toMatchObject({ code: 'conflict' });
  });
});
