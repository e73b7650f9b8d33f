import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runLineSchema, type RunLine } from '../../core/photo/run-events.ts';
import { cleanCard, cleanNetwork } from '../fixtures/clean-network.ts';
import { noise } from '../fixtures/samples.ts';
import { runCli, startCli, type CliResult } from './run-cli.ts';

let root: string;
let folder: string;
let env: Record<string, string>;
let small: Buffer;
let large: Buffer;

async function jpeg(width: number, height: number): Promise<Buffer> {
  const samples = noise({ width, height, channels: 3, bitDepth: 8 });
  return await sharp(samples, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'enlarger-cli-'));
  env = { ENLARGER_CACHE: join(root, 'cache') };
  small = await jpeg(48, 32);
  // Large enough that no machine is done with it while a signal is on its way.
  large = await jpeg(4000, 3000);
});
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'photos-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const enhance = (args: readonly string[]): Promise<CliResult> => runCli(['enhance', ...args], { cwd: folder, env });

/** Every line of stdout is a line of the contract, with exactly its fields. */
function linesOf(stdout: string): RunLine[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((text) => {
      const data: unknown = JSON.parse(text);
      const line = runLineSchema.parse(data);
      expect(data).toEqual(line);
      return line;
    });
}

function only<Type extends RunLine['type']>(lines: readonly RunLine[], type: Type): Extract<RunLine, { type: Type }>[] {
  return lines.filter((line): line is Extract<RunLine, { type: Type }> => line.type === type);
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function sizeOf(path: string): Promise<[number, number]> {
  const { width, height } = await sharp(await readFile(path)).metadata();
  return [width, height];
}

describe('enlarger enhance', () => {
  it('enlarges a photo ×2 beside itself, and prints its lines in order', async () => {
    await writeFile(join(folder, 'a.jpg'), small);
    const { code, stdout, stderr } = await enhance(['a.jpg', '--json']);
    expect(code, stderr).toBe(0);
    const lines = linesOf(stdout);
    expect(lines[0]).toMatchObject({ type: 'started', input: 'a.jpg', width: 48, height: 32, device: 'cpu' });
    expect(lines.slice(1, -2).map((line) => line.type)).toEqual(lines.slice(1, -2).map(() => 'progress'));
    expect(lines.at(-3)).toEqual({ type: 'progress', input: 'a.jpg', fraction: 1 });
    expect(lines.at(-2)).toMatchObject({
      type: 'done',
      input: 'a.jpg',
      output: join('enlarged', 'a.jpg'),
      width: 96,
      height: 64,
      cached: false,
    });
    expect(lines.at(-1)).toMatchObject({ type: 'summary', done: 1, failed: 0, skipped: 0 });
    expect(await sizeOf(join(folder, 'enlarged', 'a.jpg'))).toEqual([96, 64]);
    expect(await readFile(join(folder, 'a.jpg'))).toEqual(small);
    expect(await filesBelow(folder)).toEqual(['a.jpg', 'a.jpg']);
    expect(stderr).toContain('1 photo done');
  });

  it('goes on after a bad photo and a missing one, with code 1', async () => {
    await mkdir(join(folder, 'album'));
    await writeFile(join(folder, 'album', 'a.jpg'), small.subarray(0, small.length / 2));
    await writeFile(join(folder, 'album', 'b.jpg'), small);
    const { code, stdout, stderr } = await enhance(['album', 'gone.jpg', '--json', '--out', join(folder, 'out')]);
    expect(code, stderr).toBe(1);
    const lines = linesOf(stdout);
    expect(
      only(lines, 'failed')
        .map(({ input, code }) => [input, code])
        .sort(),
    ).toEqual([
      [join('album', 'a.jpg'), 'damaged'],
      ['gone.jpg', 'not-found'],
    ]);
    expect(only(lines, 'done').map(({ input, output }) => [input, output])).toEqual([
      [join('album', 'b.jpg'), join(folder, 'out', 'b.jpg')],
    ]);
    expect(lines.at(-1)).toMatchObject({ type: 'summary', done: 1, failed: 2, skipped: 0 });
    expect(await filesBelow(join(folder, 'out'))).toEqual(['b.jpg']);
    for (const failure of only(lines, 'failed')) expect(stderr).toContain(`failed   ${failure.input}: ${failure.message}`);
  });

  it('skips what is done already, with code 0', async () => {
    await writeFile(join(folder, 'a.jpg'), small);
    expect((await enhance(['a.jpg', '--on-conflict', 'skip'])).code).toBe(0);
    const { code, stdout } = await enhance(['--on-conflict', 'skip', '--json', 'a.jpg']);
    expect([code, linesOf(stdout).map((line) => line.type)]).toEqual([0, ['skipped', 'summary']]);
    expect(await filesBelow(join(folder, 'enlarged'))).toEqual(['a.jpg']);
  });

  it('takes options before and after paths, names that begin with a dash after --, and Unicode byte for byte', async () => {
    const names = ['-o.jpg', 'e\u0301 写真.jpg'];
    for (const name of names) await writeFile(join(folder, name), small);
    const { code, stdout, stderr } = await enhance(['-f', 'png', '--json', '-o', 'out', '--width', '60', '--', ...names]);
    expect(code, stderr).toBe(0);
    const done = only(linesOf(stdout), 'done');
    expect(done.map(({ input }) => input).sort()).toEqual([...names].sort());
    expect(done.map(({ output }) => output).sort()).toEqual([join('out', '-o.png'), join('out', 'e\u0301 写真.png')]);
    expect(await readdir(join(folder, 'out'))).toEqual(expect.arrayContaining(['-o.png', 'e\u0301 写真.png']));
    for (const { output } of done) expect(await sizeOf(join(folder, output))).toEqual([60, 40]);
  });

  it('prints for people on stderr alone without --json', async () => {
    await writeFile(join(folder, 'a\nb.jpg'), small);
    const { code, stdout, stderr } = await enhance(['a\nb.jpg']);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/1 photo to make/);
    expect(stderr).toMatch(/^done +a\\nb\.jpg → /m);
    expect(stderr).toMatch(/^The result is in enlarged$/m);
    expect(stderr).not.toContain('\u001b');
  });

  it.each([
    ['a model that is not there', ['--model', 'no-such-model'], 'model-missing'],
    ['a graphics processor that is not there', ['--device', 'webgpu'], 'device-failed'],
  ])('fails every photo for %s, with code 1', async (_, options, failureCode) => {
    await writeFile(join(folder, 'a.jpg'), small);
    const { code, stdout, stderr } = await enhance(['a.jpg', 'b.jpg', '--json', ...options]);
    const lines = linesOf(stdout);
    expect(code).toBe(1);
    expect(only(lines, 'failed').map(({ input, code }) => [input, code])).toEqual(
      ['a.jpg', 'b.jpg'].map((input) => [input, failureCode]),
    );
    expect(lines.at(-1)).toMatchObject({ type: 'summary', done: 0, failed: 2, skipped: 0 });
    expect(stderr).toContain(only(lines, 'failed')[0]?.message);
    expect(await filesBelow(folder)).toEqual(['a.jpg']);
  });

  it('--sample draws a photo and enlarges it, and uses the drawing again', async () => {
    const { code, stdout, stderr } = await enhance(['--sample', '--json']);
    expect(code, stderr).toBe(0);
    const sample = join('enlarger-sample', 'sample.png');
    const output = join('enlarger-sample', 'enlarged', 'sample.png');
    expect(only(linesOf(stdout), 'done')).toMatchObject([{ input: sample, output }]);
    expect(await sizeOf(join(folder, sample))).toEqual([1024, 768]);
    expect(await sizeOf(join(folder, output))).toEqual([2048, 1536]);
    expect(stderr).toContain(sample);
    expect((await enhance(['--sample', '--on-conflict', 'skip'])).code).toBe(0);
    expect(await filesBelow(folder)).toEqual(['sample.png', 'sample.png']);
  });
});

describe('stopping', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'on %s ends with code 130 and leaves nothing but the originals',
    async (signal) => {
      await writeFile(join(folder, 'a.jpg'), large);
      const running = startCli(['enhance', 'a.jpg', 'a.jpg', '--json'], { cwd: folder, env });
      await running.saw('"type":"progress"');
      running.child.kill(signal);
      const { code, stdout, stderr } = await running.result;
      expect(code, stderr).toBe(130);
      const lines = linesOf(stdout);
      expect(only(lines, 'failed')).toEqual([]);
      expect(lines.at(-1)).toMatchObject({ type: 'summary', done: 0, failed: 0 });
      expect(stderr).toMatch(/^Stopped: /m);
      expect(await filesBelow(folder)).toEqual(['a.jpg']);
      expect(await readFile(join(folder, 'a.jpg'))).toEqual(large);
      expect(await readdir(join(root, 'cache', 'scratch'))).toEqual([]);
    },
  );

  it('is quiet when the reader of stdout has gone', async () => {
    await writeFile(join(folder, 'a.jpg'), large);
    const running = startCli(['enhance', 'a.jpg', '--json'], { cwd: folder, env });
    await running.saw('"type":"started"');
    running.child.stdout?.destroy();
    const { code, stderr } = await running.result;
    expect(code, stderr).toBe(130);
    expect(stderr).not.toMatch(/EPIPE|^ +at /m);
    expect(await filesBelow(folder)).toEqual(['a.jpg']);
  });
});

describe('a model that cleans', () => {
  let models: string;
  beforeAll(async () => {
    models = await mkdtemp(join(root, 'models-'));
    await mkdir(join(models, 'test-clean'));
    const bytes = cleanNetwork();
    await writeFile(join(models, 'test-clean', 'fp32.onnx'), bytes);
    await writeFile(join(models, 'test-clean', 'card.json'), JSON.stringify(cleanCard(bytes)));
  });

  const cleaned = async (args: readonly string[]): Promise<Extract<RunLine, { type: 'done' }> | undefined> => {
    const { code, stdout, stderr } = await runCli(['enhance', 'a.jpg', '--json', ...args], {
      cwd: folder,
      env: { ...env, ENLARGER_MODELS: models },
    });
    expect(code, stderr).toBe(0);
    return only(linesOf(stdout), 'done')[0];
  };

  it('keeps the size when it is named and no other was asked for, and tells the strength it chose', async () => {
    await writeFile(join(folder, 'a.jpg'), small);
    const done = await cleaned(['--model', 'test-clean']);
    expect(done).toMatchObject({ width: 48, height: 32, model: 'test-clean' });
    expect(done?.strength).toBeGreaterThan(0);
    expect(await sizeOf(join(folder, 'enlarged', 'a.jpg'))).toEqual([48, 32]);
  });

  it('takes the strength that is given', async () => {
    await writeFile(join(folder, 'a.jpg'), small);
    expect(await cleaned(['--model', 'test-clean', '--scale', '1', '--denoise', '0.3'])).toMatchObject({ strength: 0.3 });
    expect(await cleaned(['--model', 'test-clean', '--denoise', '0'])).toMatchObject({ strength: 0 });
  });
});
