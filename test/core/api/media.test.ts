import { describe, expect, it } from 'vitest';
import { createMedia, type MediaBody, type MediaPicture, type MediaSources } from '../../../core/api/media.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';

const jpeg: MediaBody = { bytes: new Uint8Array([0xff, 0xd8, 0xff]), type: 'image/jpeg' };

/** A photo and a result of number 7, 1000 × 600 in tiles of 256; everything that was asked for is noted. */
function shelf(): { sources: MediaSources; asked: string[] } {
  const asked: string[] = [];
  const picture = (of: string): MediaPicture => ({
    key: `${of}key`,
    width: 1000,
    height: 600,
    tileSide: 256,
    tile(level, x, y) {
      asked.push(`${of} tile ${level} ${x} ${y}`);
      return Promise.resolve(jpeg);
    },
  });
  const one = <Value>(of: string, id: number, value: Value): Promise<Value | null> => {
    asked.push(`${of} ${id}`);
    return Promise.resolve(id === 7 ? value : null);
  };
  const sources: MediaSources = {
    thumbnail: (id) =>
      one('thumbnail', id, {
        key: 'thumbkey',
        read: () => {
          asked.push('thumbnail read');
          return Promise.resolve(jpeg);
        },
      }),
    original: (id) => one('original', id, picture('original')),
    result: (id) => one('result', id, picture('result')),
    preview: (id, recipe, { x, y, width, height }) =>
      one(`preview ${recipe.denoise} ${x},${y},${width},${height} of`, id, {
        key: 'previewkey',
        read: () => Promise.resolve(jpeg),
      }),
  };
  return { sources, asked };
}

const ask = (path: string, init?: RequestInit): Request => new Request(`http://host${path}`, init);

describe('the media handler', () => {
  it('serves a thumbnail, with its type, as exactly that', async () => {
    const answer = await createMedia(shelf().sources)(ask('/thumbnail/7'));
    expect(answer.status).toBe(200);
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(jpeg.bytes);
    expect(Object.fromEntries(answer.headers)).toEqual({
      'content-type': 'image/jpeg',
      'content-length': '3',
      'x-content-type-options': 'nosniff',
      etag: '"thumbkey"',
      'cache-control': 'private, no-cache',
    });
  });

  it.each(['original', 'result'])('tells what a viewer needs of an %s, and serves its tiles', async (of) => {
    const { sources, asked } = shelf();
    const media = createMedia(sources);
    const info = await media(ask(`/${of}/7/info`));
    expect(info.headers.get('content-type')).toBe('application/json');
    // 1000 → 500 → 250 → 125 → 63 → 32 → 16 → 8 → 4 → 2 → 1.
    expect(await info.json()).toEqual({ key: `${of}key`, width: 1000, height: 600, tileSide: 256, levels: 11 });
    const tile = await media(ask(`/${of}/7/0/3_2?v=${of}key`));
    expect(tile.status).toBe(200);
    expect(tile.headers.get('etag')).toBe(`"${of}key-0-3-2"`);
    expect(asked).toEqual([`${of} 7`, `${of} 7`, `${of} tile 0 3 2`]);
  });

  it('serves a preview of what a recipe would make, and nothing for one that it cannot read', async () => {
    const { sources, asked } = shelf();
    const media = createMedia(sources);
    const recipe = encodeURIComponent(
      JSON.stringify({ version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 0.5 }),
    );
    const answer = await media(ask(`/preview/7?recipe=${recipe}&region=10,20,300,200`));
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"previewkey"']);
    expect(asked).toEqual(['preview 0.5 10,20,300,200 of 7']);
    for (const path of [
      `/preview/8?recipe=${recipe}&region=10,20,300,200`,
      `/preview/7?recipe=${recipe}`,
      `/preview/7?recipe=${recipe}&region=10,20,0,200`,
      `/preview/7?recipe=${recipe}&region=-1,20,300,200`,
      '/preview/7?recipe={}&region=10,20,300,200',
      '/preview/7?recipe=no&region=10,20,300,200',
      `/preview/7/info?recipe=${recipe}&region=10,20,300,200`,
    ])
      expect([path, (await media(ask(path))).status]).toEqual([path, 404]);
    expect(asked).toHaveLength(2);
  });

  it('is kept for ever under the key of its pixels, and asked again under any other', async () => {
    const media = createMedia(shelf().sources);
    const control = async (path: string): Promise<string | null> => (await media(ask(path))).headers.get('cache-control');
    expect(await control('/thumbnail/7?v=thumbkey')).toBe('private, max-age=31536000, immutable');
    expect(await control('/result/7/0/0_0?v=resultkey')).toBe('private, max-age=31536000, immutable');
    expect(await control('/thumbnail/7?v=older')).toBe('private, no-cache');
    expect(await control('/result/7/info?v=resultkey')).toBe('no-cache');
    expect(await control('/thumbnail/8')).toBe('no-store');
  });

  it('reads nothing for whoever has it already', async () => {
    const { sources, asked } = shelf();
    const media = createMedia(sources);
    for (const tags of ['"thumbkey"', 'W/"thumbkey"', '"other", "thumbkey"']) {
      const answer = await media(ask('/thumbnail/7', { headers: { 'if-none-match': tags } }));
      expect([answer.status, await answer.text()]).toEqual([304, '']);
    }
    expect(asked).not.toContain('thumbnail read');
    expect((await media(ask('/thumbnail/7', { headers: { 'if-none-match': '"other"' } }))).status).toBe(200);
  });

  it('answers HEAD like GET, without a body', async () => {
    const media = createMedia(shelf().sources);
    for (const path of ['/thumbnail/7', '/result/7/info', '/original/7/10/0_0']) {
      const [get, head] = [await media(ask(path)), await media(ask(path, { method: 'HEAD' }))];
      expect([head.status, await head.text()]).toEqual([200, '']);
      expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers));
    }
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('refuses %s', async (method) => {
    const { sources, asked } = shelf();
    const answer = await createMedia(sources)(ask('/thumbnail/7', { method }));
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(asked).toEqual([]);
  });

  it.each(['/thumbnail/8', '/original/8/info', '/result/8/0/0_0', '/result/8/info'])('knows nothing of %s', async (path) => {
    expect((await createMedia(shelf().sources)(ask(path))).status).toBe(404);
  });

  it('serves tiles of the picture alone', async () => {
    const { sources, asked } = shelf();
    const media = createMedia(sources);
    // The last column and row of a few levels, and the first beyond each.
    for (const [level, x, y] of [
      [0, 3, 2],
      [1, 1, 1],
      [2, 0, 0],
      [10, 0, 0],
    ] as const) {
      expect((await media(ask(`/result/7/${level}/${x}_${y}`))).status).toBe(200);
      expect((await media(ask(`/result/7/${level}/${x + 1}_${y}`))).status).toBe(404);
      expect((await media(ask(`/result/7/${level}/${x}_${y + 1}`))).status).toBe(404);
    }
    for (const level of [11, 12, 62, 99]) expect((await media(ask(`/result/7/${level}/0_0`))).status).toBe(404);
    expect(asked.filter((entry) => entry.includes('tile'))).toHaveLength(4);
  });

  it('says what failed, by code', async () => {
    const failing = (error: Error): Promise<Response> =>
      createMedia({ ...shelf().sources, thumbnail: () => Promise.reject(error) })(ask('/thumbnail/7'));
    const gone = await failing(new EnlargerError('not-found', 'The drive is away.'));
    expect([gone.status, await gone.json()]).toEqual([404, { code: 'not-found', message: 'The drive is away.' }]);
    const broken = await failing(new RangeError('a defect'));
    expect([broken.status, await broken.json()]).toMatchObject([500, { code: 'internal' }]);
    expect(broken.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('tells its source when nobody waits any more', async () => {
    let seen: AbortSignal | undefined;
    const picture: MediaPicture = {
      key: 'k',
      width: 10,
      height: 10,
      tileSide: 10,
      tile: (_level, _x, _y, signal) => {
        seen = signal;
        return Promise.resolve(jpeg);
      },
    };
    const window = new AbortController();
    const media = createMedia({ ...shelf().sources, result: () => Promise.resolve(picture) });
    await media(ask('/result/7/0/0_0', { signal: window.signal }));
    window.abort();
    expect(seen?.aborted).toBe(true);
  });

  it('serves below a prefix alone when it has one', async () => {
    const media = createMedia(shelf().sources, { prefix: '/media/' });
    expect((await media(ask('/media/thumbnail/7'))).status).toBe(200);
    for (const path of ['/thumbnail/7', '/media', '/media/', '/mediathumbnail/7', '/media/media/thumbnail/7'])
      expect((await media(ask(path))).status).toBe(404);
  });
});

const encodings = [
  '../',
  '..%2f',
  '%2e%2e/',
  '%2e%2e%2f',
  '.%2e/',
  '%252e%252e%252f',
  '%c0%ae%c0%ae/',
  '..%c0%af',
  '..\\',
  '..%5c',
  '%2e%2e%5c',
  '....//',
  '..;/',
  '.%00./',
];
const hostile = [
  ...encodings.flatMap((up) => [
    `/thumbnail/${up.repeat(8)}etc/passwd`,
    `/result/7/${up.repeat(8)}etc/passwd`,
    `/${up.repeat(3)}windows/win.ini`,
    `/original/7/0/${up}1_1`,
  ]),
  '//etc/passwd',
  '/thumbnail//etc/passwd',
  '/thumbnail/file:///etc/passwd',
  '/thumbnail/C:',
  '/thumbnail/C:%5cWindows%5cwin.ini',
  '/thumbnail/%5c%5chost%5cshare',
  '/thumbnail/7::$DATA',
  '/thumbnail/7%00.jpg',
  '/thumbnail/7%20',
  '/thumbnail/7.',
  '/thumbnail/7/',
  '/thumbnail/+7',
  '/thumbnail/-7',
  '/thumbnail/07',
  '/thumbnail/0',
  '/thumbnail/7e0',
  '/thumbnail/0x7',
  '/thumbnail/%37',
  '/thumbnail/٧',
  '/thumbnail/７',
  '/thumbnail/1e999',
  '/thumbnail/99999999999999999999',
  '/thumbnail/PROGRA~1',
  '/thumbnail/__proto__',
  '/constructor/7/info',
  '/__proto__/7/info',
  '/result/7/info/',
  '/result/7/info%0a',
  '/result/7/0/1_1_1',
  '/result/7/-1/0_0',
  '/result/7/0/-1_0',
  '/result/7/999/0_0',
  '/result/7/0/99999999_0',
  '/results/7/info',
  '/Thumbnail/7',
  '/results-evil/7',
];

describe('hostile URLs', () => {
  it(`are ${hostile.length} forms, at least 60`, () => {
    expect(new Set(hostile).size).toBeGreaterThanOrEqual(60);
  });

  it.each(hostile)('%s reaches nothing', async (path) => {
    const { sources, asked } = shelf();
    const answer = await createMedia(sources)(ask(path));
    expect([400, 404]).toContain(answer.status);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(asked).toEqual([]);
  });
});
