import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOutPng, greyJpeg, phoneJpeg, truncatedJpeg, type PhotoSize } from '../fixtures/photos.ts';
import { libraryHere, ofType, runLines, type LibraryHere } from './library-here.ts';

/** So large that no machine is done with it while a signal is on its way. */
const large = (folder: string): Promise<string> => phoneJpeg(folder, 6, { width: 3000, height: 2000 });

let here: LibraryHere;
let ids: Record<string, string>;
beforeAll(async () => {
  const small = (make: (folder: string, size: PhotoSize) => Promise<string>) => (folder: string) =>
    make(folder, { width: 96, height: 64 });
  here = await libraryHere([small(cutOutPng), small(greyJpeg), small(truncatedJpeg), large], { width: 0, height: 0 });
  await here.json('library', 'add', 'photos');
  const photos = await here.json('library', 'list');
  ids = Object.fromEntries(photos.map(({ id, path }) => [String(path).slice(here.photos.length + 1), String(id)]));
});
afterAll(() => here.remove());

const stateOf = async (name: string): Promise<unknown> => {
  const photos = await here.json('library', 'list');
  return photos.find(({ path }) => path === join(here.photos, name))?.['state'];
};
const counts = async (): Promise<unknown> => (await here.json('queue', 'status'))[0]?.['counts'];

describe('enlarger queue', () => {
  it('says what it will take before it takes anything', async () => {
    const lines = await here.json('queue', 'add', ids['cut-out.png']!, ids['grey.jpg']!, '--scale', '4');
    expect(lines.map(({ type }) => type)).toEqual(['planned', 'queued']);
    expect(lines[0]).toMatchObject({
      photos: [
        { width: 384, height: 256, cached: false },
        { width: 384, height: 256, cached: false },
      ],
      outputMegapixels: (2 * 384 * 256) / 1e6,
      estimateMs: null,
    });
    expect(lines[1]).toMatchObject({ jobs: [1, 2], cached: 0 });
    expect(await stateOf('grey.jpg')).toBe('queued');
    expect(await counts()).toEqual({ queued: 2, running: 0, done: 0, failed: 0, cancelled: 0 });
    // The same again is the same work.
    expect((await here.json('queue', 'add', ids['grey.jpg']!, '--scale', '4')).at(-1)).toMatchObject({ jobs: [2] });
  });

  it('works until it is empty, and prints the lines of enhance', async () => {
    const before = await here.originals();
    const lines = await here.lines(0, 'queue', 'run');
    expect(ofType(lines, 'started').map(({ input, model, width }) => [input, model, width])).toEqual([
      [join(here.photos, 'cut-out.png'), 'photo-x4', 96],
      [join(here.photos, 'grey.jpg'), 'photo-x4', 96],
    ]);
    for (const done of ofType(lines, 'done')) {
      expect(done).toMatchObject({ width: 384, height: 256, cached: false });
      expect(await readdir(done.output)).toContain('result.json');
      expect(lines[lines.indexOf(done) - 1]).toEqual({ type: 'progress', input: done.input, fraction: 1 });
    }
    expect(lines.at(-1)).toMatchObject({ type: 'summary', done: 2, failed: 0, skipped: 0 });
    expect(await stateOf('grey.jpg')).toBe('ready');
    expect(await here.originals()).toEqual(before);
    expect((await here.run('queue', 'run')).stderr).toContain('The queue is empty');
  });

  it('has nothing to do for what is in the cache', async () => {
    const lines = await here.json('queue', 'add', ids['grey.jpg']!, '--scale', '4');
    expect(lines.at(-1)).toMatchObject({ jobs: [], cached: 1 });
  });

  it('goes on after a photo that cannot be enlarged, with code 1, and tries it again when asked', async () => {
    await here.json('queue', 'add', ids['truncated.jpg']!, ids['grey.jpg']!);
    const lines = await here.lines(1, 'queue', 'run');
    expect(ofType(lines, 'failed')).toMatchObject([{ input: join(here.photos, 'truncated.jpg'), code: 'damaged' }]);
    expect(ofType(lines, 'done')).toHaveLength(1);
    const { stdout } = await here.run('queue', 'status');
    expect(stdout).toContain('1 failed');
    expect(stdout).toMatch(/^\d+ +enhance +failed +truncated\.jpg +The file is damaged/m);
    expect(await here.json('queue', 'retry')).toEqual([{ changed: 1 }]);
    expect(await here.json('queue', 'cancel')).toEqual([{ changed: 1 }]);
    expect(await here.lines(0, 'queue', 'run')).toMatchObject([{ type: 'summary', done: 0, failed: 0 }]);
  });

  it('waits while it is paused', async () => {
    await here.json('queue', 'add', ids['cut-out.png']!);
    await here.json('queue', 'pause');
    const paused = await here.run('queue', 'run', '--json');
    expect(paused.code).toBe(0);
    expect(runLines(paused.stdout)).toMatchObject([{ type: 'summary', done: 0 }]);
    expect(paused.stderr).toContain('The queue is paused');
    expect(paused.stderr).toContain('1 job left');
    await here.json('queue', 'resume');
    expect(ofType(await here.lines(0, 'queue', 'run'), 'done')).toHaveLength(1);
  });

  it('refuses what a model cannot do, photo by photo, and an unknown model as a whole', async () => {
    const { code, stdout } = await here.run('queue', 'add', ids['grey.jpg']!, '--width', '100000', '--json');
    expect(code).toBe(1);
    expect(stdout).toMatch(/"type":"failed".*"code":"too-large"/);
    expect((await here.run('queue', 'add', '--query', 'grey', '--model', 'no-such')).stderr).toContain(
      'There is no model "no-such"',
    );
    expect(await counts()).toMatchObject({ queued: 0 });
  });

  it('belongs to one program at a time; Ctrl-C gives the photo at work back and the next run goes on with it', async () => {
    await here.json('queue', 'add', ids['phone-6.jpg']!);
    const first = here.start('queue', 'run', '--json');
    await first.saw('"type":"progress"');
    const second = await here.run('queue', 'pause');
    expect([second.code, second.stdout]).toEqual([1, '']);
    expect(second.stderr).toContain('open in another Enlarger');
    first.child.kill('SIGINT');
    const { code, stdout, stderr } = await first.result;
    expect(code, stderr).toBe(130);
    expect(runLines(stdout).at(-1)).toMatchObject({ type: 'summary', done: 0, failed: 0 });
    expect(stderr).toContain('1 job left');
    expect(await counts()).toMatchObject({ queued: 1, running: 0, failed: 0 });
    const state = here.env['ENLARGER_CACHE']!;
    expect(await readdir(join(state, 'scratch'))).toEqual([]);
    expect(await readdir(join(state, 'cache', 'drafts'))).toEqual([]);
    expect(await here.json('queue', 'cancel')).toEqual([{ changed: 1 }]);
    expect(await stateOf('phone-6.jpg')).toBe('none');
  });
});
