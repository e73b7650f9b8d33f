import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { rawUpgrade, runningServer, type RunningServer } from './running-server.ts';

const scan = { running: true, found: 3 };
let server: RunningServer;
beforeEach(async () => {
  server = await runningServer({ states: { scan: () => scan } });
});
afterEach(() => server.close());

interface Page {
  readonly socket: WebSocket;
  readonly heard: unknown[];
}

const openPage = async (headers: Record<string, string> = {}): Promise<Page> => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}events`, { headers });
  const heard: unknown[] = [];
  socket.on('message', (data: Buffer) => heard.push(JSON.parse(data.toString())));
  await once(socket, 'open');
  return { socket, heard };
};

describe('a page', () => {
  it('hears the state of now first, then everything that happens', async () => {
    const { heard } = await openPage();
    await vi.waitFor(() => expect(heard).toEqual([{ event: 'scan', value: scan }]));
    server.events.emit('library', { changedIds: [7], listChanged: true });
    server.events.emit('scan', { running: false, found: 9 });
    await vi.waitFor(() => expect(heard).toHaveLength(3));
    expect(heard.slice(1)).toEqual([
      { event: 'library', value: { changedIds: [7], listChanged: true } },
      { event: 'scan', value: { running: false, found: 9 } },
    ]);
  });

  it('hears what the others hear, and goes on when they are gone', async () => {
    const [one, other] = [await openPage(), await openPage()];
    one.socket.close();
    await once(one.socket, 'close');
    server.events.emit('library', { changedIds: [1], listChanged: false });
    await vi.waitFor(() => expect(other.heard).toHaveLength(2));
  });

  it('has nothing to say: a long message ends it, a short one is not heard', async () => {
    const { socket, heard } = await openPage();
    socket.send('hello');
    server.events.emit('scan', scan);
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    socket.on('error', () => undefined);
    socket.send('x'.repeat(2000));
    await once(socket, 'close');
  });

  it('that does not read is dropped, and the others are not', async () => {
    const slow = await openPage();
    const quick = await openPage();
    slow.socket.pause();
    const value = { changedIds: Array.from({ length: 100_000 }, (_, index) => index + 1), listChanged: false };
    const closed = once(slow.socket, 'close');
    // More than the system itself holds for a connection, on top of what the server lets a page fall behind.
    const times = 60;
    for (let told = 1; told <= times; told += 1) {
      server.events.emit('library', value);
      await vi.waitFor(() => expect(quick.heard).toHaveLength(1 + told), { timeout: 10_000, interval: 1 });
    }
    slow.socket.resume();
    await closed;
    expect(slow.heard.length).toBeLessThan(times);
    expect(quick.socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('a WebSocket', () => {
  it('is opened for the page itself', async () => {
    const { socket } = await openPage({ origin: server.url.slice(0, server.url.indexOf('/', 7)) });
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  it('is opened at no other address', async () => {
    for (const name of ['', 'event', 'events/', 'events?x', 'EVENTS', 'api/events', 'media/thumbnail/1'])
      expect((await rawUpgrade(server.port, `/${server.token}/${name}`)).status).toBe(404);
  });

  it('is nothing else than a WebSocket', async () => {
    const target = `/${server.token}/events`;
    expect((await rawUpgrade(server.port, target, { upgrade: 'h2c' })).status).toBe(400);
    expect((await rawUpgrade(server.port, target, { 'sec-websocket-version': '7' })).status).toBe(400);
    expect((await rawUpgrade(server.port, target, { 'sec-websocket-key': 'short' })).status).toBe(400);
  });

  it('ends with the server', async () => {
    const { socket } = await openPage();
    const closed = once(socket, 'close');
    await server.close();
    await closed;
  });
});
