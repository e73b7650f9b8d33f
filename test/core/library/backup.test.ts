import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeBackup, restoreBackup } from '../../../core/library/backup.ts';
import { backupProblem, damagedCatalog, listBackups } from '../../../core/library/backup-files.ts';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { openConnection } from '../../../core/library/connection.ts';
import { addPhotos } from '../../fixtures/catalog-rows.ts';

const dayMs = 24 * 60 * 60 * 1000;
const start = Date.UTC(2026, 0, 5);

let folder: string;
let path: string;
let nowMs: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-backup-'));
  path = join(folder, 'library', 'catalog.db');
  nowMs = start;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const open = (): Catalog => openCatalog({ path, now: () => nowMs });

function ratings(catalog: Catalog): number[] {
  const list = catalog.photos.list({ sort: 'added', descending: false, cursor: null, limit: 1000 });
  return list.photos.toSorted((a, b) => a.id - b.id).map(({ rating }) => rating);
}

const edit = (change: (bytes: Buffer) => void, file = path): void => {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
};
const page = 4096;

describe('a backup', () => {
  it('is a whole catalog, named by its time and reason', () => {
    const catalog = open();
    const ids = addPhotos(catalog, 20);
    catalog.photos.rate(ids, 3);
    nowMs = Date.UTC(2026, 4, 31, 18, 4, 9, 7);
    const backup = catalog.backup();
    expect(backup).toMatchObject({ name: 'catalog-2026-05-31T18-04-09.007Z-asked.db', madeMs: nowMs, reason: 'asked' });
    expect(backup.bytes).toBe(statSync(backup.path).size);
    catalog.photos.rate(ids, 4);
    catalog.close();
    expect(backupProblem(backup.path)).toBeNull();
    copyFileSync(backup.path, path);
    const restored = open();
    expect(restored.check()).toMatchObject({ ok: true, photos: 20, backups: 1 });
    expect(ratings(restored)).toEqual(ids.map(() => 3));
    restored.close();
  });

  it('is kept for the last seven days, the last seven times it was asked for, and each migration', () => {
    const catalog = open();
    addPhotos(catalog, 2);
    catalog.backup('before-v2');
    catalog.backup('before-v3');
    catalog.backup('before-v3');
    for (let day = 0; day < 12; day += 1) {
      nowMs += dayMs;
      catalog.backup('daily');
      catalog.backup('asked');
      catalog.backup('asked');
    }
    const kept = listBackups(path);
    const count = (reason: string): number => kept.filter((backup) => backup.reason === reason).length;
    expect(['daily', 'asked', 'before-v2', 'before-v3'].map(count)).toEqual([7, 7, 1, 1]);
    expect(kept.filter(({ reason }) => reason === 'daily').map(({ madeMs }) => madeMs)).toEqual(
      Array.from({ length: 7 }, (_, back) => start + (12 - back) * dayMs),
    );
    expect(kept.map(({ path: file }) => backupProblem(file))).toEqual(kept.map(() => null));
    catalog.close();
  });

  it('is made by itself once a day, when something changed', () => {
    const catalog = open();
    const touch = (): void => utimesSync(`${path}-wal`, nowMs / 1000, nowMs / 1000);
    addPhotos(catalog, 2);
    expect(catalog.backUpIfDue()).toMatchObject({ reason: 'daily' });
    nowMs += dayMs - 1;
    catalog.jobs.setPaused(true);
    touch();
    expect(catalog.backUpIfDue()).toBeNull();
    nowMs += 1;
    expect(catalog.backUpIfDue()).not.toBeNull();
    for (const file of [path, `${path}-wal`]) utimesSync(file, start / 1000, start / 1000);
    nowMs += 3 * dayMs;
    expect(catalog.backUpIfDue()).toBeNull();
    touch();
    expect(catalog.backUpIfDue()).not.toBeNull();
    catalog.close();
  });

  it('of a catalog that is damaged is refused, and costs no older one', () => {
    const catalog = open();
    addPhotos(catalog, 200);
    for (let time = 0; time < 7; time += 1) catalog.backup();
    catalog.close();
    const before = listBackups(path).map(({ name }) => name);
    edit((bytes) => void bytes.fill(0xab, bytes.length - 3 * page, bytes.length - page));
    // A large one is not read through when it is opened, so that its backup is what finds the damage.
    const again = openConnection(path, { damage: (what) => damagedCatalog(path, what) });
    const refusal = { code: 'damaged', message: expect.stringContaining('--restore') as string };
    expect(() => makeBackup(again, 'asked', nowMs)).toThrow(expect.objectContaining(refusal) as Error);
    expect(listBackups(path).map(({ name }) => name)).toEqual(before);
    expect(readdirSync(join(dirname(path), 'backups')).toSorted()).toEqual(before.toSorted());
    again.close();
  });

  it('leaves nothing of one that was cut short', () => {
    const catalog = open();
    catalog.backup();
    writeFileSync(join(folder, 'library', 'backups', 'catalog-4242.part'), 'half');
    catalog.backup();
    expect(readdirSync(join(folder, 'library', 'backups')).filter((name) => !name.endsWith('.db'))).toEqual([]);
    catalog.close();
  });
});

describe('restoring', () => {
  it('is refused while the catalog is open, and without a backup', () => {
    const catalog = open();
    addPhotos(catalog, 2);
    expect(() => restoreBackup(path, nowMs)).toThrow(expect.objectContaining({ code: 'conflict' }) as Error);
    catalog.close();
    expect(() => restoreBackup(path, nowMs)).toThrow(expect.objectContaining({ code: 'not-found' }) as Error);
    const again = open();
    expect(again.check()).toMatchObject({ ok: true, photos: 2 });
    again.close();
  });
});
