import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { randomNumbers } from '../../../core/engine/sample/noise.ts';
import { restoreBackup } from '../../../core/library/backup.ts';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { addPhotos, enhanceJob } from '../../fixtures/catalog-rows.ts';

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
const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

function ratings(catalog: Catalog): number[] {
  const list = catalog.photos.list({ sort: 'added', descending: false, cursor: null, limit: 1000 });
  return list.photos.toSorted((a, b) => a.id - b.id).map(({ rating }) => rating);
}

/** Ends without closing, so that the log stays. `sql` is run first. */
function changeAndDie(sql: string): void {
  const change = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(${JSON.stringify(path)});
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL');
    database.exec(${JSON.stringify(sql)});
    process.kill(process.pid, 'SIGKILL');`;
  expect(spawnSync(process.execPath, ['-e', change]).signal).toBe('SIGKILL');
}

const edit = (change: (bytes: Buffer) => void, file = path): void => {
  const bytes = readFileSync(file);
  change(bytes);
  writeFileSync(file, bytes);
};
const page = 4096;
const noise = (bytes: Buffer, from: number, to: number, seed: number): void => {
  const random = randomNumbers(seed);
  for (let at = from; at < to; at += 1) bytes[at] = Math.floor(random() * 256);
};
const pages = (bytes: Buffer): number => bytes.length / page;

/** Each is given a catalog that was closed well, except those that say `log`: these end without being closed first. */
const damages: Record<string, () => void> = {
  'the first bytes overwritten': () => edit((bytes) => void bytes.write('garbage')),
  'the header overwritten': () => edit((bytes) => noise(bytes, 0, 100, 1)),
  'the first page empty': () => edit((bytes) => void bytes.fill(0, 0, page)),
  'a lie about the page size': () => edit((bytes) => void bytes.writeUInt16BE(1000, 16)),
  'a lie about whose file it is': () => edit((bytes) => void bytes.writeUInt32BE(7, 68)),
  'no version': () => edit((bytes) => void bytes.writeUInt32BE(0, 60)),
  'the list of tables overwritten': () => edit((bytes) => noise(bytes, 100, page, 2)),
  'half of the file': () => truncateSync(path, Math.floor(statSync(path).size / 2 / page) * page),
  'an odd length': () => truncateSync(path, statSync(path).size - 1000),
  'a hundred bytes': () => truncateSync(path, 100),
  'one byte': () => truncateSync(path, 1),
  'no bytes': () => truncateSync(path, 0),
  'no file': () => rmSync(path),
  'noise in a page in the middle': () =>
    edit((bytes) => noise(bytes, Math.floor(pages(bytes) / 2) * page, Math.floor(pages(bytes) / 2 + 1) * page, 3)),
  'zeros in a page in the middle': () =>
    edit((bytes) => void bytes.fill(0, Math.floor(pages(bytes) / 3) * page, Math.floor(pages(bytes) / 3 + 1) * page)),
  'noise at the end': () => edit((bytes) => noise(bytes, Math.floor(pages(bytes) * 0.8) * page, bytes.length, 4)),
  'two pages swapped': () =>
    edit((bytes) => {
      const [a, b] = [4 * page, (pages(bytes) - 2) * page];
      const first = Buffer.from(bytes.subarray(a, a + page));
      bytes.copy(bytes, a, b, b + page);
      first.copy(bytes, b);
    }),
  'the beginning of every page overwritten': () =>
    edit((bytes) => {
      for (let at = page; at < bytes.length; at += page) bytes.fill(0xff, at, at + 8);
    }),
  'a text in its place': () => writeFileSync(path, 'This is no database.\n'.repeat(5000)),
  'a folder of sync software: another catalog in its place': () => {
    const other = join(folder, 'other.db');
    const database = new DatabaseSync(other);
    database.exec('CREATE TABLE notes (text)');
    database.close();
    renameSync(other, path);
  },
  'its log lost': () => {
    changeAndDie('UPDATE photos SET rating = 5');
    rmSync(`${path}-wal`);
  },
  'its log emptied': () => {
    changeAndDie('UPDATE photos SET rating = 5');
    truncateSync(`${path}-wal`, 0);
  },
  'half of its log': () => {
    changeAndDie('UPDATE photos SET rating = 5');
    truncateSync(`${path}-wal`, Math.floor(statSync(`${path}-wal`).size / 2));
  },
  'noise in its log': () => {
    changeAndDie('UPDATE photos SET rating = 5');
    edit((bytes) => noise(bytes, 3000, 9000, 5), `${path}-wal`);
  },
  'the log of another catalog': () => {
    changeAndDie('UPDATE photos SET rating = 5');
    swapLog(100);
  },
  'the log of a small catalog': () => {
    changeAndDie('UPDATE photos SET rating = 5');
    swapLog(1);
  },
  'an older log of its own': () => {
    changeAndDie('UPDATE photos SET rating = 4, added_ms = added_ms + 7');
    const kept = join(folder, 'old-wal');
    copyFileSync(`${path}-wal`, kept);
    changeAndDie("UPDATE photos SET rating = 5; DELETE FROM photos WHERE id % 2; INSERT INTO settings VALUES ('x', '1')");
    openAndClose();
    renameSync(kept, `${path}-wal`);
  },
};

function openAndClose(): void {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint');
  database.close();
}

/** Puts the log of another catalog, which was not closed, in the place of this one's. */
function swapLog(photos: number): void {
  const own = path;
  path = join(folder, 'other', 'catalog.db');
  const other = open();
  addPhotos(other, photos);
  other.jobs.add([enhanceJob(1)]);
  other.close();
  changeAndDie("UPDATE photos SET rating = 1, name = 'other' || id; DELETE FROM jobs");
  renameSync(`${path}-wal`, `${own}-wal`);
  path = own;
}

describe('a damaged catalog', () => {
  const outcomes = { offered: 0, opened: 0 };

  for (const [what, damage] of Object.entries(damages)) {
    it(`is whole, or refused with the offer of its backup and restored from it: ${what}`, () => {
      const catalog = open();
      const ids = addPhotos(catalog, 300);
      catalog.albums.create('summer');
      catalog.albums.add('summer', ids);
      catalog.photos.rate(ids, 3);
      const backup = catalog.backup('daily');
      catalog.photos.rate(ids, 4);
      catalog.close();
      damage();
      const files = ['', '-wal'].map((suffix) => path + suffix).filter((file) => existsSync(file));
      const before = files.map(hashOf);

      let opened: Catalog | null = null;
      try {
        opened = open();
      } catch (error) {
        // Refused: with the name of the backup, the command, and nothing changed.
        expect(error).toMatchObject({ code: 'damaged' });
        expect(String(error)).toContain(backup.name);
        expect(String(error)).toContain('enlarger library check --restore');
        expect(files.map(hashOf)).toEqual(before);
        outcomes.offered += 1;
      }
      if (opened !== null) {
        // Whole: every photo is there, and no rating is older than the backup's.
        expect(opened.check().problems).toEqual([]);
        expect(ratings(opened).every((rating) => rating >= 3)).toBe(true);
        expect(ratings(opened)).toHaveLength(300);
        opened.close();
        outcomes.opened += 1;
        return;
      }

      nowMs += 1000;
      const { backup: used, aside } = restoreBackup(path, nowMs);
      expect(used).toEqual(backup);
      // The damaged files are still there, bit for bit.
      if (files.length > 0) expect(files.map((file) => hashOf(file.replace(path, aside!)))).toEqual(before);
      const restored = open();
      expect(restored.check().problems).toEqual([]);
      expect(ratings(restored)).toEqual(ids.map(() => 3));
      expect(restored.albums.list()).toMatchObject([{ name: 'summer', photos: 300 }]);
      restored.close();
    });
  }

  it('is found in at least twenty ways', () => {
    console.log(`${outcomes.offered} damaged catalogs refused with an offer, ${outcomes.opened} opened whole`);
    expect(outcomes.offered + outcomes.opened).toBeGreaterThanOrEqual(20);
    expect(outcomes.offered).toBeGreaterThanOrEqual(15);
  });

  it('is restored from the newest backup that is whole', () => {
    const catalog = open();
    const ids = addPhotos(catalog, 20);
    catalog.photos.rate(ids, 1);
    const good = catalog.backup();
    nowMs += 1000;
    catalog.photos.rate(ids, 2);
    const bad = catalog.backup();
    catalog.close();
    edit((bytes) => void bytes.fill(0xff, 2 * page), bad.path);
    truncateSync(path, 5000);
    expect(() => open()).toThrow(new RegExp(good.name));
    expect(restoreBackup(path, nowMs).backup).toEqual(good);
    const restored = open();
    expect(ratings(restored)).toEqual(ids.map(() => 1));
    restored.close();
  });

  it('is restored once more when the first time was cut short at any point', () => {
    const catalog = open();
    addPhotos(catalog, 3);
    catalog.backup();
    catalog.close();
    // Cut after the old file went and before its log did.
    rmSync(path);
    writeFileSync(`${path}-wal`, 'old log');
    writeFileSync(`${path}.999.new`, 'half a copy');
    expect(() => open()).toThrow(/--restore/);
    const { aside } = restoreBackup(path, nowMs);
    expect(readFileSync(`${aside!}-wal`, 'utf8')).toBe('old log');
    const restored = open();
    expect(restored.check()).toMatchObject({ ok: true, photos: 3 });
    restored.close();
    expect(readdirSync(dirname(path)).filter((name) => name.includes('.new'))).toEqual([]);
  });
});
