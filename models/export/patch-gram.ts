/** How the inputs of a layer go together: what rounding its weights has to know. */
import type { Layer } from './plain-network.ts';
import type { Planes } from './run-network.ts';

/** Only every so many output rows and columns count: neighbours say nearly the same. */
const every = 5;

/** Sum of x·xᵀ over patches x of a layer's input, in the weights' order (plane, row, column). */
export interface PatchGram {
  readonly size: number;
  /** size × size; only the upper triangle is kept up. */
  readonly sums: Float64Array;
  count: number;
}

export function emptyGram({ convolution: { shape } }: Layer): PatchGram {
  const size = shape[1] * shape[2] * shape[3];
  return { size, sums: new Float64Array(size * size), count: 0 };
}

/** Adds the patches of a picture of the layer's input that do not touch its border. */
export function addPatches(gram: PatchGram, { convolution: { shape }, stride }: Layer, input: Planes): void {
  const [, planes, rows, columns] = shape;
  const { size, sums } = gram;
  const patch = new Float64Array(size);
  const filled = new Int32Array(size);
  const step = every * stride;
  // A border of one pixel is added to the input before strides are counted.
  const first = stride - 1;
  for (let top = first; top + rows <= input.height; top += step) {
    for (let left = first; left + columns <= input.width; left += step) {
      let at = 0;
      let count = 0;
      for (let plane = 0; plane < planes; plane += 1)
        for (let row = 0; row < rows; row += 1)
          for (let column = 0; column < columns; column += 1) {
            const value = input.values[(plane * input.height + top + row) * input.width + left + column] ?? 0;
            patch[at] = value;
            // After a ReLU most values are nothing.
            if (value !== 0) filled[count++] = at;
            at += 1;
          }
      for (let one = 0; one < count; one += 1) {
        const index = filled[one] ?? 0;
        const value = patch[index] ?? 0;
        for (let other = one; other < count; other += 1) {
          const place = index * size + (filled[other] ?? 0);
          sums[place] = (sums[place] ?? 0) + value * (patch[filled[other] ?? 0] ?? 0);
        }
      }
      gram.count += 1;
    }
  }
}

/** Mean of x·xᵀ, the whole matrix. */
export function meanGram({ size, sums, count }: PatchGram): Float64Array {
  const mean = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1)
    for (let column = row; column < size; column += 1)
      mean[row * size + column] = mean[column * size + row] = (sums[row * size + column] ?? 0) / Math.max(count, 1);
  return mean;
}
