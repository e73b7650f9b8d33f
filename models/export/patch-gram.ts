/** How the inputs of a layer go together: what rounding its weights has to know. */
import type { Layer } from './plain-network.ts';
import type { Planes } from './run-network.ts';

/** Only every so many output rows and columns count: neighbours say nearly the same. */
const every = 5;

/** Sums over patches of a layer's input, in the weights' order (plane, row, column): x̂ as it is, x as it should be. */
export interface PatchGram {
  readonly size: number;
  /** Of x̂·x̂ᵀ, size × size; only the upper triangle is kept up. */
  readonly sums: Float64Array;
  /** Of (x − x̂)·x̂ᵀ, size × size. */
  readonly errors: Float64Array;
  count: number;
}

export function emptyGram({ convolution: { shape } }: Layer): PatchGram {
  const size = shape[1] * shape[2] * shape[3];
  return { size, sums: new Float64Array(size * size), errors: new Float64Array(size * size), count: 0 };
}

/** Adds the patches of a picture of the layer's input that do not touch its border. `exact`: the same picture without errors. */
export function addPatches(gram: PatchGram, layer: Layer, input: Planes, exact: Planes): void {
  const { shape } = layer.convolution;
  const [, , rows, columns] = shape;
  const { size, sums, errors } = gram;
  const patch = new Float64Array(size);
  const error = new Float64Array(size);
  const step = every * layer.stride;
  // A border of one pixel is added to the input before strides are counted.
  const first = layer.stride - 1;
  for (let top = first; top + rows <= input.height; top += step) {
    for (let left = first; left + columns <= input.width; left += step) {
      // After a ReLU most values are nothing.
      const filled = cutOut(shape, input, exact, { top, left }, patch, error);
      for (const [place, index] of filled.entries()) {
        const value = patch[index] ?? 0;
        for (const other of filled.subarray(place))
          sums[index * size + other] = (sums[index * size + other] ?? 0) + value * (patch[other] ?? 0);
      }
      for (const [index, missed] of error.entries()) {
        if (missed === 0) continue;
        for (const other of filled)
          errors[index * size + other] = (errors[index * size + other] ?? 0) + missed * (patch[other] ?? 0);
      }
      gram.count += 1;
    }
  }
}

/** Fills `patch` with x̂ and `error` with x − x̂; returns the places where x̂ is not 0. */
function cutOut(
  [, planes, rows, columns]: Layer['convolution']['shape'],
  input: Planes,
  exact: Planes,
  { top, left }: { readonly top: number; readonly left: number },
  patch: Float64Array,
  error: Float64Array,
): Int32Array {
  const filled = new Int32Array(patch.length);
  let at = 0;
  let count = 0;
  for (let plane = 0; plane < planes; plane += 1)
    for (let row = 0; row < rows; row += 1)
      for (let column = 0; column < columns; column += 1) {
        const place = (plane * input.height + top + row) * input.width + left + column;
        const value = input.values[place] ?? 0;
        patch[at] = value;
        error[at] = (exact.values[place] ?? 0) - value;
        if (value !== 0) filled[count++] = at;
        at += 1;
      }
  return filled.subarray(0, count);
}

/** Mean of x̂·x̂ᵀ, the whole matrix. */
export function meanGram({ size, sums, count }: PatchGram): Float64Array {
  const mean = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1)
    for (let column = row; column < size; column += 1)
      mean[row * size + column] = mean[column * size + row] = (sums[row * size + column] ?? 0) / Math.max(count, 1);
  return mean;
}

/** Mean of (x − x̂)·x̂ᵀ. */
export function meanErrors({ errors, count }: PatchGram): Float64Array {
  return errors.map((sum) => sum / Math.max(count, 1));
}
