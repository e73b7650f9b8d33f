/** Strength on its way through the engine, with a network that adds a tenth of it to every pixel. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProvenance } from '../../../core/engine/metadata/provenance.ts';
import { sharp } from '../../../core/engine/sharp.ts';
import type { RenderParams, RenderResult } from '../../../core/photo/engine-protocol.ts';
import { cleanCard, cleanNetwork } from '../../fixtures/clean-network.ts';
import { enhanceHere } from '../../fixtures/real-engine.ts';
import { noisySample } from './damage/noisy-photo.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'enlarger-strength-'));
  mkdirSync(join(folder, 'test-clean'));
  const bytes = cleanNetwork();
  writeFileSync(join(folder, 'test-clean', 'fp32.onnx'), bytes);
  writeFileSync(join(folder, 'test-clean', 'card.json'), JSON.stringify(cleanCard(bytes)));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Cleaned {
  readonly result: RenderResult;
  /** Mean of all samples, 0..255. */
  readonly mean: number;
  readonly recorded: number | undefined;
}

async function cleaned(deviation: number, params: Partial<RenderParams>): Promise<Cleaned> {
  const shape = { width: 301, height: 203, channels: 3, bitDepth: 8 } as const;
  const [path, output] = [join(folder, 'photo.png'), join(folder, 'result.png')];
  writeFileSync(path, await sharp(noisySample(shape, deviation), { raw: shape }).png().toBuffer());
  const { rendered: result } = await enhanceHere(path, output, {
    params: { model: { directory: join(folder, 'test-clean'), file: 'fp32.onnx' }, ...params },
  });
  const { channels } = await sharp(output).stats();
  const mean = channels.reduce((sum, channel) => sum + channel.mean, 0) / channels.length;
  return { result, mean, recorded: (await readProvenance(output))?.strength };
}

describe('strength', () => {
  it('that is given reaches the network, the answer and the file', async () => {
    const zero = await cleaned(0, { strength: 0 });
    const half = await cleaned(0, { strength: 0.5 });
    expect(zero).toMatchObject({ result: { strength: 0, width: 301, height: 203 }, recorded: 0 });
    expect(half).toMatchObject({ result: { strength: 0.5 }, recorded: 0.5 });
    expect(half.mean - zero.mean).toBeGreaterThan(8);
  });

  it('that is auto is chosen from the photo, and what was chosen is told and recorded', async () => {
    const clean = await cleaned(0, { strength: 'auto' });
    expect(clean).toMatchObject({ result: { strength: 0 }, recorded: 0 });
    const noisy = await cleaned(15, { strength: 'auto' });
    expect(noisy.result.strength).toBeGreaterThan(0.62);
    expect(noisy.result.strength).toBeLessThan(0.76);
    expect(noisy.recorded).toBe(noisy.result.strength);
    const same = await cleaned(15, { strength: noisy.result.strength ?? 0 });
    expect(noisy.mean).toBe(same.mean);
    const without = await cleaned(15, { strength: 0 });
    expect(noisy.mean - without.mean).toBeGreaterThan(12);
  });

  it('works on the photo, not again on what the first pass made of it', async () => {
    const [once, twice] = [await cleaned(0, { strength: 0.5 }), await cleaned(0, { strength: 0.5, passes: 2 })];
    const [plainOnce, plainTwice] = [await cleaned(0, { strength: 0 }), await cleaned(0, { strength: 0, passes: 2 })];
    expect(twice.mean - plainTwice.mean).toBeCloseTo(once.mean - plainOnce.mean, 0);
  });

  it('of a network without it is none', async () => {
    const directory = join(folder, 'test-plain');
    mkdirSync(directory);
    const bytes = cleanNetwork({ planes: 3 });
    const input = { ...cleanCard(bytes).input, extraPlanes: [] };
    writeFileSync(join(directory, 'fp32.onnx'), bytes);
    writeFileSync(join(directory, 'card.json'), JSON.stringify(cleanCard(bytes, { id: 'test-plain', input })));
    for (const strength of ['auto', 0] as const) {
      const { result } = await cleaned(15, { strength, model: { directory, file: 'fp32.onnx' } });
      expect(result.strength).toBeNull();
    }
  });
});
