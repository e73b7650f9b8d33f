/** Figures of the catalog with 100,000 photos: opening, pages, words, counts, and what writes much at once. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openCatalog, type Catalog } from '../../core/library/catalog.ts';
import { photoQuerySchema, photoSorts, type PhotoQueryInput } from '../../core/photo/library-view.ts';
import { enhanceJob } from '../fixtures/catalog-rows.ts';
import type { BenchPlace } from './bench-place.ts';
import { albumNames, fillCatalog } from './library-rows.ts';
import { median, megabytes, type Row } from './table.ts';

const photos = 100_000;

/** By name: every order, filters that fit many, few and none, words that are everywhere, common, rare and nowhere, and both together. */
const queries: Record<string, PhotoQueryInput> = {
  ...Object.fromEntries(photoSorts.map((sort) => [`by ${sort}`, { sort }])),
  ...Object.fromEntries(photoSorts.map((sort) => [`by ${sort}, from the end`, { sort, descending: true }])),
  'no photo at all fits': { minRating: 5, favourite: true, enhanced: true, state: 'failed' },
  'no photo fits, by name': { minRating: 5, favourite: true, state: 'failed', sort: 'name' },
  'the best of a year, by size': { minRating: 4, takenFromMs: Date.UTC(2015, 0), takenToMs: Date.UTC(2016, 0), sort: 'bytes' },
  'favourites that are enhanced': { favourite: true, enhanced: true, descending: true },
  'a letter that begins a word of every photo': { text: 'k' },
  'three such letters': { text: 'k p e', sort: 'name' },
  'a word of every photo': { text: 'pictures', descending: true },
  'a common word': { text: 'canon', sort: 'added' },
  'three common words': { text: 'canon lisbon noon', sort: 'rating' },
  'a rare word': { text: 'kw3a' },
  'one photo': { text: 'IMG_77778' },
  nothing: { text: 'nowhere' },
  'a common word and no photo that fits': { text: 'pictures', minRating: 5, favourite: true, state: 'failed' },
  'an album of all': { album: albumNames.all },
  'an album of all, none fits': { album: albumNames.all, state: 'failed', favourite: true },
  'an album of a tenth, by name': { album: albumNames.tenth, sort: 'name' },
  'an album of fifty': { album: albumNames.few },
  'a letter of every photo in an album of all': { text: 'k', album: albumNames.all },
  'a common word in an album of a tenth': { text: 'canon', album: albumNames.tenth },
};

export function catalogFigures(place: BenchPlace): { rows: Row[]; notes: string[] } {
  const path = join(place.directory, 'catalog', 'catalog.db');
  const filled = openCatalog({ path });
  fillCatalog(filled, photos, (text) => place.say(text));
  place.say('the backup of the day');
  const dailyMs = timed(() => filled.backUpIfDue());
  filled.close();
  const size = megabytes(statSync(path).size);

  const cleanMs = openMs(path);
  changeAndDie(path);
  const uncleanMs = openMs(path);
  const baselineMs = baseline(path, place.repeats);

  const catalog = openCatalog({ path });
  place.say('pages, words and counts');
  const pages = slowest(place.repeats, (query) => catalog.photos.list(query));
  const counts = slowest(place.repeats, (query) => catalog.photos.count(query));
  const outlines = slowest(place.repeats, (query) => catalog.photos.outline(query));
  const walk = walkMs(catalog);
  place.say('writes');
  const addMs = timed(() => catalog.jobs.add(Array.from({ length: 10_000 }, (_, index) => enhanceJob(2 + index))));
  const checkMs = timed(() => catalog.check());
  catalog.close();

  const against = (ms: number): string => `${milliseconds(ms)} (${(ms / baselineMs).toFixed(0)}×)`;
  const rows: Row[] = [
    { figure: `open, ${photos} photos, closed before`, measured: milliseconds(cleanMs), target: '≤ 1000 ms' },
    { figure: 'open after a kill, 1,000 changes in the log', measured: milliseconds(uncleanMs), target: '≤ 1000 ms' },
    { figure: 'bare `SELECT … LIMIT 200`', measured: milliseconds(baselineMs), target: '' },
    { figure: `slowest page of 200 (${pages.name})`, measured: against(pages.ms), target: '≤ 50 ms' },
    { figure: `slowest count (${counts.name})`, measured: against(counts.ms), target: '≤ 50 ms' },
    { figure: `slowest outline (${outlines.name})`, measured: against(outlines.ms), target: '≤ 150 ms' },
    { figure: 'slowest page of 200 on a walk through all', measured: against(walk), target: '≤ 50 ms' },
    { figure: '10,000 jobs added', measured: milliseconds(addMs), target: '' },
    { figure: 'backup of the day after a first import', measured: milliseconds(dailyMs), target: '' },
    { figure: 'check of everything', measured: milliseconds(checkMs), target: '' },
  ];
  const notes = [
    `The catalog: ${size} for ${photos} photos with facts, details and words. Pages and counts by processor time, medians of ${place.repeats}, the clock in brackets; × against the bare SELECT.`,
    `Pages, in ms: ${pages.all}.`,
    `Counts, in ms: ${counts.all}.`,
    `Outlines, in ms: ${outlines.all}.`,
  ];
  return { rows, notes };
}

function timed(work: () => unknown): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

/** By the clock, and by the processor: the work is one thread's, and other programs do not change what it takes. */
function twiceTimed(work: () => unknown): { clockMs: number; processorMs: number } {
  const before = process.cpuUsage();
  const clockMs = timed(work);
  const { user, system } = process.cpuUsage(before);
  return { clockMs, processorMs: (user + system) / 1000 };
}

function openMs(path: string): number {
  const startMs = performance.now();
  const catalog = openCatalog({ path });
  catalog.photos.list(photoQuerySchema.parse({}));
  const ms = performance.now() - startMs;
  catalog.close();
  return ms;
}

/** A process that changes a thousand photos and ends without closing. */
function changeAndDie(path: string): void {
  const module = new URL('../../core/library/catalog.ts', import.meta.url).href;
  const script = `
    import { openCatalog } from ${JSON.stringify(module)};
    const catalog = openCatalog({ path: ${JSON.stringify(path)} });
    catalog.photos.rate(Array.from({ length: 1000 }, (_, index) => 50 * index + 7), 5);
    process.kill(process.pid, 'SIGKILL');`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  if (signal !== 'SIGKILL') throw new Error('the catalog could not be changed');
}

/** What SQLite needs for 200 rows with nothing of ours. */
function baseline(path: string, repeats: number): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const statement = database.prepare(
    'SELECT id, name, width, height, file_bytes, taken_at, rating, favourite, state FROM photos LIMIT 200',
  );
  statement.all();
  const ms = median(Array.from({ length: 5 * repeats }, () => twiceTimed(() => statement.all()).processorMs));
  database.close();
  return ms;
}

interface Slowest {
  readonly name: string;
  /** Of the processor. */
  readonly ms: number;
  /** All of them, by the processor and by the clock. */
  readonly all: string;
}

function slowest(repeats: number, ask: (query: ReturnType<typeof photoQuerySchema.parse>) => unknown): Slowest {
  const times = Object.entries(queries).map(([name, input]) => {
    const query = photoQuerySchema.parse(input);
    const runs = Array.from({ length: repeats }, () => twiceTimed(() => ask(query)));
    return { name, ms: median(runs.map(({ processorMs }) => processorMs)), clockMs: median(runs.map(({ clockMs }) => clockMs)) };
  });
  const sorted = times.toSorted((a, b) => b.ms - a.ms);
  const [first] = sorted;
  if (first === undefined) throw new RangeError('no queries');
  return { ...first, all: sorted.map(({ name, ms, clockMs }) => `${name} ${ms.toFixed(1)} (${clockMs.toFixed(1)})`).join(', ') };
}

/** The slowest page of a walk from the first photo to the last. */
function walkMs(catalog: Catalog): number {
  const pageMs: number[] = [];
  let cursor: string | null | undefined;
  const step = (): void => {
    cursor = catalog.photos.list(photoQuerySchema.parse({ sort: 'name', cursor })).nextCursor;
  };
  while (cursor !== null) pageMs.push(twiceTimed(step).processorMs);
  return Math.max(...pageMs);
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
