/** Figures of scan and import over ten thousand real files, against the disk and the decoder alone. */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openCache } from '../../core/cache/cache.ts';
import { sharp } from '../../core/engine/sharp.ts';
import { createEngine } from '../../core/jobs/engine-client.ts';
import { nodeEngine } from '../../core/jobs/spawn-engine.ts';
import { openCatalog, type Catalog } from '../../core/library/catalog.ts';
import { thumbnailSide } from '../../core/library/import-batch.ts';
import { createImporter, type Importer } from '../../core/library/import.ts';
import { createScanner } from '../../core/library/scan.ts';
import { nodeScanDisk } from '../../core/library/scan-disk.ts';
import { photoPath, photosInFolder, smallPhotoCount, smallPhotoTree } from '../fixtures/small-photos.ts';
import type { BenchPlace } from './bench-place.ts';
import { processorMs } from './process-time.ts';
import { median, percent, span, type Row } from './table.ts';

/** Short rounds, and many: a machine that is busy with something else is busy for both then. */
const roundsForRepeat = 5;
const entry = new URL('../../core/engine/main.ts', import.meta.url);

export async function importFigures(place: BenchPlace): Promise<{ rows: Row[]; notes: string[] }> {
  const tree = await smallPhotoTree(place.say);
  const scan = await scanFigures(place, tree);
  const imported = await rateFigures(place, tree);
  return { rows: [...scan.rows, ...imported.rows], notes: [...scan.notes, ...imported.notes] };
}

async function scanFigures(place: BenchPlace, tree: string): Promise<{ rows: Row[]; notes: string[] }> {
  place.say(`scan of ${String(smallPhotoCount)} files`);
  const catalog = openCatalog({ path: join(place.directory, 'scan', 'catalog.db') });
  try {
    const scanner = createScanner(catalog);
    const add = await timed(() => scanner.add([tree], { recursive: true, watch: false }));
    if (add.value.added !== smallPhotoCount) throw new Error(`${String(add.value.added)} files were added`);
    const rates: number[] = [];
    const bare: number[] = [];
    for (let repeat = 0; repeat < place.repeats; repeat += 1) {
      bare.push(
        smallPhotoCount /
          (
            await timed(async () => {
              statusOfAll(tree);
              await Promise.resolve();
            })
          ).seconds,
      );
      const { value, seconds } = await timed(() => scanner.scan());
      if (value.unchanged !== smallPhotoCount) throw new Error('the tree changed');
      rates.push(smallPhotoCount / seconds);
    }
    const text = (rate: number): string => `${rate.toFixed(0)} files/s`;
    const rows = [
      { figure: 'rescan of an unchanged tree', measured: text(median(rates)), target: '≥ 20,000 files/s' },
      { figure: '— listing and asking the disk alone', measured: text(median(bare)), target: '' },
      { figure: 'first scan', measured: text(smallPhotoCount / add.seconds), target: '' },
    ];
    return { rows, notes: [`Rescans: ${span(rates, text)}, catalog on the disk.`] };
  } finally {
    catalog.close();
  }
}

function statusOfAll(folder: string): void {
  for (const { name, kind } of nodeScanDisk.list(folder)) {
    const path = join(folder, name);
    if (kind === 'folder') statusOfAll(path);
    else nodeScanDisk.status(path);
  }
}

interface Cost {
  readonly seconds: number;
  /** Milliseconds of all cores for a photo; null where the system does not tell. */
  readonly processorMs: number | null;
}

/** Rounds of both in turns, over other files each time. */
async function rateFigures(place: BenchPlace, tree: string): Promise<{ rows: Row[]; notes: string[] }> {
  const rounds = Math.min(place.repeats * roundsForRepeat + 1, smallPhotoCount / photosInFolder);
  const catalog = openCatalog({ path: join(place.directory, 'import', 'catalog.db') });
  const cache = await openCache({ directory: join(place.directory, 'cache'), limitBytes: 20e9 });
  const cwd = join(place.directory, 'empty-import');
  mkdirSync(cwd);
  const spawn = nodeEngine({ entry, cwd });
  let enginePid: number | undefined;
  const engine = createEngine(() => {
    const started = spawn();
    enginePid = started.pid;
    return started;
  });
  const importer = createImporter({
    catalog,
    thumbnails: cache.thumbnails,
    look: async (items, signal) => (await engine.call('look', { items }, { signal })).looks,
  });
  const cost = async (work: () => Promise<void>): Promise<Cost> => {
    const beforeMs = processorMs(enginePid);
    const { seconds } = await timed(work);
    const afterMs = processorMs(enginePid);
    return { seconds, processorMs: beforeMs === null || afterMs === null ? null : (afterMs - beforeMs) / photosInFolder };
  };
  const ours: Cost[] = [];
  const theirs: Cost[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      if (round % roundsForRepeat === 0) place.say(`import, round ${String(round + 1)} of ${String(rounds)}`);
      const paths = Array.from({ length: photosInFolder }, (_, index) => photoPath(tree, round * photosInFolder + index));
      const contests = [
        async () => ours.push(await cost(() => importRound(paths, catalog, importer))),
        async () => theirs.push(await cost(() => bareThumbnails(paths, place.directory))),
      ];
      for (const contest of round % 2 === 0 ? contests : contests.reverse()) await contest();
    }
  } finally {
    await engine.close();
    await cache.close();
    catalog.close();
  }
  // The first round starts the engine and warms both up.
  return compare(ours.slice(1), theirs.slice(1));
}

function compare(ours: readonly Cost[], theirs: readonly Cost[]): { rows: Row[]; notes: string[] } {
  const ratios = ours.map(({ seconds }, index) => (theirs[index]?.seconds ?? 0) / seconds);
  const rate = (costs: readonly Cost[]): string =>
    `${median(costs.map(({ seconds }) => photosInFolder / seconds)).toFixed(0)} photos/s`;
  const rows: Row[] = [
    { figure: 'import against bare sharp making the same thumbnails', measured: percent(median(ratios)), target: '≥ 90 %' },
    { figure: '— import', measured: rate(ours), target: '' },
    { figure: '— bare sharp', measured: rate(theirs), target: '' },
  ];
  const [our, their] = [ours, theirs].map((costs) => costs.flatMap(({ processorMs: ms }) => (ms === null ? [] : [ms])));
  if (our !== undefined && their !== undefined && our.length > 0 && their.length > 0)
    rows.push({
      figure: '— by processor time, which other programs do not change',
      measured: `${percent(median(their) / median(our))} (${median(our).toFixed(2)} and ${median(their).toFixed(2)} ms a photo)`,
      target: '≥ 90 %',
    });
  return {
    rows,
    notes: [
      `Import: scan, hash, facts, metadata, thumbnail (${String(thumbnailSide)} pixels, JPEG), catalog and cache on the disk, host and engine together; ${String(ours.length)} rounds of ${String(photosInFolder)} photos (640 × 480), ${span(ratios, percent)}. Bare sharp: the same thumbnails, the same settings, nothing else.`,
    ],
  };
}

async function importRound(paths: readonly string[], catalog: Catalog, importer: Importer): Promise<void> {
  const folders = [...new Set(paths.map((path) => join(path, '..')))];
  const { added } = await createScanner(catalog).add(folders, { recursive: true, watch: false });
  const { looked, failed } = await importer.lookAtAll(new AbortController().signal);
  if (added !== paths.length || looked !== paths.length || failed > 0)
    throw new Error(`${String(added)} photos were added, ${String(looked)} looked at, ${String(failed)} failed`);
}

async function bareThumbnails(paths: readonly string[], directory: string): Promise<void> {
  const folder = join(directory, 'bare');
  mkdirSync(folder, { recursive: true });
  const remaining = paths.entries();
  const work = async (): Promise<void> => {
    for (const [index, path] of remaining)
      await sharp(path)
        .autoOrient()
        .resize(thumbnailSide, thumbnailSide, { fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality: 80 })
        .toFile(join(folder, `${String(index)}.jpg`));
  };
  await Promise.all(Array.from({ length: Math.max(4, 2 * availableParallelism()) }, work));
}

async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; seconds: number }> {
  const startMs = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - startMs) / 1000 };
}
