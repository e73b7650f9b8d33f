/** The window itself over HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageFiles } from '../../core/host/page-files.ts';
import { answer, refuse } from './answer.ts';

/** Answers for a file of the page. `path` begins with a slash and has no query; the slash alone is the page. */
export function answerPage(files: PageFiles, path: string, request: IncomingMessage, response: ServerResponse): void {
  const file = files.get(path === '/' ? '/index.html' : path);
  if (file === undefined) {
    refuse(request, response, 404);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(request, response, 405, { allow: 'GET, HEAD' });
    return;
  }
  const cacheControl = file.immutable ? 'private, max-age=31536000, immutable' : 'no-store';
  answer(request, response, 200, { 'content-type': file.type, 'cache-control': cacheControl }, file.bytes);
}
