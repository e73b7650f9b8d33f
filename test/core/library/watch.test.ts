import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeScanDisk, type ScanDisk } from '../../../core/library/scan-disk.ts';
import { watchLibrary, type Watcher, type WatchOptions } from '../../../core/library/watch.ts';
import type { ScanReport } from '../../../core/photo/library-view.ts';
import { scanPlace, type ScanPlace } from './scan-place.ts';

let place: ScanPlace;
let watcher: Watcher | null = null;
let reports: ScanReport[] = [];
let problems: unknown[] = [];
beforeEach(() => {
  place = scanPlace();
  reports = [];
  problems = [];
});
afterEach(async () => {
  await watcher?.close();
  watcher = null;
  place.remove();
});

function start(options: Partial<WatchOptions>): Watcher {
  return watchLibrary({
    ...place,
    onScanned: (report) => reports.push(report),
    onTrouble: (error) => problems.push(error),
    settleMs: 30,
    checkMs: 100,
    sweepMs: 3_600_000,
    ...options,
  });
}

/** Starts a watcher and waits for the scan with which it begins. */
async function watchIt(options: Partial<WatchOptions> = {}): Promise<void> {
  watcher = start(options);
  await quiet();
}

/** Waits until no scan came for a while. */
async function quiet(): Promise<void> {
  for (let before = -1; before !== reports.length;) {
    before = reports.length;
    await wait(300);
  }
}

async function expectPresent(paths: readonly string[]): Promise<void> {
  await expect.poll(() => place.present(), { timeout: 10_000 }).toEqual(paths);
}

describe('a watched root', () => {
  it('follows what happens to files', async () => {
    place.space.put('in/a.jpg', 'a');
    place.space.put('in/deep/b.jpg', 'b');
    await place.add('in', { watch: true });
    await watchIt();
    place.space.put('in/deep/new.jpg', 'new');
    await expectPresent(['in/a.jpg', 'in/deep/b.jpg', 'in/deep/new.jpg']);
    const id = place.idOf('in/a.jpg');
    renameSync(place.space.path('in/a.jpg'), place.space.path('in/deep/a.jpg'));
    rmSync(place.space.path('in/deep/b.jpg'));
    await expectPresent(['in/deep/a.jpg', 'in/deep/new.jpg']);
    expect(place.idOf('in/deep/a.jpg')).toBe(id);
    place.space.put('in/deep/new.jpg', 'changed');
    await expect.poll(() => reports.some(({ changed }) => changed > 0)).toBe(true);
  });

  it('follows folders that come, are renamed, and go', async () => {
    place.space.put('in/a.jpg', 'a');
    await place.add('in', { watch: true });
    await watchIt();
    place.space.put('in/one/two/b.jpg', 'b');
    await expectPresent(['in/a.jpg', 'in/one/two/b.jpg']);
    await quiet();
    renameSync(place.space.path('in/one'), place.space.path('in/uno'));
    await expectPresent(['in/a.jpg', 'in/uno/two/b.jpg']);
    await quiet();
    place.space.put('in/uno/two/c.jpg', 'c');
    await expectPresent(['in/a.jpg', 'in/uno/two/b.jpg', 'in/uno/two/c.jpg']);
    rmSync(place.space.path('in/uno'), { recursive: true });
    await expectPresent(['in/a.jpg']);
  });

  it('is asked a few times, not once for each of many files', async () => {
    place.space.put('in/a.jpg', 'a');
    await place.add('in', { watch: true });
    await watchIt({ settleMs: 100 });
    const before = reports.length;
    for (let index = 0; index < 500; index += 1) place.space.put(`in/${String(index % 5)}/${String(index)}.jpg`, 'x');
    await expect.poll(() => place.present().length, { timeout: 10_000 }).toBe(501);
    await quiet();
    expect(reports.length - before).toBeLessThan(20);
  });

  it('is not asked for hidden files', async () => {
    place.space.put('in/a.jpg', 'a');
    await place.add('in', { watch: true });
    await watchIt();
    const before = reports.length;
    place.space.put('in/.a.jpg.part', 'half');
    place.space.put('in/.git/objects/x', 'x');
    await quiet();
    expect(reports).toHaveLength(before);
  });

  it('that is flat does not look below', async () => {
    place.space.put('in/a.jpg', 'a');
    mkdirSync(place.space.path('in/deep'));
    await place.add('in', { watch: true, recursive: false });
    await watchIt();
    place.space.put('in/deep/c.jpg', 'c');
    place.space.put('in/b.jpg', 'b');
    await expectPresent(['in/a.jpg', 'in/b.jpg']);
  });

  it.runIf(process.platform === 'linux')('costs a watch for each folder, not for each file', async () => {
    for (let index = 0; index < 100; index += 1) place.space.put(`in/${String(index % 4)}/${String(index)}.jpg`, 'x');
    await place.add('in', { watch: true });
    const before = systemWatches();
    await watchIt();
    expect(systemWatches() - before).toBe(5);
    await watcher?.close();
    expect(systemWatches()).toBe(before);
  });
});

describe('the watcher', () => {
  it('leaves other roots alone until they are to be watched', async () => {
    place.space.put('in/a.jpg', 'a');
    await place.add('in');
    await watchIt();
    place.space.put('in/b.jpg', 'b');
    await quiet();
    expect(place.present()).toEqual(['in/a.jpg']);
    await place.add('in', { watch: true });
    watcher?.refresh();
    await quiet();
    place.space.put('in/c.jpg', 'c');
    await expectPresent(['in/a.jpg', 'in/b.jpg', 'in/c.jpg']);
    place.catalog.photos.removeRoot(place.catalog.photos.roots()[0]!.id);
    watcher?.refresh();
    const before = reports.length;
    place.space.put('in/d.jpg', 'd');
    await quiet();
    expect(reports).toHaveLength(before);
  });

  it('asks now and then for what no event told', async () => {
    place.space.put('in/a.jpg', 'a');
    await place.add('in', { watch: true });
    watcher = start({ sweepMs: 100 });
    await expect.poll(() => reports.length, { timeout: 10_000 }).toBeGreaterThan(4);
  });

  it('says when it cannot hear, and still finds what the first scan finds', async () => {
    place.space.put('in/a.jpg', 'a');
    await place.add('in', { watch: true });
    place.space.put('in/b.jpg', 'b');
    const deaf: ScanDisk = {
      ...nodeScanDisk,
      list() {
        throw Object.assign(new Error('ENOSPC: simulated'), { code: 'ENOSPC' });
      },
    };
    await watchIt({ disk: deaf });
    expect(problems).toHaveLength(1);
    expect(String(problems[0])).toContain('ENOSPC');
    expect(place.present()).toEqual(['in/a.jpg', 'in/b.jpg']);
  });

  it('reports nothing after it was closed, even in the middle of a scan', async () => {
    for (let index = 0; index < 300; index += 1) place.space.put(`in/${String(index)}.jpg`, 'x');
    await place.add('in', { watch: true });
    watcher = start({ settleMs: 0 });
    await wait(5);
    await watcher.close();
    const before = reports.length;
    place.space.put('in/late.jpg', 'late');
    await wait(300);
    expect(reports).toHaveLength(before);
    expect(problems).toEqual([]);
  });
});

/** How many things this process has the system watch. */
function systemWatches(): number {
  return readdirSync('/proc/self/fdinfo').reduce((sum, name) => sum + watchesOf(`/proc/self/fdinfo/${name}`), 0);
}

function watchesOf(path: string): number {
  try {
    return readFileSync(path, 'utf8').match(/^inotify /gm)?.length ?? 0;
  } catch {
    // The descriptor that listed the others is gone again.
    return 0;
  }
}
