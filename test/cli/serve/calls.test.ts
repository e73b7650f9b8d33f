import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Dispatch } from '../../../core/api/dispatcher.ts';
import { rawRequest, runningServer, type RunningServer } from './running-server.ts';

const dispatch = vi.fn<Dispatch>((noun, verb, params) => Promise.resolve({ ok: true, value: { noun, verb, params } }));
let server: RunningServer;
beforeAll(async () => {
  server = await runningServer({ dispatch });
});
afterAll(() => server.close());

const call = (name: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.url}api/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}', ...init });
const typed = (type: string): RequestInit => ({ headers: { 'content-type': type } });
const mebibyte = 1024 * 1024;

describe('a call', () => {
  it('reaches the dispatcher with its name and parameters, and is answered by the outcome', async () => {
    const answer = await call('library.rate', { body: '{"ids":[1],"rating":5}' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await answer.json()).toEqual({ ok: true, value: { noun: 'library', verb: 'rate', params: { ids: [1], rating: 5 } } });
  });

  it('that fails is answered as well: the failure is no error of HTTP', async () => {
    const failure = { code: 'not-found', message: 'There is no such photo.' } as const;
    dispatch.mockResolvedValueOnce({ ok: false, failure });
    const answer = await call('library.show');
    expect([answer.status, await answer.json()]).toEqual([200, { ok: false, failure }]);
  });

  it('may have no body when it has no parameters', async () => {
    const answer = await call('host.about', { body: '' });
    expect(await answer.json()).toMatchObject({ value: { params: {} } });
  });

  it('keeps every letter', async () => {
    const text = 'Grüße, 写真, 😀 \u0000\u2028';
    const answer = await call('album.create', { body: JSON.stringify({ name: text }) });
    expect(await answer.json()).toMatchObject({ value: { params: { name: text } } });
  });

  it.each([
    '',
    'host',
    'host.',
    '.about',
    'host.about.more',
    'host/about',
    'host.about/',
    'host.a-b',
    'host.%61bout',
    '__proto__.x',
  ])('is none by the name "%s"', async (name) => {
    dispatch.mockClear();
    const { status } = await rawRequest(server.port, {
      method: 'POST',
      target: `/${server.token}/api/${name}`,
      headers: { 'content-type': 'application/json', 'content-length': '2' },
      body: '{}',
    });
    expect(status).toBe(404);
    expect(dispatch).not.toHaveBeenCalled();
  });
});

describe('the content type', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset=UTF-8'])(
    'may be %s',
    async (type) => {
      expect((await call('host.about', typed(type))).status).toBe(200);
    },
  );

  // The first three are all that a form of another page can send without asking.
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'text/json',
    'application/json+x',
    'x, application/json',
  ])('may not be %s', async (type) => {
    dispatch.mockClear();
    expect((await call('host.about', typed(type))).status).toBe(415);
    expect(dispatch).not.toHaveBeenCalled();
  });
});

describe('the body', () => {
  it.each(['{', '{"a":1,}', "{'a':1}", 'undefined', 'NaN', '{} {}'])('is refused when it is %j', async (body) => {
    dispatch.mockClear();
    expect((await call('host.about', { body })).status).toBe(400);
    expect(dispatch).not.toHaveBeenCalled();
  });

  it('is refused when it is no UTF-8', async () => {
    expect((await call('host.about', { body: Buffer.from('{"a":"\xff"}', 'latin1') })).status).toBe(400);
  });

  it('may be 8 MiB and not a byte more', async () => {
    const largest = `"${'x'.repeat(8 * mebibyte - 2)}"`;
    expect((await call('host.about', { body: largest })).status).toBe(200);
    dispatch.mockClear();
    const { status } = await rawRequest(server.port, {
      method: 'POST',
      target: `/${server.token}/api/host.about`,
      headers: { 'content-type': 'application/json', 'content-length': String(8 * mebibyte + 1) },
    });
    expect(status).toBe(413);
    expect(dispatch).not.toHaveBeenCalled();
  });

  it('is not read on for ever when it does not tell how long it is', async () => {
    dispatch.mockClear();
    const socket = connect(server.port, '127.0.0.1');
    // The server ends the connection in the middle of what is being sent.
    socket.on('error', () => undefined);
    let answer = '';
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    const head = [
      `POST /${server.token}/api/host.about HTTP/1.1`,
      `host: 127.0.0.1:${String(server.port)}`,
      'content-type: application/json',
      'transfer-encoding: chunked',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const piece = `${mebibyte.toString(16)}\r\n${' '.repeat(mebibyte)}\r\n`;
    let sent = 0;
    while (!socket.destroyed && sent < 64) {
      sent += 1;
      if (!socket.write(piece)) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    }
    await closed;
    expect(sent).toBeLessThan(64);
    expect(answer === '' ? '413' : answer.split(' ')[1]).toBe('413');
    expect(dispatch).not.toHaveBeenCalled();
  });

  it('that is cut off makes no call, and is nobody’s fault', async () => {
    dispatch.mockClear();
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      `POST /${server.token}/api/host.about HTTP/1.1\r\nhost: 127.0.0.1:${String(server.port)}\r\n` +
        'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":',
    );
    await once(socket, 'connect');
    socket.destroy();
    // The server has seen the end when it has answered the next request.
    expect((await call('host.about')).status).toBe(200);
    await vi.waitFor(() => expect(dispatch).toHaveBeenCalledTimes(1));
    expect(server.troubles).toEqual([]);
  });
});
