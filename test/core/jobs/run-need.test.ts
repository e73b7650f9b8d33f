import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Room } from '../../../core/cache/result-cache.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { runNeed, type RunNeed } from '../../../core/jobs/run-need.ts';
import { roomFor } from '../../../core/jobs/run-room.ts';
import type { RunPhoto } from '../../../core/jobs/run-work.ts';
import { workMemoryBytes } from '../../../core/jobs/work-memory.ts';
import { photoFacts } from '../../fixtures/facts.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => (space = workspace()));
afterEach(() => space.remove());

interface Size {
  readonly scratchBytes?: number;
  readonly resultBytes?: number;
  readonly format?: 'jpeg' | 'avif';
  /** Of the output. */
  readonly pixels?: number;
}

/** What is asked of a photo here. */
function photo({ scratchBytes = 0, resultBytes = 0, format = 'jpeg', pixels = 100 }: Size): RunPhoto {
  const output = { width: 10, height: pixels / 10, format, quality: null };
  const plan = { output, outputBytes: 0, scratchBytes, resultBytes };
  return { photo: { folder: space.path('out'), plan, facts: photoFacts(), model: null }, made: null } as unknown as RunPhoto;
}

const files = (free: number): typeof nodeFileOps => ({ ...nodeFileOps, freeBytes: () => Promise.resolve(free) });
/** Bytes that the cache gave up. */
let evicted: number[];
const makeRoom = (bytes: number): Promise<Room> => {
  evicted.push(bytes);
  return Promise.resolve({ freedBytes: 0, shortBytes: 0 });
};

async function need(photos: readonly RunPhoto[], free: number, most: number): Promise<RunNeed> {
  evicted = [];
  const means = { files: files(free), devices: { mostAtOnce: () => most } };
  return await runNeed({ cache: { results: { makeRoom } } } as never, means, photos, space.state);
}

describe('how many photos of a run are worked on at once', () => {
  const large = (): RunPhoto[] => Array.from({ length: 4 }, () => photo({ scratchBytes: 1000 }));

  it('is as many as there are places, where the disk holds the intermediate pictures of all of them', async () => {
    expect(await need(large(), 3000, 3)).toMatchObject({ atOnce: 3, need: { scratchBytes: 3000, failure: null } });
    expect(await need(large(), 3000, 1)).toMatchObject({ atOnce: 1, need: { scratchBytes: 1000 } });
    expect(await need(large().slice(2), 3000, 3)).toMatchObject({ atOnce: 2, need: { scratchBytes: 2000 } });
  });

  it('is fewer where it does not, before the run is refused or results have to give way', async () => {
    expect(await need(large(), 2999, 3)).toMatchObject({ atOnce: 2, need: { failure: null } });
    expect(await need(large(), 1000, 3)).toMatchObject({ atOnce: 1, need: { failure: null } });
    expect(evicted).toEqual([]);
    const { atOnce, need: refused } = await need(large(), 999, 3);
    expect([atOnce, refused.failure?.code, evicted]).toEqual([1, 'disk-full', [1000]]);
  });

  it('is fewer where their encoders would take too much memory together', async () => {
    // AVIF takes 36 bytes a pixel.
    const pixels = Math.floor(workMemoryBytes() / 36 / 20) * 10;
    const photos = Array.from({ length: 4 }, () => photo({ format: 'avif', pixels }));
    expect((await need(photos, 1e12, 3)).atOnce).toBe(2);
    expect((await need([...photos.slice(0, 2), photo({}), photo({})], 1e12, 3)).atOnce).toBe(3);
  });
});

describe('room for a result of a run', () => {
  it('is kept for what is made at the same time, too', async () => {
    const photos = Array.from({ length: 4 }, () => photo({ scratchBytes: 100, resultBytes: 1000 }));
    evicted = [];
    const keeps = async (free: number, atOnce: number): Promise<boolean> => {
      const inCache = { directory: space.path('cache'), results: { makeRoom } } as unknown as Parameters<typeof roomFor>[0];
      return await roomFor(inCache, photos, space.state, files(free), atOnce)(photos[0]!.photo as never);
    };
    for (const [atOnce, least] of [
      [1, 1100],
      [3, 3300],
    ] as const)
      expect([await keeps(least - 1, atOnce), await keeps(least, atOnce)]).toEqual([false, true]);
  });
});
