import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readPageFiles } from '../../../core/host/page-files.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const folders = temporaryFolder('page-files');
const built = (...names: string[]): string => {
  const folder = folders.fresh();
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
  return folder;
};

it('knows every file of the page by its address, with its type, and whether its name tells its content', async () => {
  const files = await readPageFiles(
    built('index.html', 'assets/index-4f2a.js', 'assets/index-9c.css', 'assets/icon-1.svg', 'assets/deep/er-2.woff2'),
  );
  expect(Object.fromEntries([...files].map(([name, { type, immutable }]) => [name, [type, immutable]]))).toEqual({
    '/index.html': ['text/html; charset=utf-8', false],
    '/assets/index-4f2a.js': ['text/javascript; charset=utf-8', true],
    '/assets/index-9c.css': ['text/css; charset=utf-8', true],
    '/assets/icon-1.svg': ['image/svg+xml', true],
    '/assets/deep/er-2.woff2': ['font/woff2', true],
  });
  for (const [name, { bytes }] of files) expect(`/${new TextDecoder().decode(bytes)}`).toBe(name);
});

it('leaves out what is no part of a page, and everything that leads out of it', async () => {
  const folder = built('index.html', 'stamp', 'assets/index-1.js.map', 'notes.txt');
  const outside = built('secret.html');
  symlinkSync(join(outside, 'secret.html'), join(folder, 'secret.html'));
  symlinkSync(outside, join(folder, 'outside'));
  expect([...(await readPageFiles(folder)).keys()]).toEqual(['/index.html']);
});

it('is no page without its first file', async () => {
  await expect(readPageFiles(built('assets/index-1.js'))).rejects.toThrow('There is no page in');
  await expect(readPageFiles(join(folders.path, 'nowhere'))).rejects.toThrow('ENOENT');
});
