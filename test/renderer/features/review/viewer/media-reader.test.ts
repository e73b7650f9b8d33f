import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MediaReader } from '../../../../../renderer/features/review/viewer/media-reader.ts';
import { Pictures } from '../../../../../renderer/features/review/viewer/pictures.svelte.ts';
import { openFakeMedia } from '../fake-media.ts';
import { until } from '../stage-page.ts';

const name = { kind: 'result', id: 1 } as const;
const tile = { level: 0, x: 0, y: 0 };
const path = 'result/1/0/0_0?v=result-1';

let media: ReturnType<typeof openFakeMedia>;
let reader: MediaReader;
beforeEach(() => {
  media = openFakeMedia({ 'result/1': { width: 600, height: 400, blue: 7 } });
  reader = new MediaReader((wanted) => media.mediaUrl(wanted));
});
afterEach(() => media.close());

const never = (): AbortSignal => new AbortController().signal;

describe('a tile', () => {
  test('that was read is not asked for again', async () => {
    const picture = await reader.info(name, never());
    const first = await reader.tile(picture, tile, never());
    expect([first.width, first.height]).toEqual([512, 400]);
    await reader.tile(picture, tile, never());
    expect(media.asked.filter((asked) => asked === path)).toHaveLength(1);
  });

  test('that is being read ahead is waited for, not asked for twice', async () => {
    const picture = await reader.info(name, never());
    const release = media.hold(path);
    const ahead = reader.readAhead(picture, tile, never());
    const now = reader.tile(picture, tile, never());
    release();
    await ahead;
    expect((await now).width).toBe(512);
    expect(media.asked.filter((asked) => asked === path)).toHaveLength(1);
  });

  test('whose reading ahead was given up is asked for by whoever wants it now', async () => {
    const picture = await reader.info(name, never());
    const release = media.hold(path);
    const stop = new AbortController();
    const ahead = reader.readAhead(picture, tile, stop.signal);
    const now = reader.tile(picture, tile, never());
    stop.abort();
    await expect(ahead).rejects.toMatchObject({ code: 'cancelled' });
    release();
    expect((await now).width).toBe(512);
  });
});

describe('failures', () => {
  test('are those that the handler tells', async () => {
    media.refuse('result/1/info', 'damaged');
    await expect(reader.info(name, never())).rejects.toMatchObject({ code: 'damaged', message: 'Refused by the test.' });
  });

  test('are no failures when nobody waits any more', async () => {
    media.hold('result/1/info');
    const stop = new AbortController();
    const asked = reader.info(name, stop.signal);
    stop.abort();
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('of a host that is away can be tried again', async () => {
    const away = new MediaReader(() => 'http://127.0.0.1:1/nothing');
    await expect(away.info(name, never())).rejects.toMatchObject({ code: 'internal', retry: true });
  });
});

describe('what is known of a picture', () => {
  test('is asked once, and again after it was forgotten', async () => {
    const pictures = new Pictures(reader);
    expect(pictures.get(name)).toBeUndefined();
    pictures.want(name);
    pictures.want(name);
    expect(pictures.get(name)).toEqual({ state: 'reading' });
    await until(() => pictures.get(name)?.state === 'ready');
    pictures.forget(name);
    pictures.want(name);
    await until(() => pictures.get(name)?.state === 'ready');
    expect(media.asked.filter((asked) => asked.endsWith('info'))).toHaveLength(2);
  });

  test('is forgotten when it is a failure that may be over, and only then', async () => {
    const pictures = new Pictures(reader);
    pictures.want(name);
    pictures.want({ kind: 'original', id: 9 });
    await until(() => pictures.get({ kind: 'original', id: 9 })?.state === 'failed' && pictures.get(name)?.state === 'ready');
    pictures.forgetFailures();
    expect(pictures.get({ kind: 'original', id: 9 })).toBeUndefined();
    expect(pictures.get(name)?.state).toBe('ready');
  });

  test('stays within bounds over hundreds of photos', async () => {
    const pictures = new Pictures(reader);
    for (let id = 100; id < 400; id++) pictures.want({ kind: 'original', id });
    await until(() => pictures.get({ kind: 'original', id: 399 })?.state === 'failed');
    const known = Array.from({ length: 300 }, (_, index) => pictures.get({ kind: 'original', id: 100 + index }));
    expect(known.filter((state) => state !== undefined).length).toBeLessThanOrEqual(100);
  });
});
