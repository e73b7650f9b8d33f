import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { randomNumbers } from '../../../core/engine/sample/noise.ts';
import type { Claim, WorkerLine } from '../../fixtures/catalog-worker.ts';

const long = process.env['ENLARGER_TEST_LONG'] === '1';
const wantedKills = long ? 1000 : 30;
const wantedImages = long ? 600 : 30;
const worker = fileURLToPath(new URL('../../fixtures/catalog-worker.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-crash-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a worker, ends it some time after its first change, and returns what it had said until then. */
async function killWorker(path: string, seed: number, afterMs: number): Promise<WorkerLine[]> {
  const child = spawn(process.execPath, [worker, path, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: WorkerLine[] = [];
  const reader = createInterface({ input: child.stdout });
  const begun = new Promise<void>((resolve) => reader.once('line', () => resolve()));
  // The last line may be cut: then it was not said.
  reader.on('line', (text) => {
    if (text.endsWith('}}')) lines.push(JSON.parse(text) as WorkerLine);
  });
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  await Promise.race([begun, ended]);
  await wait(afterMs);
  child.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  return lines;
}

/** What is known of a key: one value, or two while a change was on its way. */
type Knowledge = Map<string, Set<string | number>>;

function learn(knowledge: Knowledge, lines: readonly WorkerLine[]): void {
  for (const line of lines) {
    const claims = Object.entries('about' in line ? line.about : line.done);
    for (const [key, value] of claims) {
      if ('done' in line) knowledge.set(key, new Set([value]));
      else knowledge.set(key, new Set([...(knowledge.get(key) ?? [key.startsWith('job ') ? 'queued' : 'nothing']), value]));
    }
  }
}

/** Every claim as the catalog tells it now. */
function truth(catalog: Catalog): Claim {
  const facts: Record<string, string | number> = {};
  const count = (key: string): void => {
    facts[key] = Number(facts[key] ?? 0) + 1;
  };
  let cursor: string | null = null;
  do {
    const page = catalog.photos.list({ sort: 'added', descending: false, cursor, limit: 1000 });
    for (const { id, name, rating } of page.photos) {
      if (rating > 0) facts[`rating ${id}`] = rating;
      count(`import ${name.split('-').slice(0, 2).join('-')}`);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  for (const { name, photos } of catalog.albums.list()) facts[`album ${name}`] = photos;
  for (const { key, state } of catalog.results.list({})) facts[`result ${key}`] = state;
  for (const job of catalog.jobs.list({})) {
    count(`jobs ${(job.payload as { place: string }).place}`);
    facts[`job ${job.id}`] = job.status.state;
  }
  return facts;
}

/** Nothing that was acknowledged is lost, and nothing happened by half. Returns how many claims held. */
function compare(knowledge: Knowledge, facts: Claim): number {
  for (const [key, allowed] of knowledge)
    expect([key, [...allowed]]).toEqual([key, expect.arrayContaining([facts[key] ?? 'nothing'])]);
  return knowledge.size;
}

describe('a catalog whose program is killed without warning', () => {
  it(`is whole, and has all that was acknowledged, after each of ${wantedKills} kills`, async () => {
    const random = randomNumbers(7);
    const seen = { claims: 0, unclean: 0 };
    let path = '';
    let knowledge: Knowledge = new Map();
    for (let kill = 0; kill < wantedKills; kill += 1) {
      if (kill % 20 === 0) {
        path = join(folder, String(kill), 'catalog.db');
        knowledge = new Map();
      }
      learn(knowledge, await killWorker(path, kill, random() * (kill % 4 === 0 ? 20 : 250)));
      seen.unclean += statSync(`${path}-wal`, { throwIfNoEntry: false }) === undefined ? 0 : 1;
      const catalog = openCatalog({ path });
      expect(catalog.check().problems).toEqual([]);
      compare(knowledge, truth(catalog));
      // As the next start does it: what ran is queued again, or given up.
      for (const { id, status } of catalog.jobs.recover()) knowledge.set(`job ${id}`, new Set([status.state]));
      if (kill % 20 === 19) seen.claims += compare(knowledge, truth(catalog));
      catalog.close();
    }
    expect(seen.unclean).toBe(wantedKills);
    console.log(`${wantedKills} kills of a catalog at work: whole each time, ${seen.claims} acknowledged changes, none lost`);
  }, 1_800_000);
});

describe('a catalog after a power cut', () => {
  it(`opens and holds no torn transaction with any end of its log lost or emptied, over ${wantedImages} cuts`, async () => {
    const random = randomNumbers(19);
    const seen = { images: 0, shortened: 0 };
    for (let round = 0; seen.images < wantedImages; round += 1) {
      const path = join(folder, String(round), 'catalog.db');
      openCatalog({ path }).close();
      const knowledge: Knowledge = new Map();
      learn(knowledge, await killWorker(path, round, 20 + random() * 150));
      const log = readFileSync(`${path}-wal`);
      // Once a part of the log is in the file, a power cut cannot lose that part of the log any more.
      if (log.length > 4_000_000) continue;
      for (let image = 0; image < 10; image += 1) {
        const copy = join(folder, `${round}-${image}`, 'catalog.db');
        mkdirSync(join(folder, `${round}-${image}`));
        copyFileSync(path, copy);
        writeFileSync(`${copy}-wal`, cut(log, random));
        const catalog = openCatalog({ path: copy });
        expect(catalog.check().problems).toEqual([]);
        const facts = truth(catalog);
        for (const [key, allowed] of knowledge) {
          // All of a change, or nothing; of what changes more than once, some earlier value.
          if (!/^(?:import|album|jobs) /.test(key)) continue;
          const fact = facts[key] ?? 'nothing';
          if (fact === 'nothing') seen.shortened += 1;
          else expect([key, allowed.has(fact)]).toEqual([key, true]);
        }
        catalog.close();
        seen.images += 1;
      }
      rmSync(join(folder, String(round)), { recursive: true });
    }
    // Cuts that cost nothing would prove nothing.
    expect(seen.shortened).toBeGreaterThan(0);
    console.log(`${seen.images} power cuts: all open, none torn`);
  }, 900_000);
});

/** The log as a disk may have it that had not written its end: shorter, with zeros at the end, or with a hole. */
function cut(log: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * log.length);
  const kind = Math.floor(random() * 3);
  if (kind === 0) return log.subarray(0, at);
  const copy = Buffer.from(log);
  const end = kind === 1 ? copy.length : Math.min(copy.length, at + 4096 * (1 + Math.floor(random() * 4)));
  return copy.fill(0, at, end);
}
