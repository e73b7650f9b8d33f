import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeModel } from '../../../../core/engine/network/onnx-proto.ts';
import { loadCard } from '../../../../core/engine/network/model-file.ts';
import { openNetwork } from '../../../../core/engine/network/session.ts';
import { encodeModel } from '../../../../models/compress/onnx-encode.ts';
import { modelBytes, modelDirectory } from '../../../fixtures/installed-model.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';

const card = await loadCard(modelDirectory);
const planes = card.input.channels + card.input.extraPlanes.length;

/** The float network with all values of one constant replaced; a half-precision constant can only become 0. */
function withWeights(name: string, value: number): Uint8Array {
  const model = decodeModel(Uint8Array.from(modelBytes('gpu.onnx')));
  const tensor = model.graph?.initializer.find((candidate) => candidate.name === name);
  if (tensor?.rawData === undefined) throw new Error(`no ${name}`);
  tensor.rawData = new Uint8Array(new Float32Array(tensor.rawData.length / 4).fill(value).buffer);
  return encodeModel(model);
}

describe('a network', () => {
  test.each(['int8.onnx', 'gpu.onnx'] as const)(
    'gives the same answer again, and the same with any number of threads (%s)',
    async (file) => {
      const picture = Float32Array.from({ length: planes * 37 * 29 }, (_, index) => ((index * 37) % 256) / 255);
      const answers: Float32Array[] = [];
      for (const threads of [0, 1, 2, 3]) {
        const network = await openNetwork({ bytes: modelBytes(file), card, threads });
        for (let time = 0; time < 2; time += 1) answers.push(Float32Array.from(await network.run(picture, 37, 29)));
        await network.release();
      }
      for (const answer of answers) expect(Buffer.compare(Buffer.from(answer.buffer), Buffer.from(answers[0]!.buffer))).toBe(0);
    },
  );

  const broken: Record<string, Uint8Array> = {
    'nothing but NaN': withWeights('tail.bias', NaN),
    infinity: withWeights('tail.bias', Infinity),
    white: withWeights('tail.bias', 100),
    black: withWeights('skip.half', 0),
  };
  test.each(Object.keys(broken))('that answers %s is refused', async (name) => {
    await expect(openNetwork({ bytes: broken[name]!, card, threads: 1 })).rejects.toMatchObject({ code: 'model-invalid' });
  });

  test('that the scan lets through but onnxruntime does not is refused', async () => {
    const model = decodeModel(Uint8Array.from(modelBytes('gpu.onnx')));
    model.graph!.node.find(({ opType }) => opType === 'Conv')!.input[2] = 'nowhere';
    await expect(openNetwork({ bytes: encodeModel(model), card, threads: 1 })).rejects.toMatchObject({ code: 'model-invalid' });
  });

  test('is told of wrong tiles by a failure, not by a crash', async () => {
    const network = await openNetwork({ bytes: modelBytes('int8.onnx'), card, threads: 1 });
    await expect(network.run(new Float32Array(10), 7, 5)).rejects.toThrow();
    expect(await network.run(new Float32Array(planes), 1, 1)).toHaveLength(12);
    await network.release();
  });

  const good = sharedData('corpus/hostile-models/ok.onnx');
  test.skipIf(good === null)('must be a network: a harmless file that is none is refused', async () => {
    await expect(openNetwork({ bytes: readFileSync(good ?? ''), card, threads: 1 })).rejects.toMatchObject({
      code: 'model-invalid',
    });
  });
});
