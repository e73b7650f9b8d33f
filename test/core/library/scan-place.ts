/** A library in memory over real files in a temp folder, with an engine that hashes files instead of decoding them. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openCatalog, type Catalog } from '../../../core/library/catalog.ts';
import { createImporter, type Importer } from '../../../core/library/import.ts';
import type { LookCall } from '../../../core/library/import-batch.ts';
import { createScanner, type AddOptions, type Scanner } from '../../../core/library/scan.ts';
import type { ScanDisk } from '../../../core/library/scan-disk.ts';
import type { Looked } from '../../../core/photo/engine-protocol.ts';
import type { ScanReport } from '../../../core/photo/library-view.ts';
import { noDetails } from '../../../core/photo/photo-details.ts';
import { photoFacts, recipe } from '../../fixtures/facts.ts';
import { workspace, type Workspace } from '../../fixtures/run.ts';

export interface ScanPlace {
  readonly space: Workspace;
  readonly catalog: Catalog;
  readonly scanner: Scanner;
  readonly importer: Importer;
  /** Paths in the order in which they were looked at. */
  readonly looked: string[];
  readonly add: (path: string, options?: Partial<AddOptions>) => ReturnType<Scanner['add']>;
  /** Scans and looks at what that found. */
  readonly update: () => Promise<ScanReport>;
  readonly lookAtAll: () => Promise<void>;
  /** Rows that are not missing, as sorted paths below the temp folder. */
  readonly present: () => string[];
  /** The photo's number by its path below the temp folder; of those that are missing too. Throws when there is none. */
  readonly idOf: (path: string) => number;
  readonly remove: () => void;
}

/** `look` answers what it is asked, in order. */
export function scanPlace(options: { disk?: ScanDisk; look?: LookCall } = {}): ScanPlace {
  const space = workspace();
  const catalog = openCatalog({ path: ':memory:' });
  const scanner = createScanner(catalog, options.disk === undefined ? {} : { disk: options.disk });
  const looked: string[] = [];
  const importer = createImporter({
    catalog,
    look: async (items, signal) => {
      looked.push(...items.map(({ path }) => path));
      return await (options.look ?? hashingLook)(items, signal);
    },
    thumbnails: {
      draft: async () => Promise.resolve('draft'),
      adopt: async () => Promise.resolve(),
      drop: async () => Promise.resolve(),
    },
  });
  const lookAtAll = async (): Promise<void> => {
    await importer.lookAtAll(new AbortController().signal);
  };
  const rows = (): { id: number; path: string; missing: boolean }[] =>
    catalog.photos
      .roots()
      .flatMap((root) => catalog.photos.foldersOf(root.id))
      .flatMap((folder) =>
        [...catalog.photos.filesIn(folder.id).values()].map(({ id, name, missing }) => ({
          id,
          path: `${folder.path}/${name}`.slice(space.root.length + 1),
          missing,
        })),
      );
  return {
    space,
    catalog,
    scanner,
    importer,
    looked,
    add: async (path, addOptions) => scanner.add([space.path(path)], { recursive: true, watch: false, ...addOptions }),
    lookAtAll,
    async update() {
      const report = await scanner.scan();
      await lookAtAll();
      return report;
    },
    present: () =>
      rows()
        .filter(({ missing }) => !missing)
        .map(({ path }) => path)
        .sort(),
    idOf(path) {
      const row = rows().find((entry) => entry.path === path);
      if (row === undefined) throw new Error(`no row for ${path} among ${JSON.stringify(rows())}`);
      return row.id;
    },
    remove() {
      catalog.close();
      space.remove();
    },
  };
}

export const hashingLook: LookCall = async (items) => Promise.resolve(items.map(({ path }) => lookAtFile(path)));

function lookAtFile(path: string): Looked {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    return { ok: false, failure: { code: 'not-found', message: 'gone' } };
  }
  if (content.toString().includes('no photo')) return { ok: false, failure: { code: 'not-a-photo', message: 'This is a text.' } };
  const sha256 = createHash('sha256').update(content).digest('hex');
  const facts = photoFacts({ sha256, fileBytes: content.length });
  return { ok: true, facts, details: noDetails, damaged: false, thumbnail: null };
}

/** What the user would miss: rating, and a result that was accepted. */
export function treasure(catalog: Catalog, id: number, rating: number): void {
  catalog.photos.rate([id], rating);
  const photo = catalog.photos.get(id);
  const sourceSha256 = photo?.facts?.sha256 ?? '';
  const key = createHash('sha256')
    .update(`${String(id)} ${sourceSha256}`)
    .digest('hex');
  const source = { key, sourceSha256, modelId: null, modelVersion: null, modelSha256: null };
  const result = catalog.results.put({ photoId: id, recipe: recipe(), width: 10, height: 10, ...source });
  catalog.results.apply(result.id, 'rendered', { strength: null });
  catalog.results.apply(result.id, 'accept');
}
