/** @file Main process: answers every request of the page. There is its own handful of files, and pictures by number; there are no paths. */
import { protocol } from 'electron';
import type { Media } from '../core/api/media.ts';
import type { PageFiles } from '../core/host/page-files.ts';
import { pageHeaders } from '../core/host/page-headers.ts';
import { isPageAddress, pageOrigin, pageScheme } from './address.ts';

/** To be called before the program is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: pageScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

export function servePage(files: PageFiles, media: Media): void {
  protocol.handle(pageScheme, async (request) => {
    const answer = await answerRequest(request, files, media).catch(() => refusal(500));
    return new Response(answer.body, {
      status: answer.status,
      headers: { ...Object.fromEntries(answer.headers), ...pageHeaders },
    });
  });
}

const mediaPrefix = '/media/';

async function answerRequest(request: Request, files: PageFiles, media: Media): Promise<Response> {
  if (!isPageAddress(request.url)) return refusal(404);
  const { pathname, search } = new URL(request.url);
  if (pathname.startsWith(mediaPrefix)) {
    const { method, headers, signal } = request;
    // The media handler takes the path as it stands, without decoding any of it.
    return await media(new Request(`${pageOrigin}/${pathname.slice(mediaPrefix.length)}${search}`, { method, headers, signal }));
  }
  const file = files.get(pathname);
  if (file === undefined) return refusal(404);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, { allow: 'GET, HEAD' });
  return new Response(request.method === 'HEAD' ? null : file.bytes, { headers: { 'content-type': file.type } });
}

function refusal(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers });
}
