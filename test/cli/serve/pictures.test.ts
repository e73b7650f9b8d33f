import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import type { Media } from '../../../core/api/media.ts';
import { rawRequest, runningServer, type RunningServer } from './running-server.ts';

let server: RunningServer | null = null;
afterEach(() => server?.close());
const serving = async (media: Media): Promise<RunningServer> => (server = await runningServer({ media }));

it('a picture is asked for by its path and query, and answered as the handler says', async () => {
  const media = vi.fn<Media>(() =>
    Promise.resolve(
      new Response(new Uint8Array([1, 2, 3]), {
        headers: { 'content-type': 'image/webp', etag: '"k"', 'cache-control': 'private, no-cache' },
      }),
    ),
  );
  const { url } = await serving(media);
  const answer = await fetch(`${url}media/original/7/2/1_3?v=k`, { headers: { 'if-none-match': '"old"', cookie: 'a=b' } });
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from([1, 2, 3]));
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/webp',
    'content-length': '3',
    etag: '"k"',
    'cache-control': 'private, no-cache',
  });
  const request = media.mock.calls[0]![0];
  const asked = new URL(request.url);
  expect([asked.pathname, asked.search]).toEqual(['/original/7/2/1_3', '?v=k']);
  // Nothing else of the request is the handler's business.
  expect(Object.fromEntries(request.headers)).toEqual({ 'if-none-match': '"old"' });
});

it('a picture that the browser has is not sent again', async () => {
  const { url } = await serving(() => Promise.resolve(new Response(null, { status: 304, headers: { etag: '"k"' } })));
  const answer = await fetch(`${url}media/thumbnail/1`, { headers: { 'if-none-match': '"k"' } });
  expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([304, null, '']);
});

it('HEAD tells how large it is', async () => {
  const { port, token } = await serving((request) => {
    expect(request.method).toBe('HEAD');
    return Promise.resolve(new Response(null, { headers: { 'content-length': '1234', 'content-type': 'image/jpeg' } }));
  });
  const answer = await rawRequest(port, { method: 'HEAD', target: `/${token}/media/thumbnail/1` });
  expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([200, '1234', '']);
});

it('a client that goes away takes its tile with it', async () => {
  const begun = Promise.withResolvers<AbortSignal>();
  const { port, token, troubles } = await serving(async ({ signal }) => {
    begun.resolve(signal);
    await once(signal, 'abort');
    return new Response('too late');
  });
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET /${token}/media/original/1/0/0_0 HTTP/1.1\r\nhost: 127.0.0.1:${String(port)}\r\n\r\n`);
  const signal = await begun.promise;
  expect(signal.aborted).toBe(false);
  socket.destroy();
  await vi.waitFor(() => expect(signal.aborted).toBe(true));
  expect(troubles).toEqual([]);
});

it('a tile that was sent is not given up', async () => {
  let signal: AbortSignal | null = null;
  const { url } = await serving((request) => {
    signal = request.signal;
    return Promise.resolve(new Response('tile'));
  });
  for (let again = 0; again < 3; again += 1) {
    await (await fetch(`${url}media/thumbnail/1`)).text();
    expect(signal).toMatchObject({ aborted: false });
  }
});

it('an error that no handler may throw is told, and ends that request alone', async () => {
  const { url, troubles } = await serving(() => Promise.reject(new Error('a defect')));
  await expect(fetch(`${url}media/thumbnail/1`)).rejects.toThrow('fetch failed');
  expect(troubles).toEqual([new Error('a defect')]);
  expect((await fetch(url)).status).toBe(200);
});
