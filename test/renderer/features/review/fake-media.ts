/**
 * A media handler inside the test's own page: pictures whose colours say where in the picture a pixel lies. Red grows from left to right, green from
 * top to bottom, and blue is the picture's own, so that a pixel of a screenshot tells which picture it shows, and which part of it.
 */
import type { Size } from '../../../../renderer/features/review/viewer/zoom.ts';
import { levelCount, levelSize } from '../../../../core/photo/zoom-levels.ts';

export interface FakePicture extends Size {
  /** 0..255. */
  readonly blue: number;
}

export interface FakeMedia {
  /** By path, such as `original/3`, or `preview/3` with the size of what the network makes. */
  readonly pictures: Map<string, FakePicture>;
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** Paths of which all answers are held back until they are released. */
  hold(part: string): () => void;
  /** Paths that are refused with a failure of this code from now on. */
  refuse(part: string, code: string): void;
  mediaUrl(path: string): string;
}

const tileSide = 512;
const base = 'http://media.test/';

/** Answers `fetch` for its own addresses until the returned function is called. */
export function openFakeMedia(pictures: Record<string, FakePicture>): FakeMedia & { close(): void } {
  const realFetch = window.fetch;
  const media = {
    pictures: new Map(Object.entries(pictures)),
    asked: [] as string[],
    held: new Map<string, Promise<void>>(),
    refused: new Map<string, string>(),
  };
  window.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith(base)) return await realFetch(input, init);
    const path = url.slice(base.length);
    media.asked.push(path);
    const held = [...media.held].find(([part]) => path.includes(part));
    if (held !== undefined) await Promise.race([held[1], aborted(init?.signal)]);
    const code = [...media.refused].find(([part]) => path.includes(part))?.[1];
    if (code !== undefined) return Response.json({ code, message: 'Refused by the test.' }, { status: 404 });
    return await answer(media.pictures, path);
  };
  return {
    ...{ pictures: media.pictures, asked: media.asked },
    hold(part) {
      let release = (): void => undefined;
      media.held.set(part, new Promise((resolve) => (release = resolve)));
      return () => {
        media.held.delete(part);
        release();
      };
    },
    refuse: (part, code) => void media.refused.set(part, code),
    mediaUrl: (path) => base + path,
    close: () => {
      window.fetch = realFetch;
    },
  };
}

function aborted(signal: AbortSignal | null | undefined): Promise<void> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new DOMException('Aborted', 'AbortError'));
    if (signal?.aborted === true) stop();
    signal?.addEventListener('abort', stop);
  });
}

async function answer(pictures: ReadonlyMap<string, FakePicture>, path: string): Promise<Response> {
  const [name, rest] = split(path);
  const picture = pictures.get(name);
  if (picture === undefined) return Response.json({ code: 'not-found', message: 'There is no such picture.' }, { status: 404 });
  if (rest === '/info') {
    const { width, height } = picture;
    return Response.json({ key: name.replace('/', '-'), width, height, tileSide, levels: levelCount(picture) });
  }
  const region = new URLSearchParams(path.split('?')[1]).get('region');
  if (region !== null) {
    const [x = 0, y = 0, width = 1, height = 1] = region.split(',').map(Number);
    return await drawn(picture, { x, y, width, height }, picture);
  }
  if (rest === '') return await drawn(picture, { x: 0, y: 0, width: 64, height: 48 }, { width: 64, height: 48 });
  const [level = 0, x = 0, y = 0] = /^\/(\d+)\/(\d+)_(\d+)/.exec(rest)?.slice(1).map(Number) ?? [];
  const size = levelSize(picture, level);
  const left = x * tileSide;
  const top = y * tileSide;
  const part = { x: left, y: top, width: Math.min(tileSide, size.width - left), height: Math.min(tileSide, size.height - top) };
  return await drawn(picture, part, { width: picture.width / 2 ** level, height: picture.height / 2 ** level });
}

function split(path: string): [string, string] {
  const [, name = '', rest = ''] = /^([a-z]+\/\d+)(.*?)(?:\?.*)?$/.exec(path) ?? [];
  return [name, rest];
}

async function drawn(
  { blue }: FakePicture,
  part: { x: number; y: number; width: number; height: number },
  whole: Size,
): Promise<Response> {
  const canvas = new OffscreenCanvas(part.width, part.height);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  const image = context.createImageData(part.width, part.height);
  for (let y = 0, at = 0; y < part.height; y++)
    for (let x = 0; x < part.width; x++, at += 4) {
      image.data[at] = ((part.x + x + 0.5) / whole.width) * 255;
      image.data[at + 1] = ((part.y + y + 0.5) / whole.height) * 255;
      image.data[at + 2] = blue;
      image.data[at + 3] = 255;
    }
  context.putImageData(image, 0, 0);
  return new Response(await canvas.convertToBlob({ type: 'image/png' }), { headers: { 'content-type': 'image/png' } });
}
