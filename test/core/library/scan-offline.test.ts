import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeScanDisk, type ScanDisk } from '../../../core/library/scan-disk.ts';
import { watchLibrary } from '../../../core/library/watch.ts';
import { scanPlace, treasure, type ScanPlace } from './scan-place.ts';

const photoCount = 1000;

/** What the disk does to the root, and how it is undone. */
interface Absence {
  readonly leave: () => void;
  readonly comeBack: () => void;
}

let place: ScanPlace;
let disk: ScanDisk;
/** Whatever the test wants the disk to be now. */
let faults: Partial<ScanDisk> = {};
beforeEach(() => {
  faults = {};
  disk = {
    list: (folder) => (faults.list ?? nodeScanDisk.list)(folder),
    tryList: (folder) => (faults.tryList ?? nodeScanDisk.tryList)(folder),
    status: (path) => (faults.status ?? nodeScanDisk.status)(path),
    realPath: nodeScanDisk.realPath,
    head: nodeScanDisk.head,
    volume: nodeScanDisk.volume,
  };
  place = scanPlace({ disk });
  mkdirSync(place.space.path('drive'));
});
afterEach(() => {
  if (process.getuid?.() === 0) process.seteuid?.(0);
  place.remove();
});

/** A thousand photos in twenty folders, each with something to lose. */
async function fill(): Promise<number[]> {
  for (let index = 0; index < photoCount; index += 1)
    place.space.put(`drive/${String(index % 20)}/${String(index)}.jpg`, `photo ${String(index)}`);
  const { ids } = await place.add('drive');
  expect(ids).toHaveLength(photoCount);
  await place.lookAtAll();
  place.catalog.transaction(() => {
    for (const id of ids) treasure(place.catalog, id, 1 + (id % 5));
  });
  place.looked.length = 0;
  return ids;
}

/** How many photos still have their rating and their accepted result. */
function kept(ids: readonly number[]): number {
  return ids.filter((id) => {
    const { rating, results } = place.catalog.photos.page(id, () => true);
    return rating === 1 + (id % 5) && results.length === 1 && results[0]?.state === 'accepted';
  }).length;
}

function offline(ids: readonly number[]): number {
  return ids.filter((id) => place.catalog.photos.get(id)?.offline === true).length;
}

function missing(ids: readonly number[]): number {
  return ids.filter((id) => place.catalog.photos.file(id)?.missing === true).length;
}

async function expectNothingLost(absence: Absence): Promise<void> {
  const ids = await fill();
  absence.leave();
  const away = await place.update();
  expect(away).toMatchObject({ offlineRoots: [place.space.path('drive')], missing: 0, changed: 0, added: 0 });
  expect([kept(ids), offline(ids), missing(ids)]).toEqual([photoCount, photoCount, 0]);
  expect((await place.update()).offlineRoots).toHaveLength(1);
  absence.comeBack();
  const back = await place.update();
  expect(back).toMatchObject({ files: photoCount, unchanged: photoCount, added: 0, changed: 0, moved: 0, offlineRoots: [] });
  expect([kept(ids), offline(ids), missing(ids)]).toEqual([photoCount, 0, 0]);
  expect(place.looked).toEqual([]);
}

function drive(): string {
  return place.space.path('drive');
}
function aside(): string {
  return place.space.path('aside');
}
function system(code: string): Error {
  return Object.assign(new Error(`${code}: simulated`), { code });
}
/** A disk that knows the root, and answers everything else about it with an error. */
function failing(code: string): Partial<ScanDisk> {
  const refuse = (path: string): void => {
    if (path.startsWith(drive())) throw system(code);
  };
  return {
    list(path) {
      refuse(path);
      return nodeScanDisk.list(path);
    },
    tryList: refuse,
    status(path) {
      if (path !== drive()) refuse(path);
      return nodeScanDisk.status(path);
    },
  };
}

describe('a root that is away loses nothing, and is back within one rescan', () => {
  it.each<[string, () => Absence]>([
    ['its folder is gone', () => ({ leave: () => renameSync(drive(), aside()), comeBack: () => renameSync(aside(), drive()) })],
    [
      'an empty mount point is in its place',
      () => ({
        leave: () => {
          renameSync(drive(), aside());
          mkdirSync(drive());
        },
        comeBack: () => {
          rmdirSync(drive());
          renameSync(aside(), drive());
        },
      }),
    ],
    [
      'another drive is in its place',
      () => ({
        leave: () => {
          renameSync(drive(), aside());
          for (let index = 0; index < 50; index += 1)
            place.space.put(`drive/other/${String(index)}.jpg`, `other ${String(index)}`);
        },
        comeBack: () => {
          rmSync(drive(), { recursive: true });
          renameSync(aside(), drive());
        },
      }),
    ],
    [
      'a file is in its place',
      () => ({
        leave: () => {
          renameSync(drive(), aside());
          writeFileSync(drive(), '');
        },
        comeBack: () => {
          rmSync(drive());
          renameSync(aside(), drive());
        },
      }),
    ],
    ['the disk answers with errors', () => ({ leave: () => void (faults = failing('EIO')), comeBack: () => void (faults = {}) })],
    [
      'it may not be read',
      () => {
        // The system lets its administrator read everything.
        const isRoot = process.geteuid?.() === 0;
        return {
          leave: () => {
            chmodSync(place.space.root, 0o755);
            chmodSync(drive(), 0);
            if (isRoot) process.seteuid?.(65_534);
          },
          comeBack: () => {
            if (isRoot) process.seteuid?.(0);
            chmodSync(drive(), 0o755);
          },
        };
      },
    ],
    [
      'and comes back under another device number',
      () => ({
        leave: () => renameSync(drive(), aside()),
        comeBack: () => {
          renameSync(aside(), drive());
          faults = {
            status: (path) => {
              const status = nodeScanDisk.status(path);
              return status === null ? null : { ...status, device: 4711n };
            },
          };
        },
      }),
    ],
  ])('%s', async (_, absence) => {
    await expectNothingLost(absence());
  });

  it('a drive is unmounted, and mounted again', async (context) => {
    const volume = place.space.path('volume');
    mkdirSync(volume);
    try {
      execFileSync('mount', ['-t', 'tmpfs', 'none', volume], { stdio: 'pipe' });
    } catch (error) {
      context.skip(`a drive can only be mounted by the administrator of Linux (${String(error).slice(0, 80)})`);
    }
    const mount = (): void => void execFileSync('mount', ['--bind', `${volume}/photos`, drive()]);
    const unmount = (): void => void execFileSync('umount', [drive()]);
    try {
      mkdirSync(`${volume}/photos`);
      mount();
      await expectNothingLost({ leave: unmount, comeBack: mount });
      unmount();
    } finally {
      execFileSync('umount', [volume]);
    }
  });

  it('it leaves in the middle of a scan', async () => {
    const ids = await fill();
    let asked = 0;
    const leaveAfter = (count: number): void => {
      faults = {
        list: (path) => {
          asked += 1;
          if (asked === count) {
            renameSync(drive(), aside());
            mkdirSync(drive());
          }
          return nodeScanDisk.list(path);
        },
      };
    };
    // The root itself, its first folder, one in the middle, the last.
    for (const count of [1, 2, 10, 21]) {
      asked = 0;
      leaveAfter(count);
      expect(await place.update()).toMatchObject({ offlineRoots: [drive()], missing: 0 });
      expect([kept(ids), offline(ids), missing(ids)]).toEqual([photoCount, photoCount, 0]);
      faults = {};
      rmdirSync(drive());
      renameSync(aside(), drive());
      expect(await place.update()).toMatchObject({ unchanged: photoCount, offlineRoots: [] });
      expect([offline(ids), missing(ids)]).toEqual([0, 0]);
    }
    expect(place.looked).toEqual([]);
  });

  it('while the program runs, without a scan that anybody asked for', async () => {
    const ids = await fill();
    const problems: unknown[] = [];
    const watcher = watchLibrary({
      ...place,
      disk,
      onScanned: () => undefined,
      onTrouble: (error) => problems.push(error),
      settleMs: 10,
      checkMs: 50,
    });
    try {
      renameSync(drive(), aside());
      mkdirSync(drive());
      await expect.poll(() => offline(ids), { timeout: 10_000 }).toBe(photoCount);
      rmdirSync(drive());
      renameSync(aside(), drive());
      await expect.poll(() => offline(ids), { timeout: 10_000 }).toBe(0);
    } finally {
      await watcher.close();
    }
    expect([kept(ids), missing(ids)]).toEqual([photoCount, 0]);
    expect(problems).toEqual([]);
  });
});

describe('a folder within a root', () => {
  it('that may not be read keeps its photos', async () => {
    place.space.put('drive/open/a.jpg', 'a');
    place.space.put('drive/shut/b.jpg', 'b');
    place.space.put('drive/shut/deep/c.jpg', 'c');
    await place.add('drive');
    faults = {
      list: (path) => {
        if (path.endsWith('/shut')) throw system('EACCES');
        return nodeScanDisk.list(path);
      },
    };
    const report = await place.scanner.scan();
    expect(report).toMatchObject({ missing: 0, unchanged: 1 });
    expect(report.skipped).toEqual([{ path: place.space.path('drive/shut'), reason: { code: 'forbidden' } }]);
  });

  it('whose files answer with errors keeps its photos', async () => {
    place.space.put('drive/a.jpg', 'a');
    place.space.put('drive/b.jpg', 'b');
    await place.add('drive');
    faults = {
      status: (path) => {
        if (path.endsWith('/b.jpg')) throw system('EIO');
        return nodeScanDisk.status(path);
      },
    };
    expect(await place.scanner.scan()).toMatchObject({
      missing: 0,
      unchanged: 1,
      skipped: [{ path: place.space.path('drive/b.jpg') }],
    });
  });
});

describe('a root that the user names again', () => {
  it('is taken for what is there now', async () => {
    place.space.put('drive/a.jpg', 'a');
    await place.add('drive');
    await place.lookAtAll();
    renameSync(drive(), aside());
    place.space.put('drive/new.jpg', 'new');
    expect(await place.scanner.scan()).toMatchObject({ offlineRoots: [drive()] });
    expect(await place.add('drive')).toMatchObject({ added: 1, missing: 1, offlineRoots: [] });
    expect(place.present()).toEqual(['drive/new.jpg']);
  });

  it('stays away when there is nothing in it', async () => {
    place.space.put('drive/a.jpg', 'a');
    await place.add('drive');
    renameSync(drive(), aside());
    mkdirSync(drive());
    expect(await place.add('drive')).toMatchObject({ missing: 0, offlineRoots: [drive()] });
  });

  it('under another name takes its photos along', async () => {
    place.space.put('drive/deep/a.jpg', 'a');
    await place.add('drive', { watch: true });
    await place.lookAtAll();
    const id = place.idOf('drive/deep/a.jpg');
    renameSync(drive(), aside());
    await place.scanner.scan();
    expect(await place.add('aside')).toMatchObject({ moved: 1, added: 0, ids: [id] });
    expect(place.catalog.photos.roots()).toMatchObject([{ path: aside(), watched: true, offline: false }]);
    expect(place.idOf('aside/deep/a.jpg')).toBe(id);
    expect(place.catalog.photos.get(id)).toMatchObject({ offline: false });
  });
});
