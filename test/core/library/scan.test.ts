import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scanPlace, type ScanPlace } from './scan-place.ts';

let place: ScanPlace;
beforeEach(() => {
  place = scanPlace();
});
afterEach(() => {
  place.remove();
});

const jpegHead = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]);

describe('adding a folder', () => {
  it('finds the photos in it and below, and nothing that systems and we put there', async () => {
    for (const name of [
      'a.jpg',
      'b.HEIC',
      'deep/er/c.png',
      '.hidden.jpg',
      '.git/x.jpg',
      'Thumbs.db',
      '@eaDir/a.jpg',
      'enlarged/a.jpg',
    ])
      place.space.put(`in/${name}`, name);
    const report = await place.add('in');
    expect(place.present()).toEqual(['in/a.jpg', 'in/b.HEIC', 'in/deep/er/c.png']);
    expect(report).toMatchObject({ files: 3, added: 3, changed: 0, moved: 0, missing: 0, returned: 0, failed: [] });
    expect(report.ids).toEqual(['in/a.jpg', 'in/b.HEIC', 'in/deep/er/c.png'].map(place.idOf).sort((a, b) => a - b));
    expect(report.skipped).toEqual([{ path: place.space.path('in/enlarged'), reason: { code: 'earlier-results' } }]);
  });

  it('takes files without a photo name by their first bytes, and tells of formats that cannot be read', async () => {
    place.space.put('in/whatsapp', jpegHead);
    place.space.put('in/photo.bak', Buffer.concat([Buffer.from('RIFF....WEBP'), jpegHead]));
    place.space.put('in/notes.txt', 'my notes');
    place.space.put('in/film.mp4', Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'));
    place.space.put('in/raw.NEF', 'II*\0');
    place.space.put('in/raw2.nef', 'II*\0');
    const report = await place.add('in');
    expect(place.present()).toEqual(['in/photo.bak', 'in/whatsapp']);
    expect(report.skipped).toEqual([
      { path: place.space.path('in'), reason: { code: 'foreign-formats', formats: [{ extension: 'nef', count: 2 }] } },
    ]);
  });

  it('stays on its own level when it is not recursive', async () => {
    place.space.put('in/a.jpg', 'a');
    place.space.put('in/deep/b.jpg', 'b');
    await place.add('in', { recursive: false });
    expect(place.present()).toEqual(['in/a.jpg']);
    await place.add('in');
    expect(place.present()).toEqual(['in/a.jpg', 'in/deep/b.jpg']);
    expect(place.catalog.photos.roots()).toMatchObject([{ scope: 'tree' }]);
  });

  it('needs no root of its own inside one, by whatever path it is named', async () => {
    place.space.put('in/deep/b.jpg', 'b');
    place.space.put('in/enlarged/e.jpg', 'e');
    symlinkSync('in', place.space.path('link'));
    await place.add('in');
    const again = await place.add('link/deep');
    expect(again.ids).toEqual([place.idOf('in/deep/b.jpg')]);
    expect(place.catalog.photos.roots()).toHaveLength(1);
    await place.add('in/enlarged');
    expect(place.present()).toEqual(['in/deep/b.jpg', 'in/enlarged/e.jpg']);
    expect(await place.scanner.scan()).toMatchObject({ files: 2, unchanged: 2, added: 0, missing: 0 });
  });

  it('takes roots inside it along', async () => {
    place.space.put('in/deep/a.jpg', 'a');
    place.space.put('in/deep/b.jpg', 'b');
    await place.add('in/deep/a.jpg');
    expect(place.present()).toEqual(['in/deep/a.jpg']);
    await place.add('in');
    expect(place.present()).toEqual(['in/deep/a.jpg', 'in/deep/b.jpg']);
    expect(await place.scanner.scan()).toMatchObject({ files: 2, unchanged: 2 });
  });

  it('fails for what is not there or no file, and goes on with the rest', async () => {
    place.space.put('in/a.jpg', 'a');
    execFileSync('mkfifo', [place.space.path('pipe.jpg')]);
    const paths = ['nowhere', 'pipe.jpg', 'in'].map((path) => place.space.path(path));
    const report = await place.scanner.add(paths, { recursive: true, watch: false });
    expect(report.added).toBe(1);
    expect(report.failed.map(({ path, failure }) => [path, failure.code])).toEqual([
      [paths[0], 'not-found'],
      [paths[1], 'not-a-photo'],
    ]);
  });
});

describe('adding a file', () => {
  it('adds it and no other, and follows it when it is renamed', async () => {
    place.space.put('in/a.jpg', 'a');
    place.space.put('in/b.jpg', 'b');
    const report = await place.add('in/a.jpg');
    expect(report.ids).toEqual([place.idOf('in/a.jpg')]);
    expect(await place.update()).toMatchObject({ files: 1, unchanged: 1, added: 0 });
    renameSync(place.space.path('in/a.jpg'), place.space.path('in/c.jpg'));
    expect(await place.update()).toMatchObject({ moved: 1, missing: 0 });
    expect(place.present()).toEqual(['in/c.jpg']);
  });

  it('knows it again when it was away and came back as a copy', async () => {
    place.space.put('in/a.dat', 'a');
    await place.add('in/a.dat');
    await place.lookAtAll();
    const id = place.idOf('in/a.dat');
    rmSync(place.space.path('in/a.dat'));
    expect(await place.update()).toMatchObject({ missing: 1 });
    place.space.put('in/a.dat', 'a');
    await place.update();
    expect(place.present()).toEqual(['in/a.dat']);
    expect(place.idOf('in/a.dat')).toBe(id);
  });

  it('takes a named file whatever it is called', async () => {
    place.space.put('in/a.dat', 'a');
    await place.add('in/a.dat');
    expect(place.present()).toEqual(['in/a.dat']);
  });
});

describe('a rescan', () => {
  it('changes nothing where nothing changed', async () => {
    for (let index = 0; index < 30; index += 1) place.space.put(`in/${String(index % 3)}/${String(index)}.jpg`, String(index));
    await place.add('in');
    await place.lookAtAll();
    place.looked.length = 0;
    expect(await place.update()).toEqual({
      ...{ files: 30, added: 0, changed: 0, moved: 0, missing: 0, returned: 0, unchanged: 30 },
      ...{ skipped: [], offlineRoots: [] },
    });
    expect(place.looked).toEqual([]);
  });

  it('finds what was added, changed, deleted and put back', async () => {
    for (const name of ['a', 'b', 'c']) place.space.put(`in/${name}.jpg`, name);
    await place.add('in');
    await place.lookAtAll();
    place.looked.length = 0;
    place.space.put('in/new.jpg', 'new');
    place.space.put('in/b.jpg', 'longer than before');
    renameSync(place.space.path('in/c.jpg'), place.space.path('trash'));
    expect(await place.update()).toMatchObject({ added: 1, changed: 1, missing: 1, unchanged: 1 });
    expect(place.looked.map((path) => path.split('/').pop()).sort()).toEqual(['b.jpg', 'new.jpg']);
    place.looked.length = 0;
    renameSync(place.space.path('trash'), place.space.path('in/c.jpg'));
    expect(await place.update()).toMatchObject({ returned: 1, unchanged: 3, added: 0, missing: 0 });
    expect(place.looked).toEqual([]);
  });

  it('looks only where it is told to, and at new folders there', async () => {
    place.space.put('in/one/a.jpg', 'a');
    place.space.put('in/two/b.jpg', 'b');
    await place.add('in');
    place.space.put('in/one/new.jpg', 'new');
    place.space.put('in/one/sub/deep.jpg', 'deep');
    place.space.put('in/two/unseen.jpg', 'unseen');
    const report = await place.scanner.scanPaths([place.space.path('in/one/sub'), place.space.path('elsewhere/x')]);
    expect(report).toMatchObject({ added: 2, unchanged: 1 });
    rmSync(place.space.path('in/one'), { recursive: true });
    expect(await place.scanner.scanPaths([place.space.path('in/one/new.jpg')])).toMatchObject({ missing: 3 });
    expect(place.present()).toEqual(['in/two/b.jpg']);
  });

  it('takes hard links and copies for photos of their own', async () => {
    place.space.put('in/a.jpg', 'a');
    await place.add('in');
    linkSync(place.space.path('in/a.jpg'), place.space.path('in/b.jpg'));
    place.space.put('in/c.jpg', 'a');
    expect(await place.update()).toMatchObject({ added: 2, moved: 0, unchanged: 1 });
    renameSync(place.space.path('in/a.jpg'), place.space.path('in/d.jpg'));
    const id = place.idOf('in/a.jpg');
    expect(await place.update()).toMatchObject({ moved: 1, missing: 0 });
    expect(place.idOf('in/d.jpg')).toBe(id);
    expect(place.present()).toEqual(['in/b.jpg', 'in/c.jpg', 'in/d.jpg']);
  });

  it('looks again at a file that only got another time, and keeps what is known of it', async () => {
    place.space.put('in/a.jpg', 'a');
    await place.add('in');
    await place.lookAtAll();
    const id = place.idOf('in/a.jpg');
    place.catalog.photos.rate([id], 4);
    utimesSync(place.space.path('in/a.jpg'), 1, 1);
    expect(await place.update()).toMatchObject({ changed: 1 });
    expect(place.catalog.photos.page(id, () => false)).toMatchObject({ rating: 4, state: 'none' });
  });

  it('stops when it is asked to, and another one goes on', async () => {
    for (let index = 0; index < 2000; index += 1) place.space.put(`in/${String(index)}.jpg`, '');
    await place.add('in');
    await expect(place.scanner.scan(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(await place.scanner.scan()).toMatchObject({ unchanged: 2000 });
  });

  it('records a large folder bit by bit, so that others get their turn, and misses nothing', async () => {
    const count = 700;
    for (let index = 0; index < count; index += 1) place.space.put(`in/${String(index)}.jpg`, String(index));
    for (let index = 0; index < 200; index += 2)
      linkSync(place.space.path(`in/${String(index)}.jpg`), place.space.path(`in/twin-${String(index)}.jpg`));
    const scan = { isOver: false };
    const adding = place.add('in').finally(() => (scan.isOver = true));
    let [seen, largestStep] = [0, 0];
    while (!scan.isOver) {
      await nextTurn();
      const now = place.catalog.photos.countToLookAt();
      largestStep = Math.max(largestStep, now - seen);
      seen = now;
    }
    expect(await adding).toMatchObject({ added: count + 100, files: count + 100 });
    expect(largestStep).toBeLessThanOrEqual(200);
    expect(place.present()).toHaveLength(count + 100);
    expect(await place.scanner.scan()).toMatchObject({ unchanged: count + 100, added: 0, moved: 0 });
  });

  it('leaves out a file that was removed from the library and touches it never, until it is added again', async () => {
    const again = { 'its folder': 'in', 'a folder around it': '.', 'it by its name': 'in/a.jpg' };
    for (const [how, path] of Object.entries(again)) {
      for (const name of ['a', 'b', 'deep/c']) place.space.put(`in/${name}.jpg`, name);
      await place.add('in');
      const ids = ['in/a.jpg', 'in/deep/c.jpg'].map((name) => place.idOf(name));
      expect(place.catalog.photos.leaveOut(ids)).toBe(2);
      for (let scans = 0; scans < 2; scans += 1) expect(await place.scanner.scan()).toMatchObject({ added: 0, unchanged: 1 });
      expect(await place.scanner.scanPaths([place.space.path('in/a.jpg')])).toMatchObject({ added: 0 });
      expect(place.space.read('in/a.jpg')).toBe('a');
      await place.add(path);
      expect([how, place.present()]).toEqual([
        how,
        path === 'in/a.jpg' ? ['in/a.jpg', 'in/b.jpg'] : ['in/a.jpg', 'in/b.jpg', 'in/deep/c.jpg'],
      ]);
    }
  });

  it('takes another file under the name of one that was left out', async () => {
    place.space.put('in/a.jpg', 'a');
    place.space.put('in/b.jpg', 'b');
    await place.add('in');
    place.catalog.photos.leaveOut([place.idOf('in/a.jpg'), place.idOf('in/b.jpg')]);
    place.space.put('in/a.jpg', 'another photo');
    renameSync(place.space.path('in/b.jpg'), place.space.path('in/c.jpg'));
    expect(await place.scanner.scan()).toMatchObject({ added: 2 });
  });
});

describe('strange things in a folder', () => {
  it('ends, lists nothing twice, reads no file that is none, and gives a reason for each', async () => {
    place.space.put('in/a.jpg', 'a');
    mkdirSync(place.space.path('in/deep/er'), { recursive: true });
    place.space.put('in/deep/er/b.jpg', 'b');
    const links: Record<string, string> = {
      'in/deep/up': '..',
      'in/deep/er/top': '../..',
      'in/here': '.',
      'in/loop-a': 'loop-b',
      'in/loop-b': 'loop-a',
      'in/dead.jpg': 'nowhere',
      'in/zero.jpg': '/dev/zero',
      'in/also-a.jpg': 'a.jpg',
    };
    for (const [path, target] of Object.entries(links)) symlinkSync(target, place.space.path(path));
    execFileSync('mkfifo', [place.space.path('in/pipe.jpg')]);
    execFileSync('mkfifo', [place.space.path('in/pipe')]);
    const server = createServer().listen(place.space.path('in/socket.jpg'));
    try {
      const report = await place.add('in');
      expect(place.present()).toEqual(['in/a.jpg', 'in/deep/er/b.jpg']);
      expect(report).toMatchObject({ files: 2, added: 2 });
      const skipped = report.skipped.map(({ path }) => path.slice(place.space.root.length + 1)).sort();
      expect(skipped).toEqual([...Object.keys(links), 'in/pipe', 'in/pipe.jpg', 'in/socket.jpg'].sort());
      for (const { reason } of report.skipped) expect(['link', 'irregular']).toContain(reason.code);
    } finally {
      server.close();
    }
  });

  it('walks a folder once that is mounted in two places', async (context) => {
    const photos = place.space.path('in/photos');
    place.space.put('in/photos/a.jpg', 'a');
    place.space.put('in/photos/deep/b.jpg', 'b');
    const within = place.space.path('in/photos/deep/again');
    const outside = place.space.path('outside');
    for (const path of [within, outside]) mkdirSync(path);
    const mounted: string[] = [];
    try {
      for (const path of [within, outside]) {
        execFileSync('mount', ['--bind', photos, path], { stdio: 'pipe' });
        mounted.push(path);
      }
      const report = await place.add('in/photos');
      expect(place.present()).toEqual(['in/photos/a.jpg', 'in/photos/deep/b.jpg']);
      expect(report.skipped).toEqual([{ path: within, reason: { code: 'same-folder', twin: photos } }]);
      expect(await place.add('outside')).toMatchObject({ added: 0, moved: 0, unchanged: 2 });
      expect(place.catalog.photos.roots()).toMatchObject([{ path: photos }]);
    } catch (error) {
      if (mounted.length === 2) throw error;
      context.skip(`only the administrator of Linux can mount (${String(error).slice(0, 80)})`);
    } finally {
      for (const path of mounted.reverse()) execFileSync('umount', [path]);
    }
  });

  it.runIf(process.platform === 'linux')('says what to do about a name in an old encoding', async () => {
    place.space.put('in/a.jpg', 'a');
    writeFileSync(Buffer.concat([Buffer.from(place.space.path('in/caf')), Buffer.from([0xe9]), Buffer.from('.jpg')]), 'x');
    const report = await place.add('in');
    expect(place.present()).toEqual(['in/a.jpg']);
    expect(report.skipped).toEqual([{ path: place.space.path('in/caf\ufffd.jpg'), reason: { code: 'old-encoding' } }]);
  });
});
