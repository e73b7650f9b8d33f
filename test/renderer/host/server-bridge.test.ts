import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Reach } from '../../../renderer/host/bridge.ts';
import { serverBridge } from '../../../renderer/host/server-bridge.ts';

/** A WebSocket whose other side is the test. */
class FakeSocket extends EventTarget {
  static readonly all: FakeSocket[] = [];
  readonly url: string;
  closed = false;

  constructor(url: URL) {
    super();
    this.url = url.href;
    FakeSocket.all.push(this);
  }

  static get last(): FakeSocket {
    return FakeSocket.all.at(-1)!;
  }

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data: typeof data === 'string' ? data : JSON.stringify(data) }));
  }

  lose(): void {
    this.dispatchEvent(new Event('error'));
    this.dispatchEvent(new Event('close'));
  }

  close(): void {
    this.closed = true;
    this.dispatchEvent(new Event('close'));
  }
}

const base = new URL('http://127.0.0.1:4321/token/');
const fetched = vi.fn<typeof fetch>();

beforeEach(() => {
  FakeSocket.all.length = 0;
  fetched.mockReset();
  vi.stubGlobal('WebSocket', FakeSocket);
  vi.stubGlobal('fetch', fetched);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('calls', () => {
  test('go by POST below the address of the page, and come back as their outcome', async () => {
    fetched.mockResolvedValue(Response.json({ ok: true, value: { changed: 2 } }));
    const outcome = await serverBridge(base).send('library', 'rate', { ids: [1, 2], rating: 5 });
    expect(outcome).toEqual({ ok: true, value: { changed: 2 } });
    const [url, init] = fetched.mock.calls[0]!;
    expect(url).toEqual(new URL('http://127.0.0.1:4321/token/api/library.rate'));
    expect(init).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } });
    expect(init?.body).toBe('{"ids":[1,2],"rating":5}');
  });

  test('bring failures back as they are', async () => {
    const failure = { code: 'not-found', message: 'There is no such photo.' };
    fetched.mockResolvedValue(Response.json({ ok: false, failure }));
    expect(await serverBridge(base).send('library', 'show', { id: 1 })).toEqual({ ok: false, failure });
  });

  test('that nobody answers all fail alike, and as no error of their own', async () => {
    fetched.mockRejectedValue(new TypeError('Failed to fetch'));
    const { send } = serverBridge(base);
    const outcomes = await Promise.all([send('host', 'about', {}), send('queue', 'status', {}), send('library', 'roots', {})]);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(outcomes[0]).toMatchObject({ ok: false, failure: { code: 'cancelled', retry: true } });
  });

  test('that were on their way when the program ended fail too', async () => {
    const cut = new ReadableStream({
      start: (controller) => {
        controller.error(new TypeError('network error'));
      },
    });
    fetched.mockResolvedValue(new Response(cut));
    expect(await serverBridge(base).send('host', 'about', {})).toMatchObject({ failure: { code: 'cancelled' } });
  });

  test.each([
    '',
    '<html>',
    'null',
    '[]',
    '{"ok":true',
    '{"ok":"yes"}',
    '{"ok":false,"failure":{"code":"new-code","message":"x"}}',
  ])('answered by %j are a fault that is told', async (text) => {
    fetched.mockResolvedValue(new Response(text, { status: 403 }));
    expect(await serverBridge(base).send('host', 'about', {})).toMatchObject({ ok: false, failure: { code: 'internal' } });
  });
});

describe('news', () => {
  test('are listened to from the first listener to the last', () => {
    const bridge = serverBridge(base);
    expect(FakeSocket.all).toHaveLength(0);
    const first = bridge.listen(() => undefined);
    const second = bridge.listen(() => undefined);
    expect(FakeSocket.all.map(({ url }) => url)).toEqual(['ws://127.0.0.1:4321/token/events']);
    first();
    first();
    expect(FakeSocket.last.closed).toBe(false);
    second();
    expect(FakeSocket.last.closed).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });

  test('reach every listener; what is no news of this version reaches none', () => {
    const bridge = serverBridge(base);
    const [one, other] = [vi.fn(), vi.fn()];
    bridge.listen(one);
    bridge.listen(other);
    for (const nonsense of [
      '',
      '{',
      'null',
      '{"event":7}',
      '{"event":"constructor","value":1}',
      '{"event":"unheard-of","value":1}',
    ])
      FakeSocket.last.say(nonsense);
    FakeSocket.last.say({ event: 'scan', value: { running: true, found: 3 } });
    expect(one.mock.calls).toEqual([['scan', { running: true, found: 3 }]]);
    expect(other.mock.calls).toEqual(one.mock.calls);
  });
});

describe('the connection', () => {
  test('is there until it is lost, and again when it is back', () => {
    const bridge = serverBridge(base);
    const seen: Reach[] = [];
    bridge.onConnection((reach) => seen.push(reach));
    bridge.listen(() => undefined);
    FakeSocket.last.open();
    expect(seen).toEqual(['there']);
    FakeSocket.last.lose();
    expect(seen).toEqual(['there', 'lost']);
    vi.advanceTimersByTime(250);
    FakeSocket.last.open();
    expect(seen).toEqual(['there', 'lost', 'there']);
  });

  test('is tried again after 250 ms, then ever later, at most every 5 s, and from the start once it was back', () => {
    serverBridge(base).listen(() => undefined);
    const waits = [250, 500, 1000, 2000, 4000, 5000, 5000];
    for (const [index, waitMs] of waits.entries()) {
      FakeSocket.last.lose();
      vi.advanceTimersByTime(waitMs - 1);
      expect(FakeSocket.all).toHaveLength(index + 1);
      vi.advanceTimersByTime(1);
      expect(FakeSocket.all).toHaveLength(index + 2);
    }
    FakeSocket.last.open();
    FakeSocket.last.lose();
    vi.advanceTimersByTime(250);
    expect(FakeSocket.all).toHaveLength(waits.length + 2);
  });

  test('is gone for good when a server answers that does not know the address, and is not tried any more', async () => {
    const bridge = serverBridge(base);
    const seen: Reach[] = [];
    bridge.onConnection((reach) => seen.push(reach));
    bridge.listen(() => undefined);
    FakeSocket.last.open();
    fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    FakeSocket.last.lose();
    await vi.advanceTimersByTimeAsync(250);
    fetched.mockResolvedValue(new Response('Not Found', { status: 404 }));
    FakeSocket.last.lose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen).toEqual(['there', 'lost', 'gone']);
    expect(fetched.mock.calls.map(([url, init]) => [(url as URL).href, init?.method])).toEqual([
      [base.href, 'HEAD'],
      [base.href, 'HEAD'],
    ]);
    expect(FakeSocket.all).toHaveLength(2);
    expect(await bridge.send('host', 'about', {})).toMatchObject({ failure: { code: 'cancelled' } });
  });

  test.each([
    ['nobody answers', () => Promise.reject(new TypeError('Failed to fetch')), 'lost'],
    ['somebody answers who does not know the page', () => Promise.resolve(new Response('', { status: 404 })), 'gone'],
  ])('is judged by the first call already when %s', async (_, answer, reach) => {
    fetched.mockImplementation(answer);
    const bridge = serverBridge(base);
    expect(await bridge.send('host', 'about', {})).toMatchObject({ failure: { code: 'cancelled' } });
    const watcher = vi.fn();
    bridge.onConnection(watcher);
    expect(watcher.mock.calls).toEqual([[reach]]);
  });

  test('tells nobody who has stopped watching', () => {
    const bridge = serverBridge(base);
    const watcher = vi.fn();
    bridge.onConnection(watcher)();
    bridge.listen(() => undefined);
    FakeSocket.last.lose();
    expect(watcher.mock.calls).toEqual([['there']]);
  });
});

test('pictures have an address below that of the page', () => {
  expect(serverBridge(base).mediaUrl('thumbnail/12?v=a')).toBe('http://127.0.0.1:4321/token/media/thumbnail/12?v=a');
});

test('a browser does not tell where dropped files lie', async () => {
  expect(await serverBridge(base).grantDropped([new File([], 'a.jpg')])).toBeNull();
});
