import { linkSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileIdentity } from '../../../core/disk/file-identity.ts';
import { knowOriginals } from '../../../core/jobs/originals.ts';
import { localEngine } from '../../fixtures/engines.ts';
import { addAccepted } from '../../fixtures/export-place.ts';
import { openExportScene, type ExportScene } from '../../fixtures/export-scene.ts';
import { fakeHandlers } from '../../fixtures/fake-handlers.ts';

let scene: ExportScene;
beforeEach(async () => {
  scene = await openExportScene();
});
afterEach(async () => {
  await scene.close();
});

describe('names that are taken', () => {
  it.each(['rename', 'skip', 'overwrite'] as const)(
    'by files of others are treated under %s as was chosen before',
    async (conflict) => {
      await addAccepted(scene.place, '/photos/a.jpg', 1);
      await addAccepted(scene.place, '/photos/b.jpg', 2);
      scene.space.put('out/a.jpg', 'somebody else made this');
      await scene.add({ conflict });
      expect(scene.outcomes(await scene.work())).toEqual(
        { rename: ['a (1).jpg', 'b.jpg'], skip: ['another file has the name a.jpg', 'b.jpg'], overwrite: ['a.jpg', 'b.jpg'] }[
          conflict
        ],
      );
      expect(scene.space.read('out/a.jpg') === 'somebody else made this').toBe(conflict !== 'overwrite');
      expect(scene.space.list('out')).toHaveLength(conflict === 'rename' ? 3 : 2);
      if (conflict !== 'skip') return;
      // No network and no encoder ran for what was skipped; when the name is free, the same export goes through.
      expect(scene.encoded).toHaveLength(1);
      rmSync(scene.space.path('out/a.jpg'));
      await scene.add({ conflict });
      expect(scene.outcomes(await scene.work())).toEqual(['a.jpg']);
    },
  );

  it('by a file that appears during the work is skipped or renamed, too', async () => {
    for (const conflict of ['rename', 'skip'] as const) {
      const name = `${conflict}.jpg`;
      await addAccepted(scene.place, `/photos/${name}`, conflict === 'rename' ? 1 : 2);
      await scene.add({ conflict });
      const events = await scene.work({
        engine: localEngine({
          encode: async (params, context) => {
            scene.space.put(`out/${name}`, 'a moment ago');
            return await fakeHandlers.encode(params, context);
          },
        }),
      });
      expect(scene.outcomes(events)).toEqual([conflict === 'rename' ? 'rename (1).jpg' : `another file has the name ${name}`]);
      expect(scene.space.read(`out/${name}`)).toBe('a moment ago');
      scene.place.catalog.photos.remove([scene.place.catalog.results.list({}).at(-1)?.photoId ?? 0]);
    }
    expect(scene.place.catalog.exports.unfinished()).toEqual([]);
  });

  it('by the twins of an album are given in order', async () => {
    for (const [index, folder] of ['x', 'y', 'z'].entries()) await addAccepted(scene.place, `/photos/${folder}/a.jpg`, index + 1);
    for (const conflict of ['skip', 'rename', 'overwrite'] as const) await scene.add({ conflict });
    expect(scene.outcomes(await scene.work())).toEqual(['a.jpg', 'a (1).jpg', 'a (2).jpg']);
  });
});

describe('originals', () => {
  /** How a name in the target folder may come to be an original. */
  const ways: [string, (original: string, target: string) => void][] = [
    [
      'itself',
      (original, target) => {
        expect(original).toBe(target);
      },
    ],
    [
      'a hard link to it',
      (original, target) => {
        linkSync(original, target);
      },
    ],
    [
      'a symbolic link to it',
      (original, target) => {
        symlinkSync(original, target);
      },
    ],
  ];

  it.each(
    ways.flatMap(([way, make]) => (['rename', 'skip', 'overwrite'] as const).map((conflict) => [way, conflict, make] as const)),
  )('are never reached: %s, under %s', async (way, conflict, make) => {
    const target = scene.space.path('out/a.jpg');
    const original = way === 'itself' ? target : scene.space.path('photos/a.jpg');
    mkdirSync(dirname(original), { recursive: true });
    writeFileSync(original, 'ORIGINAL');
    utimesSync(original, 1000, 1000);
    make(original, target);
    await addAccepted(scene.place, original, 1);
    const known = await knowOriginals([original]);
    const home = await fileIdentity(dirname(original));
    const originals = { ...known, lieIn: async (folder: string) => (await fileIdentity(folder)) === home };
    const before = lstatSync(original, { bigint: true });
    await scene.add({ conflict });
    const events = await scene.work({ originals });
    expect(readFileSync(original, 'utf8')).toBe('ORIGINAL');
    const after = lstatSync(original, { bigint: true });
    for (const field of ['ino', 'size', 'mtimeNs', 'mode'] as const) expect(after[field]).toBe(before[field]);
    expect(readFileSync(target, 'utf8')).toBe('ORIGINAL');
    if (conflict === 'rename') expect(scene.outcomes(events)).toEqual(['a (1).jpg']);
    if (conflict === 'skip') expect(scene.outcomes(events)).toEqual(['another file has the name a.jpg']);
    if (conflict === 'overwrite') expect(scene.failures().map(({ code }) => code)).toEqual(['conflict']);
  });

  it('of others that lie among known ones are not replaced either', async () => {
    await addAccepted(scene.place, scene.space.put('out/x.jpg', 'ORIGINAL'), 1);
    await addAccepted(scene.place, '/elsewhere/a.jpg', 2);
    scene.space.put('out/a.jpg', 'not in the library');
    const known = await knowOriginals([scene.space.path('out/x.jpg')]);
    await scene.add({ conflict: 'overwrite' });
    await scene.work({ originals: { ...known, lieIn: () => Promise.resolve(true) } });
    expect(scene.failures().map(({ code }) => code)).toEqual(['conflict', 'conflict']);
    expect([scene.space.read('out/x.jpg'), scene.space.read('out/a.jpg')]).toEqual(['ORIGINAL', 'not in the library']);
  });
});
