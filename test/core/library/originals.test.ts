import { link, mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { libraryOriginals, type LibraryOriginals } from '../../../core/library/originals.ts';
import { createScanner } from '../../../core/library/scan.ts';

let root: string;
let photos: string;
let catalog: Catalog;
let originals: LibraryOriginals;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'enlarger-originals-')));
  photos = join(root, 'photos');
  await mkdir(join(photos, 'empty'), { recursive: true });
  await mkdir(join(root, 'out'));
  for (const name of ['Zoë.jpg', 'b.jpg']) await writeFile(join(photos, name), name);
  catalog = openCatalog({ path: ':memory:' });
  await createScanner(catalog).add([photos], { recursive: true, watch: false });
  originals = libraryOriginals(catalog);
});
afterEach(async () => {
  catalog.close();
  await rm(root, { recursive: true, force: true });
});

describe('the originals of a library', () => {
  it('are reached by their path in any spelling', async () => {
    for (const name of ['Zoë.jpg', 'Zoe\u0308.jpg', 'zoë.JPG', 'B.jpg'])
      expect(await originals.reaches(join(photos, name))).toBe(true);
    for (const path of [join(photos, 'c.jpg'), join(root, 'out', 'b.jpg'), join(root, 'none', 'b.jpg')])
      expect(await originals.reaches(path)).toBe(false);
  });

  it('are reached through links of every kind', async () => {
    await symlink(photos, join(root, 'linked'));
    await symlink(join(photos, 'b.jpg'), join(root, 'out', 'soft.jpg'));
    await link(join(photos, 'b.jpg'), join(root, 'out', 'hard.jpg'));
    for (const path of ['linked/b.jpg', 'linked/new-name/../b.jpg', 'out/soft.jpg', 'out/hard.jpg'])
      expect([path, await originals.reaches(join(root, path))]).toEqual([path, true]);
    expect(await originals.reaches(join(root, 'linked', 'c.jpg'))).toBe(false);
  });

  it('are not what lies now where one was', async () => {
    await rename(join(photos, 'b.jpg'), join(root, 'out', 'b.jpg'));
    await createScanner(catalog).scan();
    expect(await originals.reaches(join(root, 'out', 'c.jpg'))).toBe(false);
  });

  it('lie in their own folders alone', async () => {
    await symlink(photos, join(root, 'linked'));
    expect(await originals.lieIn(photos)).toBe(true);
    expect(await originals.lieIn(join(root, 'linked'))).toBe(true);
    for (const folder of ['photos/empty', 'out', 'none', '.']) expect(await originals.lieIn(join(root, folder))).toBe(false);
  });
});
