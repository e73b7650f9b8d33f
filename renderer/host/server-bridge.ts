/** Over a local server: calls by POST, news by WebSocket. Everything lies below the page's own address, which holds the token. */
import { z } from 'zod';
import type { EventName } from '../../core/api/contract.ts';
import { failureSchema, type Failure, type Outcome } from '../../core/photo/failure.ts';
import type { Bridge, Reach } from './bridge.ts';
import { isEventName } from './desktop-bridge.ts';

const outcomeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), failure: failureSchema }),
]);
const newsSchema = z.object({ event: z.string().refine(isEventName), value: z.unknown() });

const firstRetryMs = 250;
const lastRetryMs = 5000;
const notFound = 404;

/**
 * What became of a call when the server is gone. No error: nobody did anything wrong, and the window says once, for as long as it lasts, that the
 * program does not answer. A toast for each call that was on its way would say it again.
 */
const lost: Failure = { code: 'cancelled', message: 'The program does not answer. Try again when it does.', retry: true };
const misunderstood: Failure = {
  code: 'internal',
  message:
    'The program gave an answer that makes no sense. Reload the window, and start the program again if that does not help.',
};

/**
 * `base` ends with a slash. The socket is there while somebody listens, and is opened again whenever it is lost; not where somebody answers who does
 * not know this address: its token was that of a server that has ended, and no other one gets it.
 */
export function serverBridge(base: URL): Bridge {
  const listeners = new Set<(event: EventName, value: unknown) => void>();
  const watchers = new Set<(reach: Reach) => void>();
  // The page has just come from there.
  let reach: Reach = 'there';
  let retryMs = firstRetryMs;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let socket: WebSocket | null = null;

  const setReach = (now: Reach): void => {
    if (reach === now || reach === 'gone') return;
    reach = now;
    for (const watcher of [...watchers]) watcher(now);
  };
  const endIfUnknown = async (): Promise<void> => {
    if (!(await isUnknown(base))) return;
    setReach('gone');
    disconnect();
  };
  const connect = (): void => {
    const url = new URL('events', base);
    url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
    const opened = new WebSocket(url);
    socket = opened;
    opened.addEventListener('open', () => {
      retryMs = firstRetryMs;
      setReach('there');
    });
    opened.addEventListener('message', ({ data }) => {
      const news = parseNews(data);
      if (news === null || socket !== opened) return;
      for (const listener of [...listeners]) listener(news.event, news.value);
    });
    // An error is always followed by a close.
    opened.addEventListener('close', () => {
      if (socket !== opened) return;
      setReach('lost');
      retry = setTimeout(connect, retryMs);
      retryMs = Math.min(lastRetryMs, retryMs * 2);
      void endIfUnknown();
    });
  };
  function disconnect(): void {
    clearTimeout(retry);
    const ended = socket;
    socket = null;
    ended?.close();
  }

  return {
    async send(noun, verb, params): Promise<Outcome<unknown>> {
      const answered = await ask(new URL(`api/${noun}.${verb}`, base), params ?? {});
      if (answered === null) {
        // Without a socket nobody else finds out: the first calls come before it.
        if (socket === null) setReach((await isUnknown(base)) ? 'gone' : 'lost');
        return { ok: false, failure: lost };
      }
      if (socket === null) setReach('there');
      const outcome = outcomeSchema.safeParse(answered);
      return outcome.success ? outcome.data : { ok: false, failure: misunderstood };
    },
    listen(listener) {
      listeners.add(listener);
      if (listeners.size === 1) connect();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) disconnect();
      };
    },
    onConnection(watcher) {
      watchers.add(watcher);
      watcher(reach);
      return () => void watchers.delete(watcher);
    },
    mediaUrl: (path) => new URL(`media/${path}`, base).href,
    grantDropped: () => Promise.resolve(null),
  };
}

/** True when a server answers that has no page at this address. */
async function isUnknown(base: URL): Promise<boolean> {
  try {
    return (await fetch(base, { method: 'HEAD' })).status === notFound;
  } catch {
    return false; // Nobody answers at all.
  }
}

/** The answer as parsed JSON, undefined when it is none, null when there was nobody to answer, or nobody who knows this page. */
async function ask(url: URL, params: unknown): Promise<unknown> {
  let text: string;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    if (answer.status === notFound) return null;
    text = await answer.text();
  } catch {
    // All that `fetch` tells of a server that is gone is a sentence of the browser's, in whatever language.
    return null;
  }
  return parseJson(text) ?? undefined;
}

/** Null for what is no news of this version of the program: calls still work, and say what is wrong. */
function parseNews(data: unknown): { readonly event: EventName; readonly value: unknown } | null {
  const news = newsSchema.safeParse(parseJson(String(data)));
  return news.success ? news.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No outcome and no news, as far as the schemas are concerned.
  }
}
