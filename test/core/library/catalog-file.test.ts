import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog } from '../../../core/library/catalog.ts';
import { addPhotos } from '../../fixtures/catalog-rows.ts';

const holder = fileURLToPath(new URL('../../fixtures/catalog-holder.ts', import.meta.url));

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-catalog-'));
  path = join(folder, 'library', 'catalog.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const refused = (code: string, text: string | RegExp = ''): Error =>
  expect.objectContaining({ code, message: expect.stringMatching(text) as string }) as Error;
const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

async function hold(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [holder, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

describe('opening a catalog', () => {
  it('makes it with its folder, and leaves one file when it is closed', () => {
    const catalog = openCatalog({ path });
    addPhotos(catalog, 3);
    catalog.close();
    expect(readdirSync(join(folder, 'library'))).toEqual(['catalog.db']);
    const again = openCatalog({ path });
    expect(again.check()).toEqual({ ok: true, problems: [], photos: 3, backups: 0 });
    again.close();
  });

  it('writes every commit through to the disk', () => {
    openCatalog({ path }).close();
    const database = new DatabaseSync(path);
    const mode = database.prepare('PRAGMA journal_mode').get();
    database.close();
    expect(Object.values(mode!)).toEqual(['wal']);
  });

  it('is refused while this process has it open, and not after it is closed', () => {
    const first = openCatalog({ path });
    expect(() => openCatalog({ path })).toThrow(refused('conflict', /open in another Enlarger/));
    addPhotos(first, 1);
    first.close();
    openCatalog({ path }).close();
  });

  it('is refused while another process has it, and works at once when that is killed, 20 of 20 times', async () => {
    let refusals = 0;
    for (let time = 0; time < 20; time += 1) {
      const child = await hold();
      expect(() => openCatalog({ path })).toThrow(refused('conflict', /open in another Enlarger.*--library/));
      refusals += 1;
      await kill(child);
      openCatalog({ path }).close();
    }
    expect(refusals).toBe(20);
  }, 120_000);

  it('leaves no trace of a catalog that was never finished', () => {
    openCatalog({ path }).close();
    writeFileSync(`${path}.1234-abcd0123.new`, 'half');
    openCatalog({ path }).close();
    expect(readdirSync(join(folder, 'library'))).toEqual(['catalog.db']);
  });

  it('makes one catalog when several begin at the same time', async () => {
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [holder, path], { stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    const outcomes = await Promise.all(
      children.map(
        (child) =>
          new Promise<string>((resolve) => {
            let text = '';
            child.stdout.once('data', () => resolve('open'));
            child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
            child.once('close', () => resolve(text.includes('conflict') ? 'conflict' : text));
          }),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['conflict', 'conflict', 'conflict', 'open']);
    for (const child of children) if (child.exitCode === null) await kill(child);
    openCatalog({ path }).close();
    expect(readdirSync(join(folder, 'library'))).toEqual(['catalog.db']);
  });
});

describe('a file that is no catalog', () => {
  it('is refused and not touched', () => {
    const other = join(folder, 'catalog.db');
    for (const mode of ['WAL', 'DELETE']) {
      const database = new DatabaseSync(other);
      database.exec(`PRAGMA journal_mode = ${mode}; CREATE TABLE IF NOT EXISTS notes (text); PRAGMA user_version = 1`);
      database.close();
      const before = hashOf(other);
      expect(() => openCatalog({ path: other })).toThrow(refused('unsupported-format', /not a catalog of Enlarger/));
      expect(hashOf(other)).toBe(before);
    }
    expect(readdirSync(folder)).toEqual(['catalog.db']);
  });

  it('is called damaged when it is no database at all, and never replaced', () => {
    const other = join(folder, 'catalog.db');
    for (const content of ['', 'x', 'SQLite format 3\0', 'plain text '.repeat(1000)]) {
      writeFileSync(other, content);
      expect(() => openCatalog({ path: other })).toThrow(refused('damaged', /no good backup/));
      expect(readFileSync(other, 'utf8')).toBe(content);
    }
  });
});

describe('a disk that does not take it', () => {
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('is named with what to do', () => {
    openCatalog({ path }).close();
    chmodSync(join(folder, 'library'), 0o500);
    expect(() => openCatalog({ path })).toThrow(refused('not-writable', /Allow writing/));
    chmodSync(join(folder, 'library'), 0o700);
    openCatalog({ path }).close();
  });

  it('is named when something stands in the way', () => {
    writeFileSync(join(folder, 'library'), '');
    expect(() => openCatalog({ path })).toThrow();
    expect(existsSync(path)).toBe(false);
  });
});
