/** The real path of the graphics processor, on one in software: slow, and as right as a real one has to be. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../../../core/photo/device.ts';
import type { EngineParams } from '../../../../core/photo/engine-protocol.ts';
import type { Engine } from '../../../../core/jobs/engine-client.ts';
import { shippedCard, shippedModelDirectory } from '../../../fixtures/real-engine.ts';
import { graphicsEngine, noGraphics, softwareVulkan, withGraphics } from '../../../fixtures/software-vulkan.ts';

let folder: string;
let engine: Engine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enlarger-webgpu-'));
  engine = graphicsEngine();
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

const check: EngineParams<'checkDevice'> = {
  directory: shippedModelDirectory,
  device: 'webgpu',
  files: [
    { file: 'gpu.onnx', precision: 'fp32' },
    { file: 'gpu-half.onnx', precision: 'fp16' },
  ],
  reference: 'gpu.onnx',
  patienceMs: 1,
  worthMegapixelsPerSecond: null,
};

describe.skipIf(softwareVulkan === null)(withGraphics('a graphics processor'), () => {
  it('computes what the processor does, in 32 bits and in 16, and the check sees that', { timeout: 240_000 }, async () => {
    const { reports } = await engine.call('checkDevice', check);
    expect(reports.map(({ precision, failure }) => [precision, failure])).toEqual([
      ['fp32', null],
      ['fp16', null],
    ]);
    for (const report of reports) expect(judge(report), JSON.stringify(report)).toEqual({ passed: true });
    // Not the same path twice: 16 bits leave their trace.
    expect(reports[1]!.maxDifference!).toBeGreaterThan(reports[0]!.maxDifference! * 10);
  });

  it('is told to be slow after its first tiles, where the processor is faster by far', { timeout: 120_000 }, async () => {
    const { reports } = await engine.call('checkDevice', { ...check, worthMegapixelsPerSecond: 1e6 });
    for (const report of reports) {
      expect(report).toMatchObject({ maxDifference: null, failure: null });
      expect(judge(report)).toMatchObject({ passed: false, reason: expect.stringContaining('slower') as string });
    }
  });

  it('renders a photo as the processor does, tile by tile', { timeout: 240_000 }, async () => {
    const path = join(folder, 'photo.png');
    const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
    const drawn = sharp({ create: { width: 90, height: 50, channels: 3, background: '#456', noise } });
    await drawn.png().toFile(path);
    const facts = await engine.call('inspect', { path });
    const render = async (device: 'cpu' | 'webgpu'): Promise<Buffer> => {
      const resultDirectory = join(folder, device);
      await mkdir(resultDirectory);
      const model = { directory: shippedModelDirectory, file: 'gpu.onnx', device };
      const how = { passes: 1, tileSide: 64, strength: 0.3, resize: null, tileLog: null } as const;
      const { tiles, notes } = await engine.call('render', {
        path,
        facts,
        model,
        ...how,
        resultDirectory,
        scratchDirectory: folder,
      });
      expect([tiles, notes]).toEqual([6, []]);
      return await sharp(join(resultDirectory, 'pixels.tif')).raw().toBuffer();
    };
    const [expected, actual] = [await render('cpu'), await render('webgpu')];
    expect(actual.length).toBe(expected.length);
    let most = 0;
    for (let at = 0; at < expected.length; at += 1) most = Math.max(most, Math.abs(expected[at]! - actual[at]!));
    expect(most).toBeLessThanOrEqual(1);
  });
});

describe('without any graphics processor', () => {
  it('the check says so for each file, and the engine goes on', async () => {
    const bare = graphicsEngine(noGraphics);
    try {
      const { reports } = await bare.call('checkDevice', check);
      for (const report of reports)
        expect(report.failure).toEqual({
          code: 'device-failed',
          message: 'This computer has no graphics processor that could be used.',
          retry: true,
        });
      expect(shippedCard.scale).toBe(2);
      expect(await bare.call('checkModel', { directory: shippedModelDirectory, file: 'int8.onnx' })).toMatchObject({ scale: 2 });
    } finally {
      await bare.close();
    }
  });
});
