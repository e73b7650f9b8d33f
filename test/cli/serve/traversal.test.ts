import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMedia } from '../../../core/api/media.ts';
import { readPageFiles } from '../../../core/host/page-files.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { rawRequest, runningServer, type RunningServer } from './running-server.ts';

const secret = 'nobody-may-read-this';
const folder = temporaryFolder('traversal');
let server: RunningServer;
beforeAll(async () => {
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(folder.of(name)), { recursive: true });
    writeFileSync(folder.of(name), text);
  };
  write('page/index.html', '<!doctype html>');
  write('page/assets/index-4f2a.js', 'export {};');
  write('page/stamp', secret);
  write('page/assets/index-4f2a.js.map', secret);
  write('page/.hidden', secret);
  write('secret.txt', secret);
  write('secret.html', secret);
  write('page-evil/index.html', secret);
  write('page.html', secret);
  symlinkSync(folder.of('secret.html'), folder.of('page/linked.html'));
  symlinkSync(folder.of('page-evil'), folder.of('page/linked'));
  const nothing = () => Promise.resolve(null);
  const media = createMedia({ thumbnail: nothing, original: nothing, result: nothing, preview: nothing });
  server = await runningServer({ files: await readPageFiles(folder.of('page')), media });
});
afterAll(() => server.close());

/** Ways to write `../`, from plain to what only some parser somewhere decodes. */
const ups = [
  '../',
  '..\\',
  '%2e%2e/',
  '%2E%2E%2F',
  '..%2f',
  '..%5c',
  '%252e%252e%252f',
  '%25252e%25252e%25252f',
  '..;/',
  '.%2e/',
  '....//',
  '..././',
  '%c0%ae%c0%ae%c0%af',
  '%uff0e%uff0e%u2215',
  '\u00ff..\u00ff/',
];
const climbing = ups.flatMap((up) => [
  `${up}secret.html`,
  `assets/${up}${up}secret.html`,
  `assets/${up}index.html/${up}${up}page-evil/index.html`,
]);
const others = [
  '//host/share/secret.html',
  '/\\host\\share\\secret.html',
  '\\\\host\\share\\secret.html',
  'C:/secret.html',
  'C:\\secret.html',
  'file:///secret.html',
  'index.html::$DATA',
  'index.html:secret',
  'index.html%00.txt',
  'index.html%00',
  'INDEX.HTML',
  'INDEX~1.HTM',
  'assets/INDEX-~1.JS',
  'index.html.',
  'index.html%20',
  'index.html/',
  './index.html',
  '/index.html',
  'assets//index-4f2a.js',
  'assets/./index-4f2a.js',
  'assets/',
  'assets',
  'stamp',
  'assets/index-4f2a.js.map',
  '.hidden',
  'linked.html',
  'linked/index.html',
  '-evil/index.html',
  '%2d%65vil/index.html',
  'constructor',
  '__proto__',
  'media/thumbnail/../../secret.html',
  'media/../index.html',
  'media/%2e%2e/thumbnail/1',
  'media/thumbnail/1/../2',
  'media//thumbnail/1',
  'media/original/1/0/0_0%2f..',
  'media/THUMBNAIL/1',
  'media/thumbnail/1;x',
  'media/',
  'api/../index.html',
];
const targets = [...climbing, ...others];

it('there are enough of them', () => {
  expect(new Set(targets).size).toBeGreaterThanOrEqual(60);
});

it.each(targets)('nothing lies at %j', async (name) => {
  const answer = await rawRequest(server.port, { target: `/${server.token}/${name}` });
  // With such letters in it, it is no request of HTTP.
  expect(answer.status).toBe(name.includes('\u00ff') ? 400 : 404);
  expect(answer.body).not.toContain(secret);
  expect(answer.body).not.toContain('<!doctype');
});

it('nor beside the token', async () => {
  for (const target of [
    `/${server.token}/../secret.html`,
    `/x/../${server.token}/`,
    `//${server.token}/`,
    `/${server.token}-evil/`,
    `/%2e/${server.token}/`,
  ])
    expect((await rawRequest(server.port, { target })).status).toBe(404);
});

it('while the page itself is there', async () => {
  for (const target of ['', 'index.html', 'assets/index-4f2a.js', '?x', 'index.html?..%2f'])
    expect((await rawRequest(server.port, { target: `/${server.token}/${target}` })).status).toBe(200);
});
