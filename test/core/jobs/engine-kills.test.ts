import { mkdirSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sharp } from '../../../core/engine/sharp.ts';
import { createEngine } from '../../../core/jobs/engine-client.ts';
import type { EngineProcess, SpawnEngine } from '../../../core/jobs/spawn-engine.ts';
import { randomStream } from '../../fixtures/pictures.ts';
import { sha256Of, shippedCard, shippedModelDirectory, spawnRealEngine } from '../../fixtures/real-engine.ts';
import { runIn, workspace, type Workspace } from '../../fixtures/run.ts';

const wantedKills = process.env['ENLARGER_TEST_LONG'] === '1' ? 300 : 40;
const photos = 5;

let space: Workspace;
beforeEach(async () => {
  space = workspace();
  mkdirSync(space.path('out'));
  for (let index = 0; index < photos; index += 1) {
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const picture = sharp({ create: { width: 300 + index * 40, height: 220, channels: 3, background: 'black', noise } });
    space.put(`in/${String(index)}.jpg`, await picture.jpeg().toBuffer());
  }
});
afterEach(() => {
  space.remove();
});

describe('the real engine, killed at random moments', () => {
  it(`never leaves a partial output or touches an original, over ${String(wantedKills)} kills`, async () => {
    const originals = space.list('in').map((name) => space.path(`in/${name}`));
    const before = originals.map((path) => [sha256Of(path), statSync(path).mtimeMs, statSync(path).size]);
    const random = randomStream(7);
    let kills = 0;
    let round = 0;
    let done = 0;
    while (kills < wantedKills) {
      // Results that are there already would leave nothing to kill but the encoder; every third round that is what is meant.
      if (round % 3 !== 2) rmSync(space.path('.state/cache/results'), { recursive: true, force: true });
      round += 1;
      let alive: EngineProcess | null | undefined;
      const spawn: SpawnEngine = () => (alive = spawnRealEngine());
      const engine = createEngine(spawn);
      const kill = (): void => {
        if (alive?.pid === undefined) return;
        try {
          process.kill(alive.pid, 'SIGKILL');
          kills += 1;
        } catch (gone) {
          expect((gone as NodeJS.ErrnoException).code).toBe('ESRCH');
        }
      };
      // Some by the clock, which mostly meets a process that starts; some by what it is doing.
      const killer = (async () => {
        do {
          await new Promise((resolve) => setTimeout(resolve, 500 + random() * 2000));
          kill();
        } while (alive !== null);
      })();
      const { summary, of } = await runIn(space, {
        inputs: [space.path('in')],
        outDirectory: space.path('out'),
        models: [{ card: shippedCard, directory: shippedModelDirectory }],
        engine,
        onEvent: (event) => {
          if (event.type === 'progress' && random() < 0.12) kill();
        },
      });
      alive = null;
      await killer;
      await engine.close();
      expect(summary.done + summary.failed).toBe(photos);
      for (const failure of of('failed')) expect(failure.code).toBe('device-failed');
      const outputs = space.list('out');
      expect(outputs).toHaveLength((done += summary.done));
      expect(outputs.filter((name) => name.endsWith('.part'))).toEqual([]);
      for (const { output, width, height } of of('done')) {
        // Decodes every pixel: a file that is cut anywhere throws.
        const { info } = await sharp(output, { failOn: 'warning' }).raw().toBuffer({ resolveWithObject: true });
        expect([info.width, info.height]).toEqual([width, height]);
      }
      const temporary = ['scratch/', 'cache/drafts/', 'cache/leases/'];
      expect(space.list('.state').filter((name) => temporary.some((folder) => name.startsWith(folder)))).toEqual([]);
    }
    expect(originals.map((path) => [sha256Of(path), statSync(path).mtimeMs, statSync(path).size])).toEqual(before);
    expect(done).toBeGreaterThan(0);
    console.log(`${String(kills)} kills of the engine, ${String(done)} whole results, ${String(photos)} originals unchanged`);
  }, 600_000);
});
