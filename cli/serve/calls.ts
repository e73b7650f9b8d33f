/** Calls of the contract over HTTP: `POST api/<noun>.<verb>` with JSON, answered by the outcome. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatch } from '../../core/api/dispatcher.ts';
import { answer, refuse } from './answer.ts';

/** 100 000 paths' worth of numbers fit; nothing of the contract is larger. */
const bodyLimitBytes = 8 * 1024 * 1024;

/** Answers a call. `name` is what follows `api/`. */
export async function answerCall(
  dispatch: Dispatch,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, noun, verb] = /^([A-Za-z]{1,40})\.([A-Za-z]{1,40})$/.exec(name) ?? [];
  if (noun === undefined || verb === undefined) {
    refuse(request, response, 404);
    return;
  }
  if (request.method !== 'POST') {
    refuse(request, response, 405, { allow: 'POST' });
    return;
  }
  // Forms of other pages can be sent as text or as form data without a question to this server, but never as JSON.
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
    refuse(request, response, 415);
    return;
  }
  const body = await readBody(request);
  if (body === null) {
    // The rest of the body is not waited for.
    refuse(request, response, 413, { connection: 'close' });
    return;
  }
  const params = parseJson(body);
  if (params === undefined) {
    refuse(request, response, 400);
    return;
  }
  const outcome = await dispatch(noun, verb, params);
  answer(request, response, 200, { 'content-type': 'application/json', 'cache-control': 'no-store' }, JSON.stringify(outcome));
}

/** The whole body, or null when it is too large. Rejects when the client goes away. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Destroying the request would take the connection away that the refusal goes over.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > bodyLimitBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Undefined for what is no JSON in UTF-8; an empty body asks with no parameters. */
function parseJson(body: Buffer): unknown {
  try {
    return body.byteLength === 0 ? {} : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
