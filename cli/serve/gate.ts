/** Who is let in: requests to this computer by its own name, from the page itself, with the token. */
import type { IncomingHttpHeaders } from 'node:http';
import { sameToken } from './token.ts';

export interface Gate {
  readonly port: number;
  readonly token: string;
}

export type Entry =
  | {
      readonly admitted: true;
      /** What follows the token, from the slash on, as it was sent: undecoded, with its query. */ readonly target: string;
    }
  | { readonly admitted: false; readonly status: 403 | 404 };

/**
 * Judges a request by its target and head. The name check is what stops DNS rebinding: a page of elsewhere that has its name lead to 127.0.0.1
 * still sends that name. The origin checks stop other pages on this computer, whatever port they come from.
 */
export function admit({ port, token }: Gate, target: string, headers: IncomingHttpHeaders): Entry {
  const { host, origin } = headers;
  const names = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
  if (host === undefined || !names.includes(host)) return refused(403);
  if (origin !== undefined && origin !== `http://${host}`) return refused(403);
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return refused(403);
  const [, given = '', rest = ''] = /^\/([^/?#]*)(.*)$/s.exec(target) ?? [];
  return sameToken(given, token) ? { admitted: true, target: rest } : refused(404);
}

function refused(status: 403 | 404): Entry {
  return { admitted: false, status };
}
