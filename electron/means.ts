/** @file Main process: what the desktop brings to a library: engines as utility processes, the models that it came with. */
import type { HostMeans } from '../core/host/place.ts';
import { createEngine } from '../core/jobs/engine-client.ts';
import { modelFolders, readModels } from '../core/jobs/model-store.ts';
import type { Log } from '../core/jobs/spawn-engine.ts';
import { emptyFolder } from '../core/jobs/state-folder.ts';
import { desktopEngine } from './engine-process.ts';

export interface MeansOptions {
  readonly engineEntry: string;
  readonly models: string;
  readonly version: string;
  readonly log: Log;
}

export function desktopMeans({ engineEntry, models, version, log }: MeansOptions): HostMeans {
  return {
    async newEngine(stateDirectory, env) {
      return createEngine(desktopEngine({ entry: engineEntry, cwd: await emptyFolder(stateDirectory), log, env }), { log });
    },
    readModels: () => readModels(modelFolders(models)),
    softwareVersion: version,
    // Every version of the program pins its onnxruntime.
    runtimeVersion: `${version} in Electron ${process.versions.electron}`,
    log,
    say: (sentence) => log('info', sentence),
  };
}
