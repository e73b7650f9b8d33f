import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runLineSchema, type RunLine } from '../../core/photo/run-events.ts';
import { noise } from '../fixtures/samples.ts';
import { runCli } from './run-cli.ts';

let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enlarger-kept-'));
  env = { ENLARGER_CACHE: join(folder, 'cache'), ENLARGER_LIBRARY: join(folder, 'library') };
  const samples = noise({ width: 48, height: 32, channels: 3, bitDepth: 8 });
  await writeFile(
    join(folder, 'a.png'),
    await sharp(samples, { raw: { width: 48, height: 32, channels: 3 } })
      .png()
      .toBuffer(),
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function enhance(format: string): Promise<Extract<RunLine, { type: 'done' }> | undefined> {
  const { code, stdout, stderr } = await runCli(['enhance', 'a.png', '--json', '--format', format], { cwd: folder, env });
  expect(code, stderr).toBe(0);
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => runLineSchema.parse(JSON.parse(line)));
  return lines.find((line): line is Extract<RunLine, { type: 'done' }> => line.type === 'done');
}

describe('what enhance keeps', () => {
  it('makes another format without the network, with the same pixels, until the cache is emptied', async () => {
    const first = await enhance('png');
    expect(first).toMatchObject({ cached: false });
    const second = await enhance('tiff');
    expect(second).toMatchObject({ cached: true, ms: { decode: 0, infer: 0 }, strength: first?.strength });
    const [png, tiff] = await Promise.all(
      ['a.png', 'a.tif'].map((name) =>
        sharp(join(folder, 'enlarged', name))
          .raw()
          .toBuffer(),
      ),
    );
    expect(png?.equals(tiff ?? Buffer.alloc(0))).toBe(true);

    const { code, stdout } = await runCli(['cache', 'clear', '--json'], { cwd: folder, env });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { freedBytes: number }).freedBytes).toBeGreaterThan(96 * 64 * 3);
    expect(await enhance('webp')).toMatchObject({ cached: false });
  });
});
