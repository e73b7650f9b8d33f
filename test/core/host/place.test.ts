import { mkdtemp, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLibraryPlace, type LibraryPlace } from '../../../core/host/place.ts';
import { hostMeans } from '../../../cli/workplace.ts';
import { events, type EventValue } from '../../../core/api/contract.ts';
import { cutOutPng, phoneJpeg } from '../../fixtures/photos.ts';

let root: string;
let said: string[];
let places: LibraryPlace[];

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'enlarger-place-')));
  vi.stubEnv('ENLARGER_CACHE', join(root, 'state'));
  vi.stubEnv('ENLARGER_MODELS', '');
  said = [];
  places = [];
});
afterEach(async () => {
  for (const place of places) await place.close();
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

async function open(): Promise<LibraryPlace> {
  const place = await openLibraryPlace({ library: join(root, 'library'), means: hostMeans((line) => said.push(line)) });
  places.push(place);
  return place;
}

const never = new AbortController().signal;
const recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' } as const;

async function withPhoto(): Promise<{ place: LibraryPlace; photoId: number; path: string }> {
  const place = await open();
  const path = await phoneJpeg(root, 6, { width: 700, height: 300 });
  const { ids } = await place.client.library.add({ grants: [place.grants.issue(path)] });
  await place.importer.lookAtAll(never);
  return { place, photoId: ids[0] ?? 0, path };
}

describe('a library put together', () => {
  it('shows a photo before and after by the media handler alone', async () => {
    const { place, photoId, path } = await withPhoto();
    const { client, media, queue } = place;
    const get = async (url: string): Promise<Response> => await media(new Request(`http://host/${url}`));
    const size = async (answer: Response): Promise<unknown> => {
      const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      return [answer.headers.get('content-type'), width, height];
    };
    const [type, width, height] = (await size(await get(`thumbnail/${photoId}`))) as [string, number, number];
    expect([type.startsWith('image/'), width, height]).toEqual([true, 512, 219]);

    expect(await (await get(`original/${photoId}/info`)).json()).toMatchObject({
      width: 700,
      height: 300,
      tileSide: 512,
      levels: 11,
    });
    expect(await size(await get(`original/${photoId}/0/1_0`))).toEqual([expect.stringMatching(/^image\//), 188, 300]);
    expect(await size(await get(`original/${photoId}/3/0_0`))).toEqual([expect.stringMatching(/^image\//), 88, 38]);

    await client.queue.add({ choice: { ids: [photoId] }, recipe });
    await queue.run();
    const { results } = await client.review.list({ photoIds: [photoId] });
    const resultId = results[0]?.id ?? 0;
    expect(await (await get(`result/${resultId}/info`)).json()).toMatchObject({ width: 1400, height: 600, levels: 12 });
    expect(await size(await get(`result/${resultId}/0/2_1`))).toEqual([expect.stringMatching(/^image\//), 376, 88]);
    expect(await size(await get(`result/${resultId}/11/0_0`))).toEqual([expect.stringMatching(/^image\//), 1, 1]);
    expect((await get(`result/${resultId}/0/3_0`)).status).toBe(404);
    expect((await get(`result/${resultId + 1}/info`)).status).toBe(404);
    expect((await readdir(root)).sort()).toEqual(['library', path.slice(root.length + 1), 'state'].sort());
  });

  it('shows part of a result before it is made, which the result then need not compute again', async () => {
    const { place, photoId } = await withPhoto();
    const { client, media, queue } = place;
    const get = async (url: string): Promise<Buffer> => {
      const answer = await media(new Request(`http://host/${url}`));
      expect([url, answer.status]).toEqual([url, 200]);
      return await sharp(Buffer.from(await answer.arrayBuffer()))
        .raw()
        .toBuffer();
    };
    const logs = join(root, 'library', 'cache', 'previews');
    const preview = await get(`preview/${photoId}?recipe=${encodeURIComponent(JSON.stringify(recipe))}&region=512,0,512,512`);
    expect(await readdir(logs)).toHaveLength(1);

    await client.queue.add({ choice: { ids: [photoId] }, recipe });
    await queue.run();
    const { results } = await client.review.list({ photoIds: [photoId] });
    expect(preview.equals(await get(`result/${results[0]?.id ?? 0}/0/1_0`))).toBe(true);
    expect(await readdir(logs)).toEqual([]);
  });

  it('takes no path from a caller, only words that it issued itself', async () => {
    const { client } = await open();
    await expect(client.library.add({ grants: ['/etc'] })).rejects.toMatchObject({ code: 'not-found' });
    const request = { folder: root, settings: {} };
    await expect(client.export.add(request)).rejects.toMatchObject({ code: 'not-found' });
    await expect(client.export.preview(request)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('tells the state of the queue first, then what changes, and every event as it was agreed on', async () => {
    const { place, photoId } = await withPhoto();
    const statuses: EventValue<'queue'>[] = [];
    const jobs: EventValue<'job'>[] = [];
    place.events.subscribe('queue', (status) => statuses.push(status));
    place.events.subscribe('job', (job) => jobs.push(job));
    expect(statuses).toMatchObject([{ counts: { queued: 0 } }]);
    await place.client.queue.add({ choice: { ids: [photoId] }, recipe });
    await place.queue.run();
    expect(statuses.at(-1)).toMatchObject({ counts: { queued: 0, running: 0, done: 1 }, whole: { fraction: 1 } });
    for (const status of statuses) expect(events.queue.parse(status)).toEqual(status);
    for (const job of jobs) expect(events.job.parse(job)).toEqual(job);
    const fractions = jobs.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(jobs.at(-1)).toMatchObject({ status: { state: 'done' }, name: 'phone-6.jpg', fraction: 1 });
  });

  it('is open once, and again as soon as it is closed', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({ code: 'conflict' });
    await first.close();
    await first.close();
    expect(await (await open()).client.library.count()).toEqual({ count: 0 });
  });

  it('remembers the limit of its cache', async () => {
    const first = await open();
    await first.client.cache.setLimit({ limitBytes: 3e9 });
    await first.close();
    expect(await (await open()).client.cache.status()).toMatchObject({ limitBytes: 3e9 });
  });

  it('makes a backup when the newest is a day old and something changed since', async () => {
    const backups = async (): Promise<string[]> => await readdir(join(root, 'library', 'backups')).catch(() => []);
    await (await open()).close();
    const [first] = await backups();
    await (await open()).close();
    expect(await backups()).toEqual([first]);
    // As if that had been the day before yesterday.
    const old = '2020-01-01T00-00-00.000Z';
    const path = join(root, 'library', 'backups', first!.replace(/catalog-.*Z/, `catalog-${old}`));
    await rename(join(root, 'library', 'backups', first!), path);
    await (await open()).close();
    expect(await backups()).toHaveLength(2);
    expect(said).toEqual([]);
  });

  it('keeps its cache beside a catalog that was named', async () => {
    const { place } = await withPhoto();
    expect(await place.client.cache.status()).toMatchObject({ thumbnails: 1 });
    expect((await stat(join(root, 'library', 'cache', 'thumbnails'))).isDirectory()).toBe(true);
  });

  it('looks at a photo again whose thumbnail left the cache', async () => {
    const { place, photoId } = await withPhoto();
    await place.client.cache.clear();
    expect((await place.media(new Request(`http://host/thumbnail/${photoId}`))).status).toBe(200);
  });

  it('looks at nothing before it is asked to', async () => {
    const place = await open();
    await place.client.album.create({ name: 'a' });
    await cutOutPng(root, { width: 20, height: 20 });
    await place.client.library.add({ grants: [place.grants.issue(join(root, 'cut-out.png'))] });
    expect(await place.client.library.list({})).toMatchObject({ photos: [{ name: 'cut-out.png', width: null }] });
  });
});
