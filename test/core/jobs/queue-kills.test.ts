/** The whole program, killed again and again while it works on a library. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localEngine } from '../../fixtures/engines.ts';
import { recipe } from '../../fixtures/facts.ts';
import { fakePhoto } from '../../fixtures/fake-photo.ts';
import { addToLibrary, openLibraryWork } from '../../fixtures/library-work.ts';
import { randomStream } from '../../fixtures/pictures.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

const wantedKills = process.env['ENLARGER_TEST_LONG'] === '1' ? 100 : 12;
const photos = 200;
const script = fileURLToPath(new URL('../../fixtures/killed-queue.ts', import.meta.url));

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

/** Runs the program, and kills it `afterMs` after it has opened its library; null lets it end. Says how it ended. */
async function runProgram(afterMs: number | null): Promise<{ signal: string | null; code: number | null; stderr: string }> {
  const child = spawn(process.execPath, [script, space.root], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  child.stdout.once('data', () => {
    if (afterMs !== null) setTimeout(() => child.kill('SIGKILL'), afterMs);
  });
  return await new Promise((resolve) => {
    child.once('close', (code, signal) => {
      resolve({ signal, code, stderr });
    });
  });
}

describe('a batch of 200 photos', () => {
  it(`comes to its end over ${String(wantedKills)} kills, with at most one photo's work repeated for each`, async () => {
    const random = randomStream(17);
    const engine = localEngine();
    const first = await openLibraryWork(space, engine);
    const paths = Array.from({ length: photos }, (_, seed) => space.put(`photos/${String(seed)}.jpg`, fakePhoto({ seed })));
    const ids = addToLibrary(first.catalog, paths);
    const { jobs } = await first.handlers.add({ choice: { ids }, recipe: recipe() });
    await first.close();

    let kills = 0;
    const doneAfterKill: number[] = [];
    const rendered = (): string[] => (existsSync(space.path('renders.log')) ? space.read('renders.log').trim().split('\n') : []);
    while (kills < wantedKills && new Set(rendered()).size < photos) {
      // The work is spread over the kills, whatever the speed of this machine: each has a few photos to meet.
      const before = rendered().length;
      const share = (photos - new Set(rendered()).size) / (wantedKills - kills + 2);
      const msPerPhoto = doneAfterKill.length === 0 ? 20 : Math.max(4, doneAfterKill.at(-1) ?? 20);
      const afterMs = random() * 2 * share * msPerPhoto;
      const { signal, code, stderr } = await runProgram(afterMs);
      expect([null, 0], stderr).toContain(code);
      if (signal === 'SIGKILL') kills += 1;
      const made = rendered().length - before;
      if (made > 0) doneAfterKill.push(afterMs / made);
    }
    const { code, stderr } = await runProgram(null);
    expect(code, stderr).toBe(0);
    expect(kills).toBeGreaterThanOrEqual(wantedKills * 0.9);

    const last = await openLibraryWork(space, engine);
    const counts = last.catalog.jobs.counts();
    expect(counts).toMatchObject({ queued: 0, running: 0, cancelled: 0 });
    expect(counts.done + counts.failed).toBe(photos);
    // Only what five kills met may have been given up: on a slow machine some come before any photo is through.
    expect(counts.failed).toBeLessThanOrEqual(kills / 5);
    expect(
      last.catalog.jobs
        .list({})
        .map(({ id }) => id)
        .sort((a, b) => a - b),
    ).toEqual(jobs);
    const ready = last.catalog.results.list({ states: ['ready'] });
    expect(ready.length).toBeGreaterThanOrEqual(counts.done);
    expect(new Set(ready.map(({ key }) => key)).size).toBe(ready.length);
    for (const { key } of ready) expect(await last.cache.results.find(key)).not.toBeNull();
    const repeated = rendered().length - new Set(rendered()).size;
    expect(repeated).toBeLessThanOrEqual(kills);
    for (const path of paths) expect(readFileSync(path, 'utf8').startsWith('FAKE PHOTO')).toBe(true);
    await last.close();
    await engine.close();
    const temporary = ['scratch/', 'runs/', 'cache/drafts/', 'cache/leases/', 'cache/runs/'];
    expect(space.list('.state').filter((name) => temporary.some((folder) => name.startsWith(folder)))).toEqual([]);
    console.log(
      `${String(kills)} kills, ${String(counts.done)} done, ${String(counts.failed)} given up, ${String(repeated)} renderings repeated`,
    );
  }, 600_000);
});
