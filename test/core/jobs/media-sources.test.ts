import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMedia, type Media } from '../../../core/api/media.ts';
import { openCache, type Cache } from '../../../core/cache/cache.ts';
import { resultKey } from '../../../core/cache/result-key.ts';
import type { Engine } from '../../../core/jobs/engine-client.ts';
import { openMediaSources, type OpenedMediaSources } from '../../../core/jobs/media-sources.ts';
import type { PhotoFacts } from '../../../core/photo/facts.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { pixelVersion } from '../../../core/photo/result.ts';
import type { PhotoRecord, ResultRecord } from '../../../core/photo/stores.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { photoFacts } from '../../fixtures/facts.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';
import { fakePhoto } from '../../fixtures/fake-photo.ts';
import { writeFakeThumbnail } from '../../fixtures/fake-results.ts';

let root: string;
let cache: Cache;
let engine: Engine;
let sources: OpenedMediaSources;
let media: Media;
let facts: PhotoFacts;
let renders: number;
let thumbnailsMade: number;
let dieAtTile: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'enlarger-media-'));
  await mkdir(join(root, 'scratch'));
  const path = join(root, 'photo.jpg');
  const photo = fakePhoto({ width: 1000, height: 600 });
  await writeFile(path, photo);
  facts = photoFacts({ width: 1000, height: 600, sha256: createHash('sha256').update(photo).digest('hex') });
  cache = await openCache({ directory: join(root, 'cache'), limitBytes: 1e9 });
  [renders, thumbnailsMade, dieAtTile] = [0, 0, 0];
  engine = localEngine({
    render: (params, context) => {
      renders += 1;
      return fakeHandlers.render(params, context);
    },
    tile: (params, context) => {
      dieAtTile -= 1;
      if (dieAtTile === 0) throw new EnlargerError('device-failed', 'It died.', { retry: true });
      return fakeHandlers.tile(params, context);
    },
  });
  const record = (id: number): PhotoRecord | null =>
    id > 2
      ? null
      : {
          id,
          path,
          name: 'photo.jpg',
          folder: root,
          facts: id === 1 ? facts : null,
          details: null,
          offline: false,
          failure: null,
          album: null,
        };
  sources = openMediaSources({
    photos: { get: record },
    results: { get: (id) => resultRecord(id) },
    cache,
    engine,
    originals: engine,
    spared: () => ({ pinned: new Set(), unreviewed: new Set() }),
    preview: () => Promise.resolve(null),
    makeThumbnail: async () => {
      thumbnailsMade += 1;
      const draft = await cache.thumbnails.draft();
      await writeFakeThumbnail(draft, { width: 4, height: 3 });
      await cache.thumbnails.adopt(draft, facts.sha256, facts.orientation);
    },
    scratchDirectory: join(root, 'scratch'),
  });
  media = createMedia(sources);
});
afterEach(async () => {
  await sources.close();
  await cache.close();
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

/** Result 1 has the key of the original's pyramid, 2 is not made yet, 3 left the cache. */
function resultRecord(id: number): ResultRecord | null {
  if (id > 3) return null;
  const key = id === 3 ? 'f'.repeat(64) : originalKey();
  return { id, key, state: id === 2 ? 'pending' : 'ready' } as ResultRecord;
}
function originalKey(): string {
  const { sha256, orientation } = facts;
  return resultKey({ sourceSha256: sha256, orientation, modelSha256: null, passes: 0, strength: 0, resize: null, pixelVersion });
}
const ask = (path: string, signal?: AbortSignal): Promise<Response> =>
  media(new Request(`http://host/${path}`, signal === undefined ? {} : { signal }));

describe('pictures for the screen', () => {
  it('are tiles of the original, from a pyramid that is made once and kept', async () => {
    const answers = await Promise.all([
      ask('original/1/info'),
      ask('original/1/0/0_0'),
      ask('original/1/1/0_0'),
      ask('original/1/0/1_1'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await answers[0].json()).toEqual({ key: originalKey(), width: 1000, height: 600, tileSide: 512, levels: 11 });
    expect(await answers[1].text()).toBe('FAKE TILE');
    await ask('original/1/0/0_1');
    expect(renders).toBe(1);
    expect(await cache.results.keys()).toEqual([originalKey()]);
    expect(await readdir(join(root, 'scratch'))).toEqual([]);
  });

  it('are tiles of results whose pixels are there', async () => {
    expect((await ask('result/1/info')).status).toBe(404);
    await ask('original/1/info');
    expect((await ask('result/1/0/1_1')).status).toBe(200);
    for (const missing of ['result/2/info', 'result/3/0/0_0', 'result/4/info', 'original/2/info', 'original/3/0/0_0'])
      expect([missing, (await ask(missing)).status]).toEqual([missing, 404]);
  });

  it('are thumbnails, which are made again when they left the cache', async () => {
    for (let round = 1; round <= 2; round += 1) {
      const answer = await ask('thumbnail/1');
      expect([answer.status, await answer.text()]).toEqual([200, 'FAKE THUMBNAIL 4x3']);
      expect((await ask('thumbnail/1')).status).toBe(200);
      expect(thumbnailsMade).toBe(round);
      await cache.clear({ pinned: new Set() });
    }
    expect((await ask('thumbnail/2')).status).toBe(404);
  });

  it('are tried once more when the engine dies of a tile, and leave no file behind', async () => {
    await ask('original/1/info');
    dieAtTile = 1;
    expect((await ask('original/1/0/0_0')).status).toBe(200);
    const drafts = await readdir(join(cache.directory, 'drafts'), { recursive: true });
    expect(drafts.filter((name) => name.endsWith('.tile'))).toEqual([]);
    await sources.close();
    expect(await readdir(join(cache.directory, 'drafts'))).toEqual([]);
  });

  it('are never wrong: damaged pixels are removed and, for an original, made again', async () => {
    await ask('original/1/info');
    const [pixels] = (await readdir(cache.directory, { recursive: true })).filter((name) => name.endsWith('pixels.tif'));
    const path = join(cache.directory, pixels!);
    const bytes = await readFile(path);
    bytes[5] = bytes[5]! ^ 1;
    await writeFile(path, bytes);
    expect((await ask('original/1/0/0_0')).status).toBe(500);
    expect(await cache.results.keys()).toEqual([]);
    expect((await ask('original/1/0/0_0')).status).toBe(200);
    expect(renders).toBe(2);
  });

  it('survive that the whole cache is deleted under them', async () => {
    expect((await ask('original/1/0/0_0')).status).toBe(200);
    await rm(cache.directory, { recursive: true });
    expect((await ask('original/1/0/0_0')).status).toBe(200);
    expect(renders).toBe(2);
  });

  it('are not made for somebody who has gone, unless another one waits', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const answers = [ask('original/1/info', first.signal), ask('original/1/info', second.signal)];
    first.abort();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([500, 200]);
    await cache.clear({ pinned: new Set() });
    const third = new AbortController();
    const alone = ask('original/1/info', third.signal);
    while (renders < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    third.abort();
    expect((await alone).status).toBe(500);
    expect(await cache.results.keys()).toEqual([]);
    expect((await ask('original/1/info')).status).toBe(200);
  });
});
