import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunLine } from '../../core/photo/run-events.ts';
import {
  avif,
  cmykJpeg,
  cutOutPng,
  deepTiff,
  greyJpeg,
  p3Png,
  phoneJpeg,
  progressiveJpeg,
  webp,
  type PhotoSize,
} from '../fixtures/photos.ts';
import { libraryHere, ofType, runLines, type LibraryHere } from './library-here.ts';

const phone = (folder: string, size: PhotoSize): Promise<string> => phoneJpeg(folder, 6, size);
const makers = [avif, cmykJpeg, cutOutPng, deepTiff, greyJpeg, p3Png, phone, progressiveJpeg, webp];
const size = { width: 480, height: 320 };

let here: LibraryHere;
let untouched: unknown;
beforeAll(async () => {
  here = await libraryHere(makers, size);
  untouched = await here.originals();
});
afterAll(() => here.remove());

/** Lines that were printed whole before the process was killed. */
const wholeLines = (stdout: string): RunLine[] => runLines(stdout.slice(0, stdout.lastIndexOf('\n') + 1));

/** Kills the command without warning when it has told that so many photos are done, or with 0 that one was begun; returns what it had told. */
async function killedAfter(count: number, ...args: string[]): Promise<RunLine[]> {
  const { child, result } = here.start(...args, '--json');
  let seen = '';
  child.stdout?.on('data', (text: string) => {
    seen += text;
    const told = seen.split('\n').filter((line) => line.includes(count === 0 ? '"type":"started"' : '"type":"done"'));
    if (told.length >= Math.max(1, count)) child.kill('SIGKILL');
  });
  const { signal, stdout, stderr } = await result;
  expect(signal, stderr).toBe('SIGKILL');
  return wholeLines(stdout);
}

async function leftovers(): Promise<string[]> {
  const state = here.env['ENLARGER_CACHE']!;
  const folders = ['scratch', 'runs', 'cache/drafts', 'cache/leases', 'cache/runs'].map((name) => join(state, name));
  return (await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])))).flat();
}

async function sizesIn(folder: string): Promise<[string, string, number, number][]> {
  const names = (await readdir(join(here.root, folder))).sort();
  return await Promise.all(
    names.map(async (name) => {
      // Decoded to the last pixel: a file that is cut anywhere throws.
      const picture = sharp(await readFile(join(here.root, folder, name)), { failOn: 'warning' });
      const { format } = await picture.metadata();
      const { info } = await picture.raw().toBuffer({ resolveWithObject: true });
      return [name, format, info.width, info.height];
    }),
  );
}

describe('an album from the disk to the disk', () => {
  it('is added and searched', async () => {
    expect((await here.json('library', 'add', 'photos')).at(-1)).toMatchObject({ added: makers.length, failed: 0 });
    await here.json('album', 'create', 'Mixed');
    const ids = (await here.json('library', 'list')).map(({ id }) => String(id));
    expect(await here.json('album', 'add', 'Mixed', ...ids)).toEqual([{ changed: makers.length }]);
    expect(await here.json('library', 'list', '--query', 'photo', '--album', 'Mixed')).toHaveLength(makers.length);
    expect(await here.json('library', 'list', '--query', 'cmyk')).toMatchObject([{ path: join(here.photos, 'cmyk.jpg') }]);
  });

  it('is enhanced to the end through three kills, each costing one photo at most', async () => {
    const added = await here.json('queue', 'add', '--album', 'Mixed');
    expect(added.at(-1)).toMatchObject({ cached: 0 });
    const runs: RunLine[][] = [];
    for (const count of [0, 2, 2]) runs.push(await killedAfter(count, 'queue', 'run'));
    runs.push(await here.lines(0, 'queue', 'run'));

    const done = runs.flatMap((lines) => ofType(lines, 'done'));
    const started = runs.flatMap((lines) => ofType(lines, 'started'));
    const files = (await readdir(here.photos)).map((name) => join(here.photos, name)).sort();
    // What was told as done is done: nothing is told twice, nothing is left out.
    expect(done.map(({ input }) => input).sort()).toEqual(files);
    expect(started.length - done.length).toBeLessThanOrEqual(3);
    expect(await leftovers()).toEqual([]);
    const [status] = await here.json('queue', 'status');
    expect(status).toMatchObject({ counts: { queued: 0, running: 0, done: makers.length, failed: 0 } });
    expect((await here.json('review', 'list')).map(({ state, cached }) => [state, cached])).toEqual(
      files.map(() => ['ready', true]),
    );
    expect(await here.json('library', 'check')).toMatchObject([{ ok: true }]);
  });

  it('is accepted, and exported twice in different formats without a network', async () => {
    expect(await here.json('review', 'accept', '--all')).toEqual([{ changed: makers.length }]);
    const exports = [
      ['png', await here.lines(0, 'export', '--album', 'Mixed', '--out', 'first', '--format', 'png')],
      [
        'jpeg',
        await here.lines(0, 'export', '--album', 'Mixed', '--out', 'second', '--format', 'jpeg', '--template', '{name} x{scale}'),
      ],
    ] as const;
    for (const [, lines] of exports) {
      expect(lines.map(({ type }) => type)).toEqual([...makers.map(() => 'done'), 'summary']);
      expect(ofType(lines, 'done').every(({ cached, ms }) => cached && ms.infer === 0)).toBe(true);
    }
    for (const [folder, format] of [
      ['first', 'png'],
      ['second', 'jpeg'],
    ] as const) {
      const files = await sizesIn(folder);
      expect(files).toHaveLength(makers.length);
      for (const [name, kind, width, height] of files)
        expect([name, kind, width, height]).toEqual([name, format, 2 * size.width, 2 * size.height]);
    }
    expect(await here.json('library', 'list', '--state', 'exported')).toHaveLength(makers.length);
  });

  it('is exported exactly once through a kill in the middle', async () => {
    const args = ['export', '--album', 'Mixed', '--out', 'third', '--format', 'tiff', '--template', '{n} {name}'];
    await killedAfter(2, ...args);
    await here.lines(0, ...args);
    const names = (await sizesIn('third')).map(([name]) => name);
    expect(names.filter((name) => name.includes('('))).toEqual([]);
    expect(names).toHaveLength(makers.length);
    expect(await leftovers()).toEqual([]);
  });

  it('has left every original as it was, and can be forgotten without touching one', async () => {
    expect(await here.originals()).toEqual(untouched);
    const ids = (await here.json('library', 'list')).map(({ id }) => String(id));
    expect(await here.json('library', 'remove', ...ids)).toEqual([{ changed: makers.length }]);
    expect(await here.originals()).toEqual(untouched);
  });
});
