/** Networks in a thread of their own. */
import { afterAll, describe, expect, test } from 'vitest';
import { loadCard } from '../../../../core/engine/network/model-file.ts';
import { openNetwork, type Network } from '../../../../core/engine/network/session.ts';
import { silentMs } from '../../../../core/engine/pulse.ts';
import { modelBytes, modelDirectory } from '../../../fixtures/installed-model.ts';

const card = await loadCard(modelDirectory);
const options = { bytes: modelBytes('int8.onnx'), card, threads: 1 };
const here = await openNetwork(options);
const elsewhere = await openNetwork({ ...options, elsewhere: true });
afterAll(async () => {
  await here.release();
  await elsewhere.release();
});

function picture(width: number, height: number, seed: number): Float32Array {
  return Float32Array.from({ length: here.inputPlanes * width * height }, (_, at) => ((at * 31 + seed * 17) % 256) / 255);
}

async function copied(network: Network, width: number, height: number, seed: number): Promise<Buffer> {
  return Buffer.from((await network.run(picture(width, height, seed), width, height)).slice().buffer);
}

describe('a network in another thread', () => {
  test('may have several runs under way, each answered as here, bit for bit, whatever sizes follow each other', async () => {
    expect(elsewhere.atOnce).toBeGreaterThan(1);
    const sizes = [
      [20, 20],
      [20, 20],
      [7, 33],
      [64, 5],
      [20, 20],
      [1, 1],
      [40, 40],
      [40, 40],
    ] as const;
    for (let round = 0; round < 3; round += 1) {
      const underWay: Promise<Buffer>[] = [];
      for (const [index, [width, height]] of sizes.entries()) {
        if (underWay.length === elsewhere.atOnce) await underWay.shift();
        const seed = index + round * sizes.length;
        underWay.push(
          copied(elsewhere, width, height, seed).then(async (answer) => {
            expect(answer.equals(await copied(here, width, height, seed))).toBe(true);
            return answer;
          }),
        );
      }
      await Promise.all(underWay);
    }
  });

  test('leaves this thread free while it computes, and is heard of', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    const before = elsewhere.inferMs();
    await elsewhere.run(picture(300, 300, 1), 300, 300);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
    expect(elsewhere.inferMs()).toBeGreaterThan(before);
    expect(silentMs()).toBe(0);
  });

  test('is told of wrong tiles by a failure, and goes on', async () => {
    await expect(elsewhere.run(new Float32Array(10), 7, 5)).rejects.toMatchObject({ code: 'device-failed' });
    expect(await elsewhere.run(picture(1, 1, 0), 1, 1)).toHaveLength(12);
  });

  test('is refused there as here when onnxruntime cannot load it, and others go on', async () => {
    const other = { ...card, input: { ...card.input, name: 'nowhere' } };
    await expect(openNetwork({ ...options, card: other, elsewhere: true })).rejects.toMatchObject({ code: 'model-invalid' });
    const second = await openNetwork({ ...options, elsewhere: true });
    expect((await copied(second, 9, 9, 1)).equals(await copied(elsewhere, 9, 9, 1))).toBe(true);
    await second.release();
    await expect(second.run(picture(9, 9, 1), 9, 9)).rejects.toThrow();
    expect(await copied(elsewhere, 9, 9, 1)).toHaveLength(4 * 3 * 18 * 18);
  });
});
