/** How a library exports: what left the cache is rendered again, and nothing ever replaces a photo of the library. */
import type { Cache } from '../cache/cache.ts';
import type { FileOps } from '../disk/file-ops.ts';
import type { Engine } from '../jobs/engine-client.ts';
import type { Graphics } from '../jobs/enhance-render.ts';
import { exportWorker, type ExportEvent } from '../jobs/export-worker.ts';
import type { RunPlace } from '../jobs/janitor.ts';
import type { InstalledModel } from '../jobs/model-store.ts';
import type { SingleWorker } from '../jobs/queue-worker.ts';
import { renderAgain } from '../jobs/render-again.ts';
import type { WorkDevices } from '../jobs/work-devices.ts';
import type { Catalog } from '../library/catalog.ts';
import { libraryOriginals } from '../library/originals.ts';

export interface LibraryExportService {
  readonly catalog: Catalog;
  readonly cache: Cache;
  readonly engine: Engine;
  readonly models: readonly InstalledModel[];
  readonly devices: WorkDevices;
  readonly graphics: Graphics;
  readonly place: RunPlace;
  readonly files: FileOps;
  readonly softwareVersion: string;
  /** `cached`: its pixels were in the cache, so that no network ran. */
  readonly onExport: ((event: ExportEvent, cached: boolean) => void) | undefined;
}

/** The worker of the jobs of the kind `export`. */
export function libraryExports(service: LibraryExportService): SingleWorker {
  const { catalog, cache, engine, models, devices, graphics, place, files, softwareVersion, onExport } = service;
  const { photos, results, exports } = catalog;
  const { scratchDirectory } = place;
  const render = renderAgain({ engine, graphics, cache, files, scratchDirectory, results, models, devices });
  const renderedIds = new Set<number>();
  return exportWorker({
    ...{ engine, files, place, exports, photos, results, cache, softwareVersion },
    originals: libraryOriginals(catalog),
    async render(result, photo, how) {
      const rendered = await render(result, photo, how);
      if (rendered.work !== null) renderedIds.add(result.id);
      return rendered;
    },
    onEvent: (event) => onExport?.(event, !renderedIds.delete(event.result.id)),
  });
}
