/** Pictures over HTTP: hands requests to the media handler and its answers back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Media } from '../../core/api/media.ts';
import { answer, refuse } from './answer.ts';

/** Answers for a picture. `target` is what follows `media/`, with its query. Work on it is given up when the client goes away. */
export async function answerPicture(
  media: Media,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // The parser of URLs resolves dots and decodes; what needs that is none of ours.
  if (!/^[a-z]+(?:\/[a-z0-9_]+)+(?:\?|$)/.test(target)) {
    refuse(request, response, 404);
    return;
  }
  const { method = 'GET' } = request;
  if (method !== 'GET' && method !== 'HEAD') {
    refuse(request, response, 405, { allow: 'GET, HEAD' });
    return;
  }
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  const etag = request.headers['if-none-match'];
  const picture = await media(
    new Request(`http://pictures/${target}`, {
      method,
      headers: etag === undefined ? {} : { 'if-none-match': etag },
      signal: gone.signal,
    }),
  );
  const bytes = new Uint8Array(await picture.arrayBuffer());
  if (!gone.signal.aborted) answer(request, response, picture.status, Object.fromEntries(picture.headers), bytes);
}
