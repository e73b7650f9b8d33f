/** The window itself over HTTP. The page comes in the theme that its user chose, so that nothing flashes until it has asked for that itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatch } from '../../core/api/dispatcher.ts';
import type { PageFile, PageFiles } from '../../core/host/page-files.ts';
import { preferencesSchema } from '../../core/photo/preferences.ts';
import { answer, refuse } from './answer.ts';

export interface PagePlace {
  readonly files: PageFiles;
  /** Asked for the theme. */
  readonly dispatch: Dispatch;
}

/** Answers for a file of the page. `path` begins with a slash and has no query; the slash alone is the page. */
export async function answerPage(
  { files, dispatch }: PagePlace,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = path === '/' ? '/index.html' : path;
  const file = files.get(name);
  if (file === undefined) {
    refuse(request, response, 404);
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    refuse(request, response, 405, { allow: 'GET, HEAD' });
    return;
  }
  const cacheControl = file.immutable ? 'private, max-age=31536000, immutable' : 'no-store';
  const bytes = name === '/index.html' ? await themed(file, dispatch) : file.bytes;
  answer(request, response, 200, { 'content-type': file.type, 'cache-control': cacheControl }, bytes);
}

/** With what the window itself puts there as soon as it knows; see `PreferencesState`. Where the system decides there is nothing to say. */
async function themed({ bytes }: PageFile, dispatch: Dispatch): Promise<Uint8Array> {
  const outcome = await dispatch('preferences', 'get', {});
  const { theme } = preferencesSchema.parse(outcome.ok ? outcome.value : {});
  if (theme === 'system') return bytes;
  return Buffer.from(Buffer.from(bytes).toString().replace('<html ', `<html data-theme="${theme}" `));
}
