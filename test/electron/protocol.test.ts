import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMedia } from '../../core/api/media.ts';
import { readPageFiles } from '../../core/host/page-files.ts';
import { registerPageScheme, servePage } from '../../electron/protocol.ts';
import { app, protocol } from './fake-electron.ts';

vi.mock('electron', () => import('./fake-electron.ts'));

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html";

const secret = 'the secret of somebody else';
const home = mkdtempSync(join(tmpdir(), 'enlarger-page-'));
const folder = join(home, 'page');
const thumbnailBytes = new Uint8Array([1, 2, 3]);

const asked: string[] = [];
let mediaFails = false;
const media = createMedia({
  thumbnail: (id) =>
    Promise.resolve(id === 1 ? { key: 'k', read: () => Promise.resolve({ bytes: thumbnailBytes, type: 'image/jpeg' }) } : null),
  original: () => Promise.resolve(null),
  result: () => Promise.resolve(null),
  preview: () => Promise.resolve(null),
});

beforeAll(async () => {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  mkdirSync(`${folder}-evil`);
  for (const file of ['secret.txt', 'secret.html', 'page-evil/index.html']) writeFileSync(join(home, file), secret);
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'index-1.js'), 'export {};');
  writeFileSync(join(folder, 'stamp'), secret);
  writeFileSync(join(folder, '.env'), secret);
  symlinkSync(join(home, 'secret.html'), join(folder, 'link.html'));
  symlinkSync(home, join(folder, 'up'));
  registerPageScheme();
  servePage(await readPageFiles(folder), async (request) => {
    asked.push(request.url);
    if (mediaFails) throw new Error('the library is closed');
    return await media(request);
  });
});
beforeEach(() => {
  asked.length = 0;
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A request with the address and the method as they are: a `Request` of Node would parse the one and refuse some of the other. */
async function get(url: string, method = 'GET'): Promise<Response> {
  const handler = protocol.handlers.get('enlarger');
  const request = Object.defineProperties(new Request('enlarger://app/'), { url: { value: url }, method: { value: method } });
  return (await handler?.(request)) ?? Response.error();
}

describe('the scheme', () => {
  test('is registered before the program is ready, as a secure origin of its own that bypasses nothing', () => {
    expect(app.isReady).toBe(false);
    expect(protocol.schemes).toEqual([
      { scheme: 'enlarger', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true } },
    ]);
  });
  test('is the only one that is served', () => {
    expect([...protocol.handlers.keys()]).toEqual(['enlarger']);
  });
});

test.each([
  ['enlarger://app/index.html', 'text/html; charset=utf-8', '<!doctype html>'],
  ['enlarger://app/index.html?first=1', 'text/html; charset=utf-8', '<!doctype html>'],
  ['enlarger://app/assets/index-1.js', 'text/javascript; charset=utf-8', 'export {};'],
])('%s is a file of the page', async (url, type, text) => {
  const answer = await get(url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe(type);
  expect(await answer.text()).toBe(text);
  const head = await get(url, 'HEAD');
  expect(head.headers.get('content-type')).toBe(type);
  expect(await head.text()).toBe('');
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('%s changes nothing', async (method) => {
  const answer = await get('enlarger://app/index.html', method);
  expect(answer.status).toBe(405);
  expect(await answer.text()).toBe('');
});

test('pictures come from the media handler, by number', async () => {
  const answer = await get('enlarger://app/media/thumbnail/1?v=k');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('image/jpeg');
  expect(answer.headers.get('cache-control')).toContain('immutable');
  expect(new Uint8Array(await answer.arrayBuffer())).toEqual(thumbnailBytes);
  expect(asked).toEqual(['enlarger://app/thumbnail/1?v=k']);
});

test.each(['thumbnail/2', 'thumbnail/0', 'thumbnail/1/', 'original/1/info', 'result/9/0/0_0', 'nothing', ''])(
  'there is no picture %j',
  async (path) => {
    expect((await get(`enlarger://app/media/${path}`)).status).toBe(404);
  },
);

test('a library that fails is an answer, not an exception', async () => {
  mediaFails = true;
  expect((await get('enlarger://app/media/thumbnail/1')).status).toBe(500);
  mediaFails = false;
});

test.each([
  ['a page', 'enlarger://app/index.html', 'GET'],
  ['a script', 'enlarger://app/assets/index-1.js', 'GET'],
  ['a picture', 'enlarger://app/media/thumbnail/1', 'GET'],
  ['nothing', 'enlarger://app/nothing', 'GET'],
  ['no picture', 'enlarger://app/media/thumbnail/2', 'GET'],
  ['a refusal', 'enlarger://app/index.html', 'POST'],
])('%s has all the headers that keep a page in', async (_name, url, method) => {
  const { headers } = await get(url, method);
  expect(headers.get('content-security-policy')).toBe(policy);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
});

const outside = `${home.slice(1)}/secret.txt`;
const traversals = [
  ...[
    '../secret.txt',
    '../../secret.txt',
    '/../secret.txt',
    './../secret.txt',
    'assets/../../secret.txt',
    'assets/../../../etc/passwd',
  ],
  ...['%2e%2e/secret.txt', '%2e%2e%2fsecret.txt', '..%2fsecret.txt', '..%2Fsecret.txt', '.%2e/secret.txt', '%2e./secret.txt'],
  ...[
    '%252e%252e%252fsecret.txt',
    '%252e%252e/secret.txt',
    '..%252fsecret.txt',
    '%c0%ae%c0%ae/secret.txt',
    '%e0%80%ae%e0%80%ae/secret.txt',
  ],
  ...[
    '..\\secret.txt',
    '..%5csecret.txt',
    '..%5Csecret.txt',
    '%2e%2e%5csecret.txt',
    'assets\\..\\..\\secret.txt',
    '..%255csecret.txt',
  ],
  ...['/etc/passwd', '//etc/passwd', '///etc/passwd', `/${outside}`, `//${outside}`, `%2f${outside}`, `file:///${outside}`],
  ...[
    '//server/share/secret.txt',
    '\\\\server\\share\\secret.txt',
    '%5c%5cserver%5cshare',
    '//./C:/secret.txt',
    '//?/C:/secret.txt',
  ],
  ...['C:/secret.txt', 'C:\\secret.txt', 'c%3a/secret.txt', '/C:/Windows/win.ini', 'C:secret.txt'],
  ...[
    'index.html::$DATA',
    'secret.txt::$DATA',
    'index.html%3a%3a$DATA',
    'INDEX~1.HTM',
    'SECRET~1.TXT',
    'index.html.',
    'index.html%20',
  ],
  ...['index.html%00.js', '%00', '../secret.txt%00.html', 'index.html\0', 'assets/%00../../secret.txt'],
  ...[
    'link.html',
    'up/secret.txt',
    'up/secret.html',
    'up',
    'stamp',
    '.env',
    '../page-evil/index.html',
    '%2e%2e/page-evil/index.html',
  ],
  ...['media/../../secret.txt', 'media/%2e%2e/secret.txt', 'media/..%2f..%2fsecret.txt', 'media/thumbnail/../../secret.txt'],
  ...[
    'media//etc/passwd',
    'media/original/1/0/..%2f..%2fsecret',
    'assets',
    'assets/',
    '',
    '%',
    '%zz',
    'INDEX.HTML',
    'Index.html',
  ],
];

describe('ways out', () => {
  test('are at least sixty', () => {
    expect(traversals.length).toBeGreaterThanOrEqual(60);
  });
  test.each(traversals)('%j serves nothing from outside', async (path) => {
    const raw = `enlarger://app/${path}`;
    for (const url of new Set([raw, new URL(raw).href])) {
      const answer = await get(url);
      const text = await answer.text();
      expect(text).not.toContain(secret);
      expect(text).not.toContain('root:');
      // What the parser makes the page itself of, is the page itself; all else is not there.
      if (new URL(url).pathname !== '/index.html') expect(answer.status).toBe(404);
    }
  });
  test.each([
    'enlarger://evil/index.html',
    'enlarger://app.evil/index.html',
    'enlarger://app:80/index.html',
    'enlarger://u:p@app/index.html',
    'https://app/index.html',
    'enlarger:index.html',
    'enlarger:///index.html',
  ])('%s is no address of the page', async (url) => {
    expect((await get(url)).status).toBe(404);
  });
});
