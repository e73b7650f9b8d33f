import { beforeEach, expect, test, vi } from 'vitest';
import { createDialogs } from '../../electron/dialogs.ts';
import { wordsOf } from '../../electron/words/words.ts';
import { app, BrowserWindow, dialog } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
app.isReady = true;

const window = new BrowserWindow({});
const dialogs = createDialogs(
  () => window as never,
  () => wordsOf('de'),
);

beforeEach(() => {
  dialog.opened.length = 0;
});

test('photos: several, of the kinds that can be read, or any', async () => {
  dialog.answers.open = ['/trip/a.jpg', '/trip/b.heic'];
  expect(await dialogs.choose('photos')).toEqual(['/trip/a.jpg', '/trip/b.heic']);
  const [{ parent, options } = { parent: null, options: {} }] = dialog.opened;
  expect(parent).toBe(window);
  expect(options.title).toBe('Fotos hinzufügen');
  expect(options.properties).toEqual(['openFile', 'multiSelections']);
  expect(options.filters?.[0]?.extensions).toEqual(expect.arrayContaining(['jpg', 'heic', 'avif', 'tiff']));
  expect(options.filters?.[1]?.extensions).toEqual(['*']);
});

test('a folder, which may be made there', async () => {
  dialog.answers.open = ['/export'];
  expect(await dialogs.choose('folder')).toEqual(['/export']);
  expect(dialog.opened[0]?.options.properties).toEqual(['openDirectory', 'createDirectory']);
});

test('each begins where the last choice was made, the first among the pictures', async () => {
  const fresh = createDialogs(
    () => null,
    () => wordsOf('en'),
  );
  dialog.answers.open = ['/trip/a.jpg'];
  await fresh.choose('photos');
  dialog.answers.open = ['/export'];
  await fresh.choose('folder');
  dialog.answers.open = [];
  expect(await fresh.choose('photos')).toEqual([]);
  await fresh.choose('photos');
  expect(dialog.opened.map(({ options }) => options.defaultPath)).toEqual(['/fake/pictures', '/trip', '/export', '/export']);
  expect(dialog.opened.every(({ parent }) => parent === null)).toBe(true);
});
