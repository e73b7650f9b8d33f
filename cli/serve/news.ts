/** What happens in the program, told over WebSockets: `{event, value}` for every event, the state of now first. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { events as eventSchemas, type EventName } from '../../core/api/contract.ts';
import type { Events } from '../../core/api/events.ts';

/** A page that has fallen behind this far is dropped: it connects again and gets the state of now instead of all that it missed. */
const behindLimitBytes = 4 * 1024 * 1024;
const heartbeatMs = 30_000;

export interface News {
  /** Takes over a connection that asked to become a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends all connections. */
  close(): void;
}

export function createNews(events: Events): News {
  // Pages have nothing to say here.
  const server = new WebSocketServer({ noServer: true, maxPayload: 1024, perMessageDeflate: false });
  const answering = new WeakSet<WebSocket>();
  const heartbeat = setInterval(() => {
    for (const page of server.clients) {
      if (answering.delete(page)) page.ping();
      else page.terminate();
    }
  }, heartbeatMs);
  heartbeat.unref();

  server.on('connection', (page) => {
    answering.add(page);
    page.on('pong', () => answering.add(page));
    // A broken connection or a message that is too long: the close that follows ends the subscriptions.
    page.on('error', () => page.terminate());
    const ends = (Object.keys(eventSchemas) as EventName[]).map((event) =>
      events.subscribe(event, (value) => {
        tell(page, JSON.stringify({ event, value }));
      }),
    );
    page.on('close', () => {
      for (const end of ends) end();
    });
  });

  return {
    upgrade: (request, socket, head) => {
      server.handleUpgrade(request, socket, head, (page) => server.emit('connection', page, request));
    },
    close: () => {
      clearInterval(heartbeat);
      server.close();
      for (const page of server.clients) page.terminate();
    },
  };
}

function tell(page: WebSocket, text: string): void {
  if (page.readyState !== page.OPEN) return;
  if (page.bufferedAmount > behindLimitBytes) page.terminate();
  else page.send(text);
}
