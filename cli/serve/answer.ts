/** Writes answers: each with the headers that none may lack. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { alwaysHeaders } from './headers.ts';

/** Ends an answer. HEAD gets the head of it alone. */
export function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Uint8Array = '',
): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const sized = status === 304 ? {} : { 'content-length': bytes.byteLength };
  response.writeHead(status, { ...alwaysHeaders, ...sized, ...headers });
  response.end(request.method === 'HEAD' || status === 304 ? undefined : bytes);
}

/** A refusal with the usual words of its status and nothing more. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: RefusalStatus,
  headers: OutgoingHttpHeaders = {},
): void {
  answer(
    request,
    response,
    status,
    { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers },
    words[status],
  );
}

/** The same where there is no answer to write yet or any more: on a connection that asked for something else than HTTP. Ends it. */
export function refuseConnection(socket: Duplex, status: RefusalStatus): void {
  // A client that has gone already needs no refusal.
  socket.on('error', () => socket.destroy());
  const headers = Object.entries(alwaysHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${String(status)} ${words[status]}\r\n${headers.join('')}connection: close\r\ncontent-length: 0\r\n\r\n`);
}

type RefusalStatus = keyof typeof words;

const words = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
} as const;
