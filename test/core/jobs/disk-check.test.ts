import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDisks, type DiskUse } from '../../../core/jobs/disk-check.ts';
import { nodeFileOps } from '../../../core/disk/file-ops.ts';
import { byteText } from '../../../core/disk/write-failure.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

const job = (folder: string, outputBytes: number, scratchBytes: number, cached = false): DiskUse => ({
  folder: space.path(folder),
  plan: { outputBytes, scratchBytes },
  cached,
});
const withFree = (free: number | (() => Promise<number>)) => ({
  ...nodeFileOps,
  freeBytes: typeof free === 'number' ? () => Promise.resolve(free) : free,
});

describe('the disk check', () => {
  it('adds all results and the largest scratch on one disk', async () => {
    const jobs = [job('out', 1000, 5000), job('out/deep/deeper', 2000, 3000)];
    const least = 3000 * 1.1 + 5000;
    expect(await checkDisks(jobs, space.state, withFree(least))).toMatchObject({
      outputBytes: 3000,
      scratchBytes: 5000,
      freeBytes: least,
      failure: null,
    });
    expect((await checkDisks(jobs, space.state, withFree(least - 1))).failure).toMatchObject({ code: 'disk-full' });
  });

  it('adds the scratch of as many photos as are worked on at once', async () => {
    const jobs = [job('out', 0, 5000), job('out', 0, 1000), job('out', 0, 3000), job('out', 0, 9000, true)];
    for (const [atOnce, scratchBytes] of [
      [1, 5000],
      [2, 8000],
      [3, 9000],
      [9, 9000],
    ] as const) {
      expect(await checkDisks(jobs, space.state, withFree(scratchBytes), atOnce)).toMatchObject({ scratchBytes, failure: null });
      expect((await checkDisks(jobs, space.state, withFree(scratchBytes - 1), atOnce)).failure).not.toBeNull();
    }
  });

  it('asks for no scratch where the result is there already', async () => {
    const jobs = [job('out', 1000, 9000, true), job('out', 2000, 3000)];
    expect(await checkDisks(jobs, space.state, withFree(1e9))).toMatchObject({
      scratchBytes: 3000,
      scratchDiskBytes: 3000 * 1.1 + 3000,
    });
  });

  it('says how much is needed, where, and how much there is', async () => {
    const { failure } = await checkDisks([job('out', 2e9, 1e9)], space.state, withFree(1.5e9));
    expect(failure?.message).toContain('3.2 GB');
    expect(failure?.message).toContain('1.5 GB');
    expect(failure?.message).toContain(space.root);
  });

  const shm = '/dev/shm';
  const hasSecondDisk = (() => {
    try {
      return statSync(shm).dev !== statSync(dirname(new URL(import.meta.url).pathname)).dev;
    } catch {
      return false;
    }
  })();
  it.runIf(hasSecondDisk)('counts scratch on another disk apart', async () => {
    const free = (path: string) => Promise.resolve(path.startsWith(shm) ? 4000 : 1e12);
    const { failure, freeBytes } = await checkDisks([job('out', 1000, 5000)], shm, { ...nodeFileOps, freeBytes: free });
    expect(freeBytes).toBe(1e12);
    expect(failure?.message).toContain('ENLARGER_CACHE');
  });

  it('does not refuse a disk that cannot tell', async () => {
    expect(
      await checkDisks(
        [job('out', 1000, 5000)],
        space.state,
        withFree(() => Promise.reject(new Error('ENOSYS'))),
      ),
    ).toMatchObject({ failure: null, freeBytes: Infinity });
  });
});

describe('bytes in words', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [123_456, '123 kB'],
    [999_400, '999 kB'],
    [999_600, '1.0 MB'],
    [1.5e9, '1.5 GB'],
    [3e15, '3000 TB'],
  ])('%d is %s', (bytes, text) => {
    expect(byteText(bytes)).toBe(text);
  });
});
