import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../fixtures/pictures.ts';
import { libraryHere, ofType, type LibraryHere } from './library-here.ts';

const isLong = process.env['ENLARGER_TEST_LONG'] === '1';
const albums = [{ photoCount: 60, wantedKills: isLong ? 800 : 25 }, ...(isLong ? [{ photoCount: 500, wantedKills: 60 }] : [])];

/** What a user does with an album, from first to last; each command can be given again after it was killed. */
const steps = [
  ['library', 'add', 'photos'],
  ['queue', 'add', '--query', 'holiday', '--scale', '2'],
  ['queue', 'run'],
  // A job that five kills met is left alone until it is asked for again.
  ['queue', 'retry'],
  ['queue', 'run'],
  ['review', 'accept', '--all'],
  ['export', '--out', 'out', '--format', 'png'],
] as const;

/** Small photos of four formats and all orientations, in two folders. */
async function holiday(photoCount: number): Promise<LibraryHere> {
  const here = await libraryHere([], { width: 1, height: 1 });
  const random = randomStream(5);
  await mkdir(join(here.photos, 'second day'));
  for (let index = 0; index < photoCount; index += 1) {
    const [width, height] = [24 + (index % 9), 20 + (index % 7)];
    const samples = Uint8Array.from({ length: width * height * 3 }, () => 256 * random());
    const picture = sharp(samples, { raw: { width, height, channels: 3 } });
    const [extension, encoded] = (
      [
        ['jpg', picture.jpeg().withMetadata({ orientation: 1 + (index % 8) })],
        ['png', picture.png()],
        ['webp', picture.webp()],
        ['tif', picture.tiff()],
      ] as const
    )[index % 4]!;
    const folder = index % 3 === 0 ? 'second day' : '.';
    await writeFile(
      join(here.photos, folder, `holiday ${String(index).padStart(3, '0')}.${extension}`),
      await encoded.toBuffer(),
    );
  }
  return here;
}

/** Decodes every exported file: one that is cut anywhere throws. */
async function exported(here: LibraryHere): Promise<string[]> {
  const names = (await readdir(join(here.root, 'out')).catch(() => [])).filter((name) => !name.startsWith('.'));
  for (const name of names)
    await sharp(join(here.root, 'out', name), { failOn: 'warning' })
      .raw()
      .toBuffer();
  return names;
}

/** What a dead program may have left until the next start. */
async function leftovers(here: LibraryHere): Promise<string[]> {
  const parts = (await readdir(join(here.root, 'out')).catch(() => [])).filter((name) => name.startsWith('.'));
  const folders = ['scratch', 'runs', join('cache', 'drafts'), join('cache', 'runs'), join('cache', 'leases')];
  const names = await Promise.all(folders.map((folder) => readdir(join(here.root, 'state', folder)).catch(() => [])));
  return [...parts, ...names.flat()];
}

describe.each(albums)('an album of $photoCount photos', ({ photoCount, wantedKills }) => {
  let here: LibraryHere;
  let before: unknown;
  beforeAll(async () => {
    here = await holiday(photoCount);
    before = await here.originals();
  }, 120_000);
  afterAll(() => here.remove());

  it(`is exported whole and once, and no original changes, over ${String(wantedKills)} kills of the program`, async () => {
    const random = randomStream(17);
    const seen = { kills: 0, leftovers: 0, albums: 0 };
    for (;;) {
      // As many kills in each step as it takes to come through: a step that would begin anew each time never ended.
      for (const step of steps) {
        for (let patienceMs = 600; ; patienceMs *= 1.25) {
          const { child, result } = here.start(...step, '--json');
          const timer = setTimeout(() => child.kill('SIGKILL'), 100 + random() * patienceMs);
          if (seen.kills >= wantedKills) clearTimeout(timer);
          const { code, signal, stderr } = await result;
          clearTimeout(timer);
          seen.leftovers += (await leftovers(here)).length > 0 ? 1 : 0;
          await exported(here);
          if (signal === 'SIGKILL') seen.kills += 1;
          else if (code === 0) break;
          // What five kills met was given up and told; asking again makes it.
          else expect(stderr).toContain('ended again and again');
        }
      }
      seen.albums += 1;
      const [check] = await here.json('library', 'check');
      expect(check).toMatchObject({ ok: true, photos: photoCount });
      expect(await leftovers(here)).toEqual([]);
      const missing = (await here.json('library', 'list')).filter(({ state }) => state !== 'exported');
      expect(missing).toEqual([]);
      expect(await exported(here)).toHaveLength(photoCount);
      expect(await here.originals()).toEqual(before);
      const again = await here.lines(0, 'export', '--out', 'out', '--format', 'png');
      expect(ofType(again, 'skipped')).toHaveLength(photoCount);
      if (seen.kills >= wantedKills) break;
      for (const folder of ['out', 'library', 'state']) spawnSync('rm', ['-rf', join(here.root, folder)]);
    }
    // Kills that met nothing would prove nothing.
    expect(seen.leftovers).toBeGreaterThan(0);
    console.log(
      `${String(seen.kills)} kills over ${String(seen.albums)} albums of ${String(photoCount)} photos; ${String(seen.leftovers)} left something for the next start`,
    );
  }, 3_600_000);

  it.skipIf(spawnSync('strace', ['-V']).status !== 0)(
    'is never asked to write below the folder of the originals (skipped without strace)',
    async () => {
      for (const folder of ['out', 'library', 'state']) spawnSync('rm', ['-rf', join(here.root, folder)]);
      const log = join(here.root, 'calls.txt');
      const calls =
        'trace=open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,symlinkat,mkdir,mkdirat,rmdir,truncate,chmod,fchmodat,chown,fchownat,utime,utimes,utimensat,setxattr';
      let lines = 0;
      for (const step of steps) {
        const args = ['-f', '-qq', '-o', log, '-e', calls, process.execPath, ...cliArguments(step)];
        const { status, stderr } = spawnSync('strace', args, { cwd: here.root, env: { ...process.env, ...here.env } });
        expect(status, String(stderr)).toBe(0);
        for (const line of (await readFile(log, 'utf8')).split('\n')) {
          if (!line.includes(`"${here.photos}`) && !line.includes('"photos')) continue;
          lines += 1;
          if (/ open(at)?\(/.test(line)) expect(line).not.toMatch(/O_WRONLY|O_RDWR|O_CREAT|O_TRUNC/);
          else expect.fail(`a call that writes: ${line}`);
        }
      }
      // Each photo is opened to be looked at and to be enlarged.
      expect(lines).toBeGreaterThan(2 * photoCount);
      expect(await here.originals()).toEqual(before);
    },
    1_800_000,
  );
});

function cliArguments(step: readonly string[]): string[] {
  return [join(import.meta.dirname, '..', '..', 'cli', 'main.ts'), ...step, '--json'];
}
