/** The server in this process, over a host of the test's own, and ways to talk to it that no browser offers. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createEvents, type EventStates, type Events } from '../../../core/api/events.ts';
import type { Dispatch } from '../../../core/api/dispatcher.ts';
import type { Media } from '../../../core/api/media.ts';
import type { PageFiles } from '../../../core/host/page-files.ts';
import { startServer, type WindowServer } from '../../../cli/serve/server.ts';

export interface RunningServer extends WindowServer {
  readonly port: number;
  readonly token: string;
  readonly events: Events;
  /** Errors that it told of. */
  readonly troubles: readonly unknown[];
}

export interface FakeHost {
  readonly dispatch?: Dispatch;
  readonly media?: Media;
  readonly states?: EventStates;
  readonly files?: PageFiles;
}

export const page: PageFiles = new Map([
  ['/index.html', file('<!doctype html><title>Enlarger</title>', 'text/html; charset=utf-8', false)],
  ['/assets/index-4f2a.js', file('export {};', 'text/javascript; charset=utf-8', true)],
]);

function file(text: string, type: string, immutable: boolean) {
  return { bytes: new TextEncoder().encode(text), type, immutable };
}

/** Without more, calls answer what they were asked, and pictures the path that was asked for. */
export async function runningServer(fake: FakeHost = {}): Promise<RunningServer> {
  const troubles: unknown[] = [];
  const events = createEvents({ states: fake.states ?? {}, check: true });
  const echo: Dispatch = (noun, verb, params) => Promise.resolve({ ok: true, value: { noun, verb, params } });
  const picture: Media = ({ url }) => Promise.resolve(new Response(url, { headers: { 'content-type': 'image/jpeg' } }));
  const server = await startServer({
    host: { dispatch: fake.dispatch ?? echo, media: fake.media ?? picture, events },
    files: fake.files ?? page,
    port: 0,
    onTrouble: (error) => troubles.push(error),
  });
  const { port, pathname } = new URL(server.url);
  return { ...server, port: Number(port), token: pathname.slice(1, -1), events, troubles };
}

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request exactly as given, with nothing resolved, encoded or added but an end of connection. */
export async function rawRequest(
  port: number,
  {
    method = 'GET',
    target,
    headers = {},
    body = '',
  }: { method?: string; target: string; headers?: Record<string, string>; body?: string },
): Promise<RawAnswer> {
  const all = { host: `127.0.0.1:${String(port)}`, connection: 'close', ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return await rawExchange(port, `${method} ${target} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
}

/** Sends bytes and reads until the server ends the connection. */
export async function rawExchange(port: number, text: string): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.end(Buffer.from(text, 'latin1'));
  await once(socket, 'close');
  const answer = Buffer.concat(chunks).toString('latin1');
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(first.split(' ')[1]), headers, body: rest.join('\r\n\r\n') };
}

/** Asks for a WebSocket; 101 means that it would be one. */
export async function rawUpgrade(port: number, target: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  return await rawRequest(port, {
    target,
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    },
  });
}
