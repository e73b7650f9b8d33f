import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupProblem, listBackups } from '../../../core/library/backup-files.ts';
import { openCatalog } from '../../../core/library/catalog.ts';
import { migrations } from '../../../core/library/migrations.ts';
import { addPhotos, enhanceJob, newResult } from '../../fixtures/catalog-rows.ts';
import { nextVersion, stepCount } from '../../fixtures/next-version.ts';

const killed = fileURLToPath(new URL('../../fixtures/killed-migration.ts', import.meta.url));

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-migrations-'));
  path = join(folder, 'catalog.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A catalog of version 1 with a row in every table. */
function makeVersionOne(): void {
  const catalog = openCatalog({ path, migrations: migrations.filter(({ version }) => version === 1) });
  const ids = addPhotos(catalog, 40);
  catalog.photos.rate(ids.slice(0, 20), 4);
  for (const name of ['summer', 'winter']) {
    catalog.albums.create(name);
    catalog.albums.add(name, ids.slice(5, 15));
  }
  const result = catalog.results.put(newResult(ids[0]!));
  catalog.results.apply(result.id, 'rendered');
  catalog.exports.begin({ resultId: result.id, key: 'k', folder: '/out', name: 'a', settings: '{}' });
  catalog.jobs.add(ids.map((id) => enhanceJob(id)));
  catalog.jobs.setPaused(true);
  catalog.close();
}

/** What a catalog holds, whichever version it has; read with nothing of ours. */
function read(file: string): { version: number; rows: Record<string, number>; digest: string } {
  const database = new DatabaseSync(file, { readOnly: true });
  const value = (sql: string): unknown => Object.values(database.prepare(sql).get() ?? {})[0];
  const tables = [
    'roots',
    'folders',
    'photos',
    'photo_facts',
    'photo_words',
    'albums',
    'album_photos',
    'results',
    'exports',
    'jobs',
    'settings',
  ];
  const rows = Object.fromEntries(tables.map((table) => [table, Number(value(`SELECT count(*) FROM ${table}`))]));
  const said = database.prepare('SELECT id, name, rating, state FROM photos ORDER BY id').all();
  const held = database.prepare('SELECT a.name, photo_id FROM album_photos JOIN albums a ON a.id = album_id ORDER BY 1, 2').all();
  expect(value('PRAGMA integrity_check')).toBe('ok');
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  const version = Number(value('PRAGMA user_version'));
  const notes = database.prepare('SELECT 1 FROM pragma_table_info(?) WHERE name = ?').get('photos', 'note') !== undefined;
  const people = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'people'").get() !== undefined;
  // All of the next version, or nothing of it.
  expect([notes, people]).toEqual([version === 2, version === 2]);
  database.close();
  return {
    version,
    rows,
    digest: createHash('sha256')
      .update(JSON.stringify([said, held]))
      .digest('hex'),
  };
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('a migration', () => {
  it('loses no row, and leaves a whole backup of the version before', () => {
    makeVersionOne();
    const before = read(path);
    expect(Math.min(...Object.values(before.rows))).toBeGreaterThan(0);
    openCatalog({ path, migrations: nextVersion() }).close();
    expect(read(path)).toEqual({ ...before, version: 2 });
    const backups = listBackups(path);
    expect(backups.map(({ reason }) => reason)).toEqual(['before-v2']);
    expect(backupProblem(backups[0]!.path)).toBeNull();
    expect(read(backups[0]!.path)).toEqual(before);
  });

  it('leaves the old version or the new one wherever it is killed', () => {
    makeVersionOne();
    const before = read(path);
    const original = join(folder, 'v1.db');
    copyFileSync(path, original);
    const versions: number[] = [];
    for (let k = 0; k <= stepCount + 1; k += 1) {
      for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
      copyFileSync(original, path);
      const { signal, stderr } = spawnSync(process.execPath, [killed, path, String(k)], { encoding: 'utf8' });
      expect([k, signal, stderr]).toEqual([k, 'SIGKILL', '']);
      const after = read(path);
      expect(after).toEqual({ ...before, version: after.version });
      versions.push(after.version);
      // The next start goes on from there.
      openCatalog({ path, migrations: nextVersion() }).close();
      expect(read(path)).toEqual({ ...before, version: 2 });
      expect(listBackups(path).map(({ reason }) => reason)).toEqual(['before-v2']);
      expect(read(listBackups(path)[0]!.path)).toEqual(before);
    }
    expect(versions).toEqual([...Array.from({ length: stepCount + 1 }, () => 1), 2]);
  });

  it('that fails at a step changes nothing', () => {
    makeVersionOne();
    const before = read(path);
    for (let k = 0; k <= stepCount; k += 1) {
      const migrationsThatFail = nextVersion((step) => {
        if (step === k) throw new Error('no');
      });
      expect(() => openCatalog({ path, migrations: migrationsThatFail })).toThrow('no');
      expect(read(path)).toEqual(before);
    }
  });

  it('that would leave rows pointing nowhere does not happen', () => {
    makeVersionOne();
    const before = read(path);
    const careless = [...migrations, { version: 2, steps: ['DELETE FROM albums'] }];
    expect(() => openCatalog({ path, migrations: careless })).toThrow(/pointing nowhere/);
    expect(read(path)).toEqual(before);
  });

  it('does not begin without its backup', () => {
    makeVersionOne();
    const before = read(path);
    // A file where the folder has to be.
    copyFileSync(path, join(dirname(path), 'backups'));
    expect(() => openCatalog({ path, migrations: nextVersion() })).toThrow();
    expect(read(path)).toEqual(before);
  });
});

describe('a catalog of a newer program', () => {
  it('is refused and not changed by a bit', () => {
    makeVersionOne();
    openCatalog({ path, migrations: nextVersion() }).close();
    const before = hashOf(path);
    for (let time = 0; time < 3; time += 1) {
      const refusal = expect.objectContaining({
        code: 'unsupported-format',
        message: expect.stringMatching(/newer Enlarger .*Update Enlarger/) as string,
      }) as Error;
      expect(() => openCatalog({ path })).toThrow(refusal);
      expect(hashOf(path)).toBe(before);
    }
  });

  it('is refused with its log, and neither is changed', () => {
    makeVersionOne();
    // Killed after the migration, before it was closed; then changed without being closed once more.
    spawnSync(process.execPath, [killed, path, String(stepCount + 1)]);
    const log = `${path}-wal`;
    const change = `
      const { DatabaseSync } = require('node:sqlite');
      const database = new DatabaseSync(${JSON.stringify(path)});
      database.exec("PRAGMA locking_mode = EXCLUSIVE; UPDATE photos SET rating = 5");
      process.kill(process.pid, 'SIGKILL');`;
    spawnSync(process.execPath, ['-e', change]);
    const before = [hashOf(path), hashOf(log)];
    expect(readFileSync(log).length).toBeGreaterThan(0);
    expect(() => openCatalog({ path })).toThrow(/newer Enlarger/);
    expect([hashOf(path), hashOf(log)]).toEqual(before);
  });
});
