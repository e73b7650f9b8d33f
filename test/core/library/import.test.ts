import { appendFileSync, renameSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createImporter, type Importer } from '../../../core/library/import.ts';
import type { LookCall } from '../../../core/library/import-batch.ts';
import type { Looked } from '../../../core/photo/engine-protocol.ts';
import { EnlargerError, type FailureCode } from '../../../core/photo/failure.ts';
import { photoFacts } from '../../fixtures/facts.ts';
import { noDetails } from '../../../core/photo/photo-details.ts';
import { hashingLook, scanPlace, type ScanPlace } from './scan-place.ts';

let place: ScanPlace;
afterEach(() => {
  place.remove();
});

const { signal } = new AbortController();

/** A library of `count` photos that nobody has looked at. */
async function library(count: number): Promise<number[]> {
  place = scanPlace();
  for (let index = 0; index < count; index += 1) place.space.put(`in/${String(index)}.jpg`, `photo ${String(index)}`);
  if (count === 0) place.space.put('in/.keep', '');
  return (await place.add('in')).ids;
}

interface Thumbnails {
  readonly adopted: string[];
  readonly dropped: string[];
}

function importerWith(look: LookCall, thumbnails: Thumbnails = { adopted: [], dropped: [] }): Importer {
  let drafts = 0;
  return createImporter({
    catalog: place.catalog,
    look,
    thumbnails: {
      draft: async () => Promise.resolve(`draft-${String((drafts += 1))}`),
      adopt: async (draft, sha256, orientation) => {
        thumbnails.adopted.push(`${draft} ${sha256.slice(0, 4)} ${String(orientation)}`);
        await Promise.resolve();
      },
      drop: async (draft) => {
        thumbnails.dropped.push(draft);
        await Promise.resolve();
      },
    },
  });
}

function unlooked(): number {
  return place.catalog.photos.toLookAt(100_000).length;
}

function failureOf(id: number): FailureCode | null {
  return place.catalog.photos.get(id)?.failure?.code ?? null;
}

function died(): EnlargerError {
  return new EnlargerError('device-failed', 'The engine ended.', { retry: true });
}

describe('looking at everything', () => {
  it('keeps the engine busy with several batches, and records each in the order it was found', async () => {
    await library(200);
    let underWay = 0;
    let most = 0;
    const seen: number[] = [];
    const importer = importerWith(async (items, itsSignal) => {
      most = Math.max(most, (underWay += 1));
      // The later batches come back first.
      await new Promise((resolve) => setTimeout(resolve, 20 / most));
      underWay -= 1;
      return await hashingLook(items, itsSignal);
    });
    const report = await importer.lookAtAll(signal, { onLooked: (ids) => seen.push(...ids) });
    expect(report).toEqual({ looked: 200, failed: 0 });
    expect(most).toBeGreaterThan(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(unlooked()).toBe(0);
  });

  it('stores thumbnails under the content, and drops what came to nothing', async () => {
    await library(3);
    const looks: Looked[] = [
      looked('aaaa', 6, { width: 5, height: 5, bytes: 77 }),
      { ok: false, failure: { code: 'damaged', message: 'It is cut.' } },
      looked('bbbb', 1, null),
    ];
    const thumbnails: Thumbnails = { adopted: [], dropped: [] };
    const importer = importerWith(async () => Promise.resolve(looks), thumbnails);
    expect(await importer.lookAtAll(signal)).toEqual({ looked: 3, failed: 1 });
    expect(thumbnails).toEqual({ adopted: ['draft-1 aaaa 6'], dropped: ['draft-2', 'draft-3'] });
  });

  it('forgets what only looked like a photo, and keeps what is called one', async () => {
    await library(0);
    place.space.put('in/data', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('no photo')]));
    place.space.put('in/letter.jpg', 'no photo');
    await place.add('in');
    await place.lookAtAll();
    expect(place.present()).toEqual(['in/letter.jpg']);
    expect(failureOf(place.idOf('in/letter.jpg'))).toBe('not-a-photo');
    expect(place.space.list('in')).toEqual(['.keep', 'data', 'letter.jpg']);
  });

  it('lets a photo that takes the engine with it fail alone, after two attempts', async () => {
    const ids = await library(150);
    const poison = [place.space.path('in/17.jpg'), place.space.path('in/99.jpg')];
    const attempts = new Map<string, number>();
    const importer = importerWith(async (items, itsSignal) => {
      for (const { path } of items) attempts.set(path, (attempts.get(path) ?? 0) + 1);
      if (items.some(({ path }) => poison.includes(path))) throw died();
      return await hashingLook(items, itsSignal);
    });
    expect(await importer.lookAtAll(signal)).toEqual({ looked: 150, failed: 2 });
    expect(ids.filter((id) => failureOf(id) !== null)).toEqual(['in/17.jpg', 'in/99.jpg'].map(place.idOf).sort((a, b) => a - b));
    expect(Math.max(...attempts.values())).toBe(2);
    expect(unlooked()).toBe(0);
    expect(await importer.lookAtAll(signal)).toEqual({ looked: 0, failed: 0 });
  });

  it('blames no photos for an engine that never works', async () => {
    const ids = await library(200);
    const importer = importerWith(async () => Promise.reject(died()));
    await expect(importer.lookAtAll(signal)).rejects.toMatchObject({ code: 'device-failed' });
    expect(ids.filter((id) => failureOf(id) !== null).length).toBeLessThanOrEqual(10);
    expect(await importerWith(hashingLook).lookAtAll(signal)).toMatchObject({ failed: 0 });
  });

  it.each(['disk-full', 'not-writable'] as const)('stops when the cache is %s, and goes on later', async (code) => {
    const ids = await library(100);
    const full = importerWith(async (items) =>
      Promise.resolve(items.map((): Looked => ({ ok: false, failure: { code, message: 'Make room.' } }))),
    );
    await expect(full.lookAtAll(signal)).rejects.toMatchObject({ code });
    await expect(full.lookAt(ids, signal)).rejects.toMatchObject({ code });
    expect(ids.map(failureOf)).toEqual(ids.map(() => null));
    expect(unlooked()).toBe(100);
    expect(await importerWith(hashingLook).lookAtAll(signal)).toEqual({ looked: 100, failed: 0 });
  });

  it('leaves what changes meanwhile to the next scan, and ends', async () => {
    await library(3);
    const importer = importerWith(async (items, itsSignal) => {
      for (const { path } of items) if (path.endsWith('/1.jpg')) appendFileSync(path, ' and more');
      const looks = await hashingLook(items, itsSignal);
      return looks.map((each, index): Looked =>
        items[index]?.path.endsWith('/2.jpg') === true
          ? { ok: false, failure: { code: 'source-changed', message: 'It changed.', retry: true } }
          : each,
      );
    });
    await importer.lookAtAll(signal);
    expect(unlooked()).toBe(2);
    await place.update();
    expect(unlooked()).toBe(0);
  });

  it('stops when it is asked to, and keeps what was seen', async () => {
    await library(320);
    const stop = new AbortController();
    let batches = 0;
    const importer = importerWith(async (items, itsSignal) => {
      batches += 1;
      if (batches === 5) stop.abort(new EnlargerError('cancelled', 'Stopped as asked.'));
      itsSignal.throwIfAborted();
      return await hashingLook(items, itsSignal);
    });
    await expect(importer.lookAtAll(stop.signal)).rejects.toMatchObject({ code: 'cancelled' });
    const left = unlooked();
    expect(left).toBeLessThan(320);
    expect(left).toBeGreaterThan(0);
    expect(await importerWith(hashingLook).lookAtAll(signal)).toEqual({ looked: left, failed: 0 });
  });

  it('sees what was added while it looks', async () => {
    await library(40);
    let isFirst = true;
    const importer = importerWith(async (items, itsSignal) => {
      if (isFirst) {
        isFirst = false;
        place.space.put('in/late.jpg', 'late');
        await place.scanner.scan();
      }
      return await hashingLook(items, itsSignal);
    });
    await importer.lookAtAll(signal);
    expect(unlooked()).toBe(0);
  });
});

describe('looking at some', () => {
  it('says in order what became of each', async () => {
    await library(2);
    place.space.put('in/letter.jpg', 'no photo');
    place.space.put('in/lost.jpg', 'lost');
    await place.add('in');
    renameSync(place.space.path('in/lost.jpg'), place.space.path('gone'));
    await place.scanner.scan();
    const ids = ['in/letter.jpg', 'in/0.jpg', 'in/lost.jpg', 'in/1.jpg'].map(place.idOf);
    const outcomes = await importerWith(hashingLook).lookAt(ids, signal);
    expect(outcomes.map((failure) => failure?.code ?? null)).toEqual(['not-a-photo', null, 'not-found', null]);
    expect(failureOf(place.idOf('in/lost.jpg'))).toBeNull();
    expect(unlooked()).toBe(0);
  });

  it('rejects when the engine is lost, and records a photo that does it alone', async () => {
    const ids = await library(3);
    const importer = importerWith(async () => Promise.reject(died()));
    await expect(importer.lookAt(ids, signal)).rejects.toMatchObject({ code: 'device-failed', retry: true });
    expect(ids.map(failureOf)).toEqual([null, null, null]);
    await expect(importer.lookAt(ids.slice(0, 1), signal)).rejects.toMatchObject({ code: 'device-failed' });
    expect(ids.map(failureOf)).toEqual(['device-failed', null, null]);
    expect(await importerWith(hashingLook).lookAt(ids, signal)).toEqual([null, null, null]);
    expect(ids.map(failureOf)).toEqual([null, null, null]);
  });
});

describe('content that was lost turns up', () => {
  it('and what the user said of the new file in the meantime stays too', async () => {
    await library(1);
    await place.lookAtAll();
    const lost = place.idOf('in/0.jpg');
    place.catalog.photos.rate([lost], 5);
    renameSync(place.space.path('in/0.jpg'), place.space.path('gone'));
    await place.update();
    place.space.put('in/new.jpg', 'photo 0');
    await place.scanner.scan();
    const early = place.idOf('in/new.jpg');
    place.catalog.albums.create('Early');
    place.catalog.albums.add('Early', [early]);
    await place.lookAtAll();
    expect(place.idOf('in/new.jpg')).toBe(lost);
    expect(place.catalog.photos.page(lost, () => false)).toMatchObject({ rating: 5, state: 'none' });
    expect(place.catalog.photos.page(early, () => false).albums).toEqual(['Early']);
    expect(place.present()).toEqual(['in/new.jpg']);
  });
});

function looked(sha256: string, orientation: number, thumbnail: Extract<Looked, { ok: true }>['thumbnail']): Looked {
  const facts = photoFacts({ sha256: sha256.repeat(16), orientation, fileBytes: 'photo 0'.length });
  return { ok: true, facts, details: noDetails, damaged: false, thumbnail };
}
