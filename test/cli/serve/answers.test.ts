import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawExchange, rawRequest, rawUpgrade, runningServer, type RawAnswer, type RunningServer } from './running-server.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await runningServer();
});
afterAll(() => server.close());

const ask = (target: string, more: Omit<Parameters<typeof rawRequest>[1], 'target'> = {}): Promise<RawAnswer> =>
  rawRequest(server.port, { target: `/${server.token}/${target}`, ...more });
const json = { 'content-type': 'application/json', 'content-length': '2' };

const kinds: readonly (readonly [kind: string, status: number, ask: () => Promise<RawAnswer>])[] = [
  ['the page', 200, () => ask('')],
  ['a file of the page', 200, () => ask('assets/index-4f2a.js')],
  ['a picture', 200, () => ask('media/thumbnail/1')],
  ['a call', 200, () => ask('api/host.about', { method: 'POST', headers: json, body: '{}' })],
  ['what is not there', 404, () => ask('nothing')],
  ['a wrong token', 404, () => rawRequest(server.port, { target: '/wrong/' })],
  ['a wrong name', 403, () => ask('', { headers: { host: 'rebound.example' } })],
  ['a wrong method', 405, () => ask('', { method: 'POST', headers: json, body: '{}' })],
  ['a wrong content type', 415, () => ask('api/host.about', { method: 'POST', headers: { 'content-length': '0' } })],
  ['a body that is no JSON', 400, () => ask('api/host.about', { method: 'POST', headers: json, body: '{,' })],
  [
    'a body that is too large',
    413,
    () => ask('api/host.about', { method: 'POST', headers: { ...json, 'content-length': '9000000' } }),
  ],
  ['the way to the page', 303, () => rawRequest(server.port, { target: `/${server.token}` })],
  ['a WebSocket refused', 404, () => rawUpgrade(server.port, '/wrong/events')],
  ['a request that is none', 400, () => rawExchange(server.port, 'nonsense\r\n\r\n')],
];

describe.each(kinds)('the answer to %s', (_kind, status, asked) => {
  it(`has status ${String(status)} and every protecting header`, async () => {
    const answer = await asked();
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      'content-security-policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(answer.headers['permissions-policy']).toMatch(/^([a-z-]+=\(\), )+[a-z-]+=\(\)$/);
    for (const name of Object.keys(answer.headers))
      expect(name).not.toMatch(/^(access-control-|server$|x-powered-by$|set-cookie$)/);
  });
});

describe('what may be kept', () => {
  it('are files that have a hash in their name, and nothing else', async () => {
    expect((await ask('assets/index-4f2a.js')).headers['cache-control']).toBe('private, max-age=31536000, immutable');
    for (const target of ['', 'index.html', 'nothing']) expect((await ask(target)).headers['cache-control']).toBe('no-store');
    const call = await ask('api/host.about', { method: 'POST', headers: json, body: '{}' });
    expect(call.headers['cache-control']).toBe('no-store');
  });
});

describe('methods', () => {
  it.each(['GET', 'HEAD'])('%s reads the page', async (method) => {
    const answer = await ask('', { method });
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.body).toBe(method === 'HEAD' ? '' : '<!doctype html><title>Enlarger</title>');
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(0);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s does nothing to pages and pictures',
    async (method) => {
      for (const target of ['', 'assets/index-4f2a.js', 'media/thumbnail/1']) {
        const answer = await ask(target, { method, headers: { 'content-length': '0' } });
        expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
      }
    },
  );

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s makes no call', async (method) => {
    const answer = await ask('api/host.about', { method, headers: json, body: '{}' });
    expect([answer.status, answer.headers['allow']]).toEqual([405, 'POST']);
  });

  it('CONNECT opens nothing', async () => {
    const answer = await rawExchange(
      server.port,
      `CONNECT example.org:443 HTTP/1.1\r\nhost: 127.0.0.1:${String(server.port)}\r\n\r\n`,
    );
    expect(answer).toMatchObject({ body: '', headers: {} });
  });
});
