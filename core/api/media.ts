/**
 * Pictures by number, as answers to requests: the one function behind a desktop's protocol, a local server and tests. It knows no paths; a URL
 * that is not exactly one of ours reaches nothing.
 *
 * `preview/<photo>?recipe=<JSON>&region=<x>,<y>,<width>,<height>` is part of a result that is not made yet, in pixels of that result.
 * `thumbnail/<photo>`, and for `original/<photo>` and `result/<result>`: `/info` (JSON) and `/<level>/<x>_<y>` (a tile). Level 0 is the whole picture,
 * each further one is half as large, rounded up, down to one pixel. `?v=<key>` with the key of the info names the pixels: such an answer never
 * changes and may be kept for ever; without it a cache has to ask each time, and is told 304.
 */
import { isFailureCode, toFailure } from '../photo/failure.ts';
import { recipeSchema, type Recipe } from '../photo/recipe.ts';
import { levelCount, levelSize } from '../photo/zoom-levels.ts';

export interface MediaBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: 'image/jpeg' | 'image/png' | 'image/webp';
}

/** A part of a picture, in pixels. */
export interface MediaRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface MediaThumbnail {
  /** Changes whenever its pixels do; letters, digits, dashes. */
  readonly key: string;
  read(signal: AbortSignal): Promise<MediaBody>;
}

/** Read like a thumbnail: its key changes with its pixels. */
export type MediaPreview = MediaThumbnail;

export interface MediaPicture {
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly tileSide: number;
  /** A tile that lies in the picture. Aborting the signal means that nobody waits for it any more. */
  tile(level: number, x: number, y: number, signal: AbortSignal): Promise<MediaBody>;
}

/** Where pictures come from. Null, or a `not-found` failure: there is none of that number. */
export interface MediaSources {
  thumbnail(photoId: number): Promise<MediaThumbnail | null>;
  original(photoId: number, signal: AbortSignal): Promise<MediaPicture | null>;
  result(resultId: number, signal: AbortSignal): Promise<MediaPicture | null>;
  preview(photoId: number, recipe: Recipe, region: MediaRegion): Promise<MediaPreview | null>;
}

export interface MediaOptions {
  /** What stands before the first word in every path, for servers that have other things to serve. Begins and ends with a slash. */
  readonly prefix?: string;
}

export type Media = (request: Request) => Promise<Response>;

/** Never rejects: failures are answers with their code and message as JSON. */
export function createMedia(sources: MediaSources, { prefix = '/' }: MediaOptions = {}): Media {
  return async (request) => {
    try {
      const { pathname, searchParams } = new URL(request.url);
      const wanted = pathname.startsWith(prefix) ? parsePath(pathname.slice(prefix.length), searchParams) : null;
      if (wanted === null) return refusal(404, 'not-found', 'There is no picture here.');
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return refusal(405, 'internal', 'Pictures can only be read.', { allow: 'GET, HEAD' });
      return await answer(sources, wanted, request, searchParams.get('v'));
    } catch (error) {
      const failure = toFailure(error);
      return refusal(isFailureCode(error, 'not-found') ? 404 : 500, failure.code, failure.message);
    }
  };
}

type Wanted =
  | { readonly kind: 'thumbnail'; readonly id: number }
  | { readonly kind: 'preview'; readonly id: number; readonly recipe: Recipe; readonly region: MediaRegion }
  | { readonly kind: 'info'; readonly of: 'original' | 'result'; readonly id: number }
  | {
      readonly kind: 'tile';
      readonly of: 'original' | 'result';
      readonly id: number;
      readonly level: number;
      readonly x: number;
      readonly y: number;
    };

// Digits alone, and as they are: nothing is ever decoded, so nothing can hide behind an encoding.
const thumbnailPath = /^thumbnail\/([1-9]\d{0,14})$/;
const previewPath = /^preview\/([1-9]\d{0,14})$/;
const regionText = /^(\d{1,7}),(\d{1,7}),([1-9]\d{0,6}),([1-9]\d{0,6})$/;
const picturePath = /^(original|result)\/([1-9]\d{0,14})\/(?:(info)|(\d{1,2})\/(\d{1,7})_(\d{1,7}))$/;

function parsePath(path: string, query: URLSearchParams): Wanted | null {
  const thumbnail = thumbnailPath.exec(path);
  if (thumbnail !== null) return { kind: 'thumbnail', id: Number(thumbnail[1]) };
  const preview = previewPath.exec(path);
  if (preview !== null) return parsePreview(Number(preview[1]), query);
  const [, of, id, info, level, x, y] = picturePath.exec(path) ?? [];
  if (of !== 'original' && of !== 'result') return null;
  if (info !== undefined) return { kind: 'info', of, id: Number(id) };
  return { kind: 'tile', of, id: Number(id), level: Number(level), x: Number(x), y: Number(y) };
}

function parsePreview(id: number, query: URLSearchParams): Wanted | null {
  const recipe = recipeSchema.safeParse(parseJson(query.get('recipe') ?? ''));
  const region = regionText.exec(query.get('region') ?? '');
  if (!recipe.success || region === null) return null;
  const [x = 0, y = 0, width = 1, height = 1] = region.slice(1).map(Number);
  return { kind: 'preview', id, recipe: recipe.data, region: { x, y, width, height } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No recipe, as far as the schema is concerned.
    return null;
  }
}

async function answer(sources: MediaSources, wanted: Wanted, request: Request, version: string | null): Promise<Response> {
  if (wanted.kind === 'thumbnail') {
    const thumbnail = await sources.thumbnail(wanted.id);
    if (thumbnail === null) return refusal(404, 'not-found', 'This photo has no thumbnail.');
    return await picture(request, version, thumbnail.key, `"${thumbnail.key}"`, () => thumbnail.read(request.signal));
  }
  if (wanted.kind === 'preview') {
    const preview = await sources.preview(wanted.id, wanted.recipe, wanted.region);
    if (preview === null) return refusal(404, 'not-found', 'There is nothing to preview here.');
    return await picture(request, version, preview.key, `"${preview.key}"`, () => preview.read(request.signal));
  }
  const found = await sources[wanted.of](wanted.id, request.signal);
  if (found === null) return refusal(404, 'not-found', 'There is no such picture.');
  const { key, width, height, tileSide } = found;
  const levels = levelCount(found);
  if (wanted.kind === 'info') {
    const info = JSON.stringify({ key, width, height, tileSide, levels });
    return new Response(request.method === 'HEAD' ? null : info, {
      headers: { ...always, 'content-type': 'application/json', 'cache-control': 'no-cache' },
    });
  }
  const { level, x, y } = wanted;
  const size = levelSize(found, level);
  if (level >= levels || x * tileSide >= size.width || y * tileSide >= size.height)
    return refusal(404, 'not-found', 'There is no such tile.');
  return await picture(request, version, key, `"${key}-${level}-${x}-${y}"`, () => found.tile(level, x, y, request.signal));
}

async function picture(
  request: Request,
  version: string | null,
  key: string,
  etag: string,
  read: () => Promise<MediaBody>,
): Promise<Response> {
  const headers = {
    ...always,
    etag,
    // A number is given to another photo one day; the key of its pixels never is.
    'cache-control': version === key ? 'private, max-age=31536000, immutable' : 'private, no-cache',
  };
  if (etagsOf(request).includes(etag)) return new Response(null, { status: 304, headers });
  const { bytes, type } = await read();
  return new Response(request.method === 'HEAD' ? null : bytes, {
    headers: { ...headers, 'content-type': type, 'content-length': String(bytes.byteLength) },
  });
}

function etagsOf(request: Request): string[] {
  return (request.headers.get('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
}

const always = { 'x-content-type-options': 'nosniff' } as const;

function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ code, message }), {
    status,
    headers: { ...always, 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  });
}
