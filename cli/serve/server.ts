/** The local server of the window: page, calls, pictures and news, on this computer alone and only for who knows the token. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LiveHost } from '../../core/host/live-host.ts';
import type { PageFiles } from '../../core/host/page-files.ts';
import { EnlargerError } from '../../core/photo/failure.ts';
import { answer, refuse, refuseConnection } from './answer.ts';
import { answerCall } from './calls.ts';
import { admit, type Gate } from './gate.ts';
import { createNews } from './news.ts';
import { answerPage } from './page.ts';
import { answerPicture } from './pictures.ts';
import { newToken } from './token.ts';

/** As long as a slow computer takes to start a browser. */
const ticketLifeMs = 60_000;

export interface WindowServer {
  /** Address of the page, with its token and a slash at the end. */
  readonly url: string;
  /** An address that leads to the page once, for a browser that is started with it: what a started program is given, others on this computer can see. */
  onceUrl(): string;
  /** Ends all connections. */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly host: Pick<LiveHost, 'dispatch' | 'media' | 'events'>;
  readonly files: PageFiles;
  /** 0: any that is free. */
  readonly port: number;
  /** Told of errors that are nobody's but this program's. */
  readonly onTrouble: (error: unknown) => void;
}

/** Listens on 127.0.0.1. Throws `conflict` when the port is taken or may not be used. */
export async function startServer({ host, files, port: wantedPort, onTrouble }: ServerOptions): Promise<WindowServer> {
  const server = createServer();
  const port = await listen(server, wantedPort);
  const gate: Gate = { port, token: newToken() };
  const tickets = new Set<string>();
  const news = createNews(host.events);
  server.on('request', (request, response) => {
    handle({ host, files, gate, tickets }, request, response).catch((error: unknown) => {
      response.destroy();
      // There is nobody left to answer when the client went away in the middle of its request.
      if (!request.readableAborted) onTrouble(error);
    });
  });
  server.on('upgrade', (request, socket, head) => {
    const entry = admit(gate, request.url ?? '', request.headers);
    if (entry.admitted && entry.target === '/events') news.upgrade(request, socket, head);
    else refuseConnection(socket, entry.admitted ? 404 : entry.status);
  });
  server.on('clientError', (_error, socket) => {
    refuseConnection(socket, 400);
  });
  const origin = `http://127.0.0.1:${String(port)}`;
  return {
    url: `${origin}/${gate.token}/`,
    onceUrl() {
      const ticket = newToken();
      tickets.add(ticket);
      setTimeout(() => tickets.delete(ticket), ticketLifeMs).unref();
      return `${origin}/${ticket}`;
    },
    async close() {
      news.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

interface Place extends Pick<ServerOptions, 'host' | 'files'> {
  readonly gate: Gate;
  readonly tickets: Set<string>;
}

async function handle({ host, files, gate, tickets }: Place, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const entry = admit(gate, request.url ?? '', request.headers);
  const ticket = (request.url ?? '').slice(1);
  if (!entry.admitted) {
    if (entry.status === 404 && tickets.delete(ticket))
      answer(request, response, 303, { location: `/${gate.token}/`, 'cache-control': 'no-store' });
    else refuse(request, response, entry.status);
    return;
  }
  const [, path = '', query = ''] = /^([^?]*)(.*)$/s.exec(entry.target) ?? [];
  if (path === '') answer(request, response, 303, { location: `/${gate.token}/`, 'cache-control': 'no-store' });
  else if (path.startsWith('/api/')) await answerCall(host.dispatch, path.slice('/api/'.length), request, response);
  else if (path.startsWith('/media/')) await answerPicture(host.media, path.slice('/media/'.length) + query, request, response);
  else await answerPage({ files, dispatch: host.dispatch }, path, request, response);
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(cannotListen(error, port));
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

function cannotListen(error: NodeJS.ErrnoException, port: number): Error {
  const choose = 'Choose another with --port, or leave it out to get a free one.';
  if (error.code === 'EADDRINUSE')
    return new EnlargerError('conflict', `Port ${String(port)} is used by another program. ${choose}`, { cause: error });
  if (error.code === 'EACCES')
    return new EnlargerError('conflict', `Port ${String(port)} is reserved by the system. ${choose}`, { cause: error });
  return error;
}
