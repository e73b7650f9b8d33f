import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchText } from '../../cli/bench.ts';
import { noGraphics } from '../fixtures/software-vulkan.ts';
import { runCli, type CliResult } from './run-cli.ts';

let cache: string;
const cli = (...args: string[]): Promise<CliResult> => runCli(args, { env: { ENLARGER_CACHE: cache, ...noGraphics } });

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'enlarger-measure-'));
});
afterAll(async () => {
  await rm(cache, { recursive: true, force: true });
});

describe('measuring commands', () => {
  it('models verify finds the shipped networks whole', async () => {
    const { code, stdout, stderr } = await cli('models', 'verify', '--json');
    expect(code, stdout + stderr).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { ok: boolean });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every((line) => line.ok)).toBe(true);
  });

  it('devices --check computes, says how fast, and what is chosen and why', async () => {
    const { code, stdout, stderr } = await cli('devices', '--check');
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^cpu .* threads?, /m);
    expect(stdout).toMatch(/^cpu +int8 .* MP\/s +\d+ +right$/m);
    expect(stdout).toMatch(/^webgpu +fp32 .*not used +This computer has no graphics processor that could be used\.$/m);
    expect(stdout).toMatch(/^auto takes cpu \(int8\)\. webgpu is not taken: /m);
  });

  it('bench --json gives parts that add up, and leaves no files', async () => {
    const { code, stdout, stderr } = await cli('bench', '--json');
    expect(code, stderr).toBe(0);
    const line = JSON.parse(stdout) as {
      ms: Record<string, number>;
      output: object;
      networkMegapixelsPerSecond: number;
      wholeMegapixelsPerSecond: number;
    };
    const { total = 0, ...parts } = line.ms;
    const sum = Object.values(parts).reduce((a, b) => a + b, 0);
    expect(line.output).toEqual({ width: 2048, height: 1536 });
    expect(parts['infer']).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(total * 1.001);
    expect(line.networkMegapixelsPerSecond).toBeGreaterThan(line.wholeMegapixelsPerSecond);
    expect(await readdir(join(cache, 'scratch'))).toEqual([]);
  });

  it('bench fails with a sentence for a model that is not there, and for a device that is not here', async () => {
    for (const args of [
      ['--model', 'no-such-model'],
      ['--device', 'webgpu'],
    ]) {
      const { code, stdout, stderr } = await cli('bench', ...args);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^enlarger: .*\.\n$/);
    }
  });
});

describe('the table of bench', () => {
  it('has a row for each part, with its share of the whole', () => {
    const ms = { decode: 10, infer: 700, pack: 100, resize: 0, store: 20, encode: 130, metadata: 40, total: 1000 };
    const median = { width: 2048, height: 1536, tiles: 20, ms, renderMs: 830, peakMemoryBytes: 4e8 };
    const text = benchText('photo-x2', {
      device: 'cpu',
      precision: 'int8',
      median,
      networkMegapixels: 3.145,
      networkMegapixelsPerSecond: 4.49,
      wholeMegapixelsPerSecond: 3.1,
    });
    expect(text).toMatch(/^photo-x2 \(int8\) on cpu: 1024 × 768 → 2048 × 1536, 20 tiles/);
    expect(text).toMatch(/^network +700 ms +70 %$/m);
    expect(text).toMatch(/^store +20 ms +2 %$/m);
    expect(text).toMatch(/^whole +1000 ms +100 %$/m);
    expect(text).toContain('network 4.5 MP/s, whole 3.1 MP/s');
  });
});
