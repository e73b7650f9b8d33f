import { expect, test } from 'vitest';
import { addPatches, emptyGram, meanErrors, meanGram } from '../../../models/export/patch-gram.ts';
import { layersOf } from '../../../models/export/plain-network.ts';
import { randomNetwork } from '../../../models/export/random-network.ts';
import { picture } from './small-networks.ts';

test.each([1, 2] as const)(
  'a weighting of the patches by the weights gives the mean square of the convolution (stride %i)',
  (stride) => {
    const layer = layersOf(randomNetwork({ scale: stride === 1 ? 2 : 1, stride, channels: 4, depth: 1 }))[0]!;
    const input = picture(32, 32);
    const gram = emptyGram(layer);
    addPatches(gram, layer, input, input);
    const mean = meanGram(gram);
    const [, planes, rows, columns] = layer.convolution.shape;
    const weights = layer.convolution.weight.subarray(0, gram.size);
    let squares = 0;
    let count = 0;
    for (let top = stride - 1; top + rows <= input.height; top += 5 * stride)
      for (let left = stride - 1; left + columns <= input.width; left += 5 * stride) {
        let sum = 0;
        for (let plane = 0; plane < planes; plane += 1)
          for (let row = 0; row < rows; row += 1)
            for (let column = 0; column < columns; column += 1)
              sum +=
                weights[(plane * rows + row) * columns + column]! *
                input.values[(plane * input.height + top + row) * input.width + left + column]!;
        squares += sum ** 2;
        count += 1;
      }
    let weighted = 0;
    for (const [row, a] of weights.entries())
      for (const [column, b] of weights.entries()) weighted += a * b * mean[row * gram.size + column]!;
    expect(gram.count).toBe(count);
    expect(weighted).toBeCloseTo(squares / count, 6);
    expect(meanErrors(gram).every((value) => value === 0)).toBe(true);
  },
);

test('errors of the input are weighed against the input', () => {
  const layer = layersOf(randomNetwork({ scale: 2, stride: 1, channels: 4, depth: 1 }))[0]!;
  const input = picture(32, 32);
  const gram = emptyGram(layer);
  addPatches(gram, layer, input, { ...input, values: input.values.map((value) => 1.25 * value) });
  const mean = meanGram(gram);
  for (const [index, error] of meanErrors(gram).entries()) expect(error).toBeCloseTo(0.25 * mean[index]!, 5);
});
