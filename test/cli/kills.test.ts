import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../fixtures/pictures.ts';
import { noise } from '../fixtures/samples.ts';
import { runCli, startCli } from './run-cli.ts';

const wantedKills = process.env['ENLARGER_TEST_LONG'] === '1' ? 200 : 15;
const photos: Record<string, (picture: Sharp) => Sharp> = {
  '1.jpg': (picture) => picture.jpeg(),
  '2.png': (picture) => picture.png(),
  '3.webp': (picture) => picture.webp(),
  '4.tif': (picture) => picture.tiff(),
  '5.jpg': (picture) => picture.jpeg(),
};
const names = Object.keys(photos);

let root: string;
let env: Record<string, string>;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'enlarger-kills-'));
  env = { ENLARGER_CACHE: join(root, 'cache') };
  await mkdir(join(root, 'in'));
  for (const [index, [name, encode]] of Object.entries(photos).entries()) {
    const [width, height] = [160 + 60 * index, 150];
    const samples = noise({ width, height, channels: 3, bitDepth: 8 });
    const picture = encode(sharp(samples, { raw: { width, height, channels: 3 } }));
    await writeFile(join(root, 'in', name), await picture.toBuffer());
  }
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
}

async function originals(): Promise<unknown[]> {
  return await Promise.all(
    names.map(async (name) => {
      const path = join(root, 'in', name);
      return [
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
        (await stat(path)).mtimeMs,
      ];
    }),
  );
}

/** What a killed run may leave: temp files, pictures in the scratch folder, results that were being made, journals. */
async function leftovers(): Promise<string[]> {
  const parts = (await files('out')).filter((name) => name.startsWith('.'));
  const folders = ['scratch', 'runs', ...['drafts', 'leases', 'runs'].map((name) => join('enhance-cache', name))];
  const names = await Promise.all(folders.map((folder) => readdir(join(root, 'cache', folder)).catch(() => [])));
  return [...parts, ...names.flat()];
}

/** Decodes every pixel of every file under a final name: one that is cut anywhere throws. */
async function decodeResults(): Promise<string[]> {
  const results = (await files('out')).filter((name) => !name.startsWith('.')).sort();
  for (const name of results) {
    const { info } = await sharp(join(root, 'out', name), { failOn: 'warning' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const source = await sharp(join(root, 'in', name)).metadata();
    expect([name, info.width, info.height]).toEqual([name, 2 * source.width, 2 * source.height]);
  }
  return results;
}

describe('the command, killed without warning at random moments', () => {
  it(`leaves whole results only, and nothing at all after the next start, over ${String(wantedKills)} kills`, async () => {
    const before = await originals();
    const random = randomStream(11);
    const args = ['enhance', 'in', '--out', 'out', '--on-conflict', 'skip', '--json'];
    const startMs = performance.now();
    const clean = await runCli(args, { cwd: root, env });
    expect(clean.code, clean.stderr).toBe(0);
    const cleanMs = performance.now() - startMs;
    const seen = { kills: 0, leftovers: 0, results: 0 };
    while (seen.kills < wantedKills) {
      await rm(join(root, 'out'), { recursive: true });
      // Every third time the results are there already, and only files are made of them.
      if (seen.kills % 3 !== 2) await rm(join(root, 'cache', 'enhance-cache', 'results'), { recursive: true, force: true });
      const { child, result, saw } = startCli(args, { cwd: root, env });
      // Half by the clock, from the first moment on; half by the photo that is being worked on.
      const photo = names[Math.floor(random() * names.length)] ?? '';
      const moment =
        random() < 0.5
          ? new Promise((resolve) => setTimeout(resolve, random() * cleanMs))
          : saw(`"progress","input":"${join('in', photo)}"`);
      // One that is done before its moment is no kill.
      await Promise.race([moment, result]);
      child.kill('SIGKILL');
      if ((await result).signal === 'SIGKILL') seen.kills += 1;
      seen.results += (await decodeResults()).length;
      seen.leftovers += (await leftovers()).length > 0 ? 1 : 0;

      const next = await runCli(args, { cwd: root, env });
      expect(next.code, next.stderr).toBe(0);
      expect(await leftovers()).toEqual([]);
      expect(await decodeResults()).toEqual(names);
    }
    expect(await originals()).toEqual(before);
    // Kills that met nothing would prove nothing.
    expect(seen.leftovers).toBeGreaterThan(0);
    expect(seen.results).toBeGreaterThan(0);
    console.log(
      `${String(seen.kills)} kills of the command, ${String(seen.leftovers)} left something behind, ${String(seen.results)} whole results`,
    );
  }, 1_200_000);
});
