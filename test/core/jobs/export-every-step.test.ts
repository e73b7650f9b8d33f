/** Exports failed or killed at each single step. After the next start there is exactly one file for each, whole, and nothing else. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conflictPolicies, type ConflictPolicy } from '../../../core/photo/recipe.ts';
import { isWholeResult, parseResult } from '../../fixtures/fake-photo.ts';
import { openExportPlace, sourceOf, type ExportPlace } from '../../fixtures/export-place.ts';
import { exportStep, prepareSteps } from '../../fixtures/export-steps.ts';
import { systemError } from '../../fixtures/failing-files.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

let space: Workspace;
beforeEach(() => {
  space = workspace();
});
afterEach(() => {
  space.remove();
});

const nothing = { k: 0, at: () => undefined };

function expectNothingTorn(emptyAllowed: boolean): void {
  for (const name of space.list('out').filter((found) => !found.startsWith('.enlarger-'))) {
    const content = space.read(`out/${name}`);
    if (!(emptyAllowed && content === '')) expect(isWholeResult(content), `${name} is torn`).toBe(true);
  }
}

/** The user asks once more; what had failed is asked for again by that. */
async function expectExactlyOnce(place: ExportPlace, conflict: ConflictPolicy, links: boolean): Promise<void> {
  await exportStep(place, { root: space.root, conflict, links, ...nothing });
  expect(space.list('out')).toEqual(['a (1).jpg', 'a.jpg']);
  const sources = space.list('out').map((name) => parseResult(space.read(`out/${name}`))?.sourceSha256);
  expect(new Set(sources)).toEqual(new Set([sourceOf(1), sourceOf(2)]));
  expect(place.catalog.exports.unfinished()).toEqual([]);
  expect(place.catalog.results.list({}).map(({ state }) => state)).toEqual(['exported', 'exported']);
  expect(place.catalog.jobs.counts()).toMatchObject({ queued: 0, running: 0 });
  // And nothing is left to do.
  expect((await exportStep(place, { root: space.root, conflict, links, ...nothing })).events).toEqual([]);
  expect(space.list('out')).toHaveLength(2);
}

const isLong = process.env['ENLARGER_TEST_LONG'] === '1';
const errors = ['EIO', 'ENOSPC', 'EACCES'];
const failures = conflictPolicies.flatMap((conflict, index) =>
  errors.filter((_code, place) => isLong || place === index).map((code) => [conflict, code, true] as const),
);

describe.each([...failures, ['rename', 'EIO', false] as const])('under %s, with %s, hard links: %s', (conflict, code, links) => {
  it('a failure at the k-th step costs nothing but time, for every k', async () => {
    let failed = 0;
    for (let k = 1; ; k += 1) {
      const place = await prepareSteps(space.root, ':memory:');
      const at = (): never => {
        throw systemError(code);
      };
      const options = { root: space.root, conflict, links, k, at };
      const { steps } = await exportStep(place, options).catch(() => ({ steps: Infinity }));
      expectNothingTorn(!links);
      failed += place.catalog.jobs.counts().failed;
      expect(space.list('out').filter((name) => name.startsWith('.enlarger-'))).toEqual([]);
      await expectExactlyOnce(place, conflict, links);
      await place.cache.close();
      place.catalog.close();
      space.remove();
      space = workspace();
      if (steps < k) break;
    }
    expect(failed).toBeGreaterThan(10);
  }, 240_000);
});

const kills = conflictPolicies.flatMap((conflict) => [[conflict, true] as const, [conflict, false] as const]);

describe.each(isLong ? kills : kills.slice(0, 1))('killed under %s, hard links: %s', (conflict, links) => {
  it('at the k-th step and started again there is exactly one file for each export, for every k', async () => {
    const script = fileURLToPath(new URL('../../fixtures/killed-export.ts', import.meta.url));
    const catalogPath = space.path('catalog.db');
    const prepared = await prepareSteps(space.root, catalogPath);
    await prepared.cache.close();
    prepared.catalog.close();
    const template = workspace();
    cpSync(space.root, template.root, { recursive: true });
    let killed = 0;
    for (let k = 1; ; k += 1) {
      const arguments_ = [script, space.root, conflict, links ? 'yes' : 'no', String(k)];
      const child = spawnSync(process.execPath, arguments_, { encoding: 'utf8' });
      if (child.signal === null) expect(child.status, child.stderr).toBe(0);
      else killed += 1;
      // Between the reservation of a name and the rename over it, a disk without links may keep an empty file.
      expectNothingTorn(!links);
      const place = await openExportPlace(space.root, catalogPath);
      expect(place.catalog.check().problems).toEqual([]);
      await expectExactlyOnce(place, conflict, links);
      await place.cache.close();
      place.catalog.close();
      expect(space.list('.state')).toEqual([]);
      rmSync(space.root, { recursive: true });
      mkdirSync(space.root);
      cpSync(template.root, space.root, { recursive: true });
      if (child.signal === null) break;
    }
    template.remove();
    expect(killed).toBeGreaterThan(25);
  }, 600_000);
});
