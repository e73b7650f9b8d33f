import { readdirSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { measureModel } from '../../../core/host/measure.ts';
import { createEngine, type Engine } from '../../../core/jobs/engine-client.ts';
import { readModels } from '../../../core/jobs/model-store.ts';
import { nodeEngine, type EngineProcess } from '../../../core/jobs/spawn-engine.ts';
import { emptyFolder } from '../../../core/jobs/state-folder.ts';
import { engineEnv, type EngineStart } from '../../../core/photo/engine-env.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const temporary = temporaryFolder('engine-start');
const entry = new URL('../../../core/engine/main.ts', import.meta.url);
const modelFolder = fileURLToPath(new URL('../../../models', import.meta.url));
let engine: Engine | null = null;
afterEach(async () => {
  await engine?.close();
});

/** A real engine process that has run a real network; how it was started may change before the next one. */
async function run(start: () => EngineStart): Promise<{ pid: number; again: () => Promise<number> }> {
  const stateDirectory = temporary.fresh();
  const spawn = nodeEngine({ entry, cwd: await emptyFolder(stateDirectory), env: () => engineEnv(start()) });
  const processes: EngineProcess[] = [];
  const running = createEngine(() => {
    const spawned = spawn();
    processes.push(spawned);
    return spawned;
  });
  engine = running;
  const { models } = await readModels([modelFolder]);
  const model = models.find(({ card }) => card.id === 'photo-x2')!;
  const again = async (): Promise<number> => {
    const { signal } = new AbortController();
    await measureModel({ engine: running, stateDirectory }, model, { width: 64, height: 48, runs: 1, signal });
    return processes.at(-1)?.pid ?? 0;
  };
  return { pid: await again(), again };
}

describe('an engine process', () => {
  it('runs below normal priority where it works in the background, and as usual elsewhere', async () => {
    const own = getPriority();
    const lower = Math.max(own, constants.priority.PRIORITY_BELOW_NORMAL);
    expect(getPriority((await run(() => ({ threads: null, inBackground: true }))).pid)).toBe(lower);
    await engine?.close();
    expect(getPriority((await run(() => ({ threads: null, inBackground: false }))).pid)).toBe(own);
  });

  it.skipIf(process.platform !== 'linux')('has as many threads as it is allowed, from its next start on', async () => {
    let threads = 1;
    const { pid, again } = await run(() => ({ threads, inBackground: false }));
    const few = readdirSync(`/proc/${String(pid)}/task`).length;
    threads = 41;
    expect(await again()).toBe(pid);
    engine?.renew();
    const next = await again();
    expect(next).not.toBe(pid);
    // Libraries have some threads of their own, which come and go.
    expect(readdirSync(`/proc/${String(next)}/task`).length - few).toBeGreaterThan(25);
  });
});
