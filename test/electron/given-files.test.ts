import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { givenPaths, receiveGivenFiles } from '../../electron/given-files.ts';
import { app, fakeEvent } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'enlarger-given-')));
const photo = join(folder, 'a b é.jpg');
writeFileSync(photo, '');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const noArguments = ['/usr/bin/enlarger'];
beforeEach(() => {
  process.argv = noArguments;
  app.removeAllListeners();
});

describe('among arguments', () => {
  test.each([
    ['a path', [photo], [photo]],
    ['a relative path', ['a b é.jpg'], [photo]],
    ['a folder', ['.'], [folder]],
    ['an address', [pathToFileURL(photo).href], [photo]],
    ['several', [photo, folder], [photo, folder]],
    ['a switch', ['--library=x', '-psn_0_1', photo], [photo]],
    ['nothing', [], []],
    ['nothing at all', [''], []],
    ['what is not there', ['gone.jpg', '/none/gone.jpg', 'file:///none/gone.jpg'], []],
    ['a file of another computer', ['file://server/share/a.jpg'], []],
    ['an address of the web', ['https://example.com/a.jpg', 'enlarger://app/index.html'], []],
    ['a broken address', ['file:%'], []],
  ])('%s', (_name, args, expected) => {
    expect(givenPaths(args, folder)).toEqual(expected);
  });
});

test('the first start has them for its library', () => {
  process.argv = ['/usr/bin/enlarger', '--no-sandbox', photo];
  const given = receiveGivenFiles();
  expect(given.isFirst).toBe(true);
  const heard: unknown[] = [];
  given.onGiven((paths) => void heard.push(paths));
  expect(heard).toEqual([[photo]]);
});

test('a second start hands them over, and ends', () => {
  app.hasLock = false;
  process.argv = ['/usr/bin/enlarger', photo];
  expect(receiveGivenFiles().isFirst).toBe(false);
  expect(app.lockData).toEqual({ paths: [photo] });
  app.hasLock = true;
});

test('the first start takes what the second hands over', () => {
  const given = receiveGivenFiles();
  const heard: unknown[] = [];
  given.onGiven((paths) => void heard.push(paths));
  app.emit('second-instance', {}, ['enlarger', '--flag'], '/somewhere', { paths: [photo] });
  app.emit('second-instance', {}, ['enlarger'], '/somewhere', { paths: [] });
  expect(heard).toEqual([[photo], []]);
});

test.each([undefined, null, {}, [], { paths: 'x' }, { paths: [1] }, 'x'])(
  'a second start that says %j only wants to see the window',
  (handed) => {
    const given = receiveGivenFiles();
    const heard: unknown[] = [];
    given.onGiven((paths) => void heard.push(paths));
    app.emit('second-instance', {}, [], '/', handed);
    expect(heard).toEqual([[]]);
  },
);

test('what macOS opens before the library is there waits for it', () => {
  const given = receiveGivenFiles();
  const event = fakeEvent();
  app.emit('open-file', event, photo);
  app.emit('open-file', fakeEvent(), folder);
  expect(event.defaultPrevented).toBe(true);
  const heard: unknown[] = [];
  given.onGiven((paths) => void heard.push(paths));
  app.emit('open-file', fakeEvent(), photo);
  expect(heard).toEqual([[photo, folder], [photo]]);
});
