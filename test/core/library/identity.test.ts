import { copyFileSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeScanDisk, type ScanDisk } from '../../../core/library/scan-disk.ts';
import { watchLibrary, type Watcher } from '../../../core/library/watch.ts';
import { identityCases, scripts, type IdentityCase } from './identity-cases.ts';
import { scanPlace, treasure, type ScanPlace } from './scan-place.ts';

const caseCount = 200;
/** Without file numbers nothing tells of it. */
const untold = 'swap of equal size and time';

let place: ScanPlace;
let watcher: Watcher | null = null;
beforeEach(() => {
  place = scanPlace();
  place.space.put('one/.keep', '');
  place.space.put('two/.keep', '');
});
afterEach(async () => {
  await watcher?.close();
  watcher = null;
  place.remove();
});

interface Tracked {
  readonly kind: string;
  readonly id: number;
  readonly rating: number;
  /** Below the temp folder. */
  readonly end: string | null;
}

function below(path: string): string {
  return path.slice(place.space.root.length + 1);
}

/** Writes the photos of all cases, adds both roots, and gives every photo something to lose. */
async function begin(cases: readonly IdentityCase[], watch: boolean): Promise<Tracked[]> {
  const at = ({ folder }: IdentityCase, photo: string): string => `one/${folder}/${photo}`;
  let second = 1_000_000_000;
  for (const each of cases)
    for (const photo of each.photos) {
      const path = place.space.put(at(each, photo), `photo ${at(each, photo)}`);
      // The clock of a disk may give two photos of one size the same time, and then nothing tells of one that is moved over the other.
      second += 1;
      utimesSync(path, second, second);
    }
  await place.add('one', { watch });
  await place.add('two', { watch });
  await place.lookAtAll();
  return cases.flatMap((each, index) =>
    each.photos.map((photo, number) => {
      const { kind, ends } = each;
      const id = place.idOf(at(each, photo));
      const rating = 1 + ((index + number) % 5);
      treasure(place.catalog, id, rating);
      const end = ends[photo];
      return { kind, id, rating, end: end === null || end === undefined ? null : below(end) };
    }),
  );
}

/** Photos that lost their place, rating or result, each with what it has instead. */
function losses(tracked: readonly Tracked[]): string[] {
  return tracked.flatMap(({ kind, id, rating, end }) => {
    const photo = place.catalog.photos.get(id);
    if (photo === null) return [`${kind}: photo ${String(id)} is forgotten`];
    const page = place.catalog.photos.page(id, () => true);
    const [result] = page.results;
    const kept = page.rating === rating && page.results.length === 1 && result?.state === 'accepted' && !result.outdated;
    const isThere = end === null ? photo.offline : !photo.offline && below(photo.path) === end;
    return kept && isThere ? [] : [`${kind}: ${end ?? 'missing'} is at ${photo.path} with ${JSON.stringify(page)}`];
  });
}

/** Files and rows must be one to one. */
function onDisk(): string[] {
  return place.space
    .list()
    .filter((path) => !/(^|\/)\./.test(path))
    .sort();
}

function stepCount(cases: readonly IdentityCase[]): number {
  return Math.max(...cases.map(({ steps }) => steps.length));
}

function cases(count: number, kinds = Object.keys(scripts)): IdentityCase[] {
  return identityCases(
    count,
    (path) => place.space.path(`one/${path}`),
    (path) => place.space.path(`two/${path}`),
    Object.entries(scripts).filter(([kind]) => kinds.includes(kind)),
  );
}

describe('photos keep their identity', () => {
  it(`through ${String(caseCount)} scripted changes, one after the other`, async () => {
    const scripted = cases(caseCount);
    const tracked = await begin(scripted, false);
    for (const { steps } of scripted) {
      for (const step of steps) {
        step();
        await place.update();
      }
    }
    expect(losses(tracked)).toEqual([]);
    expect(place.present()).toEqual(onDisk());
  });

  it(`through ${String(caseCount)} scripted changes, all at once`, async () => {
    const scripted = cases(caseCount);
    const tracked = await begin(scripted, false);
    for (let number = 0; number < stepCount(scripted); number += 1) {
      for (const { steps } of scripted) steps[number]?.();
      await place.update();
    }
    expect(losses(tracked)).toEqual([]);
    expect(place.present()).toEqual(onDisk());
  });

  it(`through ${String(caseCount)} scripted changes that only the watcher tells of`, async () => {
    const scripted = cases(caseCount);
    const tracked = await begin(scripted, true);
    let looking = Promise.resolve();
    let scans = 0;
    const problems: unknown[] = [];
    watcher = watchLibrary({
      ...place,
      onScanned: () => {
        scans += 1;
        looking = looking.then(place.lookAtAll);
      },
      onTrouble: (error) => problems.push(error),
      settleMs: 50,
      sweepMs: 3_600_000,
    });
    // The scan with which it begins must not do its work for it.
    await expect.poll(() => scans).toBeGreaterThan(0);
    for (let number = 0; number < stepCount(scripted); number += 1) {
      for (const { steps } of scripted) steps[number]?.();
      await expect.poll(() => place.present(), { timeout: 20_000 }).toEqual(onDisk());
      await looking;
    }
    await expect.poll(() => losses(tracked), { timeout: 20_000 }).toEqual([]);
    expect(place.present()).toEqual(onDisk());
    expect(problems).toEqual([]);
  });

  it.each(Object.keys(scripts).filter((kind) => kind !== untold))('where files have no lasting numbers: %s', async (kind) => {
    place.remove();
    let number = 0;
    // As on exFAT and some network disks: a number for each look at a file.
    const forgetful: ScanDisk = {
      ...nodeScanDisk,
      status(path) {
        const status = nodeScanDisk.status(path);
        return status?.kind === 'file' ? { ...status, inode: BigInt((number += 1)) } : status;
      },
    };
    place = scanPlace({ disk: forgetful });
    place.space.put('two/.keep', '');
    const scripted = cases(1, [kind]);
    const tracked = await begin(scripted, false);
    for (const step of scripted[0]!.steps) {
      step();
      await place.update();
    }
    expect(losses(tracked)).toEqual([]);
    expect(place.present()).toEqual(onDisk());
  });

  it('on a disk that takes names that differ in case for one', async () => {
    place.remove();
    const insensitive: ScanDisk = {
      ...nodeScanDisk,
      status: (path) => nodeScanDisk.status(trueSpelling(path)),
      realPath: (path) => nodeScanDisk.realPath(trueSpelling(path)),
    };
    place = scanPlace({ disk: insensitive });
    place.space.put('two/.keep', '');
    const scripted = cases(
      20,
      Object.keys(scripts).filter((kind) => /case|folder/.test(kind)),
    );
    const tracked = await begin(scripted, false);
    for (const { steps } of scripted) {
      for (const step of steps) step();
      // Known by the file number at once, not only when it is looked at.
      expect(await place.update()).toMatchObject({ added: 0, missing: 0 });
    }
    expect(losses(tracked)).toEqual([]);
    expect(place.present()).toEqual(onDisk());
  });
});

/** The spelling of the entry that a case-insensitive disk would find. */
function trueSpelling(path: string): string {
  let found = place.space.root;
  for (const part of path.slice(found.length + 1).split('/')) {
    const names = part === '' ? [] : listed(found);
    const name = names.find((entry) => entry === part) ?? names.find((entry) => entry.toLowerCase() === part.toLowerCase());
    found = part === '' ? found : `${found}/${name ?? part}`;
  }
  return found;
}

function listed(folder: string): string[] {
  try {
    return nodeScanDisk.list(folder).map(({ name }) => name);
  } catch {
    return [];
  }
}

describe('a copy', () => {
  it('is a photo of its own while both files are there', async () => {
    place.space.put('one/a.jpg', 'a');
    await place.add('one');
    await place.lookAtAll();
    treasure(place.catalog, place.idOf('one/a.jpg'), 5);
    copyFileSync(place.space.path('one/a.jpg'), place.space.path('one/b.jpg'));
    expect(await place.update()).toMatchObject({ added: 1, moved: 0 });
    expect(place.catalog.photos.page(place.idOf('one/b.jpg'), () => true)).toMatchObject({ rating: 0, results: [] });
    expect(place.catalog.photos.page(place.idOf('one/a.jpg'), () => true)).toMatchObject({ rating: 5 });
  });
});
