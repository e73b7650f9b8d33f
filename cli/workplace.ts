/** What every working command needs: the engine, the models and the state folder of this machine. */
import { fileURLToPath } from 'node:url';
import { createEngine, type Engine } from '../core/jobs/engine-client.ts';
import { modelFolders, readModels, type ModelStore } from '../core/jobs/model-store.ts';
import { nodeEngine, type Log } from '../core/jobs/spawn-engine.ts';
import { emptyFolder, openStateFolder } from '../core/jobs/state-folder.ts';
import { nodeFileOps } from '../core/disk/file-ops.ts';
import type { EngineEnv } from '../core/host/engines.ts';
import { mayHaveGraphics, openGraphics, type OpenGraphics } from '../core/host/graphics.ts';
import type { DeviceChoice } from '../core/jobs/devices.ts';
import type { HostMeans } from '../core/host/place.ts';
import { escapeControls } from './text.ts';
import { runtimeVersion, softwareVersion } from './version.ts';

export interface Workplace {
  /** Starts its process with the first call. */
  readonly engine: Engine;
  readonly store: ModelStore;
  /** The per-user folder for scratch files and measured speeds. */
  readonly stateDirectory: string;
  /** Ends the engine process. */
  close(): Promise<void>;
}

const engineEntry = new URL('../core/engine/main.ts', import.meta.url);
const builtInModels = fileURLToPath(new URL('../models', import.meta.url));

/** The models of this installation and of ENLARGER_MODELS. */
export async function installedModels(): Promise<ModelStore> {
  return await readModels(modelFolders(builtInModels));
}

/** Takes one line for stderr, without its newline. */
export type Say = (line: string) => void;

/** Cards that cannot be used are told and stop nothing. */
export function tellModelProblems(say: Say, store: ModelStore): void {
  for (const problem of store.problems) say(`enlarger: ${escapeControls(problem.failure.message)}`);
}

/** What native libraries chatter is no news for a photographer; that the engine broke is, but not its stack. */
function engineLog(say: Say): Log {
  return (level, text) => {
    if (process.env['ENLARGER_LOG'] === 'debug') say(`enlarger engine: ${escapeControls(text)}`);
    else if (level === 'error') say(`enlarger engine: ${escapeControls(text.split('\n', 1)[0] ?? '')}`);
  };
}

/** An engine that starts its process with its first call. */
async function newEngine(stateDirectory: string, log: Log, env: EngineEnv = () => ({})): Promise<Engine> {
  return createEngine(nodeEngine({ entry: engineEntry, cwd: await emptyFolder(stateDirectory), log, env }), { log });
}

/** What the command line brings to a library. */
export function hostMeans(say: Say): HostMeans {
  const log = engineLog(say);
  return {
    newEngine: (stateDirectory, env) => newEngine(stateDirectory, log, env),
    async readModels() {
      const store = await installedModels();
      tellModelProblems(say, store);
      return store;
    },
    softwareVersion: softwareVersion(),
    runtimeVersion: runtimeVersion(),
    log,
    say: (sentence) => say(`enlarger: ${escapeControls(sentence)}`),
  };
}

export interface CommandGraphics extends OpenGraphics {
  /** Ends its processes. */
  close(): Promise<void>;
}

/** What computes besides the processor, for the device that was asked for; null where that is the processor, or nothing else is there. `always`: also then. */
export async function commandGraphics(
  { engine, stateDirectory }: Pick<Workplace, 'engine' | 'stateDirectory'>,
  { choice, always = false }: { readonly choice: DeviceChoice; readonly always?: boolean },
  say: Say,
): Promise<CommandGraphics | null> {
  if (!always && (choice === 'cpu' || (choice === 'auto' && !mayHaveGraphics()))) return null;
  const own = await newEngine(stateDirectory, engineLog(say));
  const second = await newEngine(stateDirectory, engineLog(say));
  const graphics = await openGraphics({
    ...{ stateDirectory, processor: engine, engine: own, second, files: nodeFileOps },
    choice: () => choice,
    runtimeVersion: runtimeVersion(),
  });
  return {
    ...graphics,
    async close() {
      await Promise.all([own.close(), second.close()]);
    },
  };
}

/** Opens it; tells of models that cannot be used, and later of an engine in trouble. */
export async function openWorkplace(say: Say): Promise<Workplace> {
  const stateDirectory = await openStateFolder();
  const engine = await newEngine(stateDirectory, engineLog(say));
  // Its libraries take as long to load as everything that follows here.
  engine.start();
  const store = await installedModels();
  tellModelProblems(say, store);
  return { engine, store, stateDirectory, close: () => engine.close() };
}
