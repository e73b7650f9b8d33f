/** The orthonormal 8 × 8 DCT-II, as JPEG has it. */

export const blockSide = 8;
export const blockSize = blockSide * blockSide;

const cosines = Float32Array.from({ length: blockSize }, (_, index) => {
  const frequency = Math.floor(index / blockSide);
  const norm = Math.sqrt((frequency === 0 ? 1 : 2) / blockSide);
  return norm * Math.cos(((2 * (index % blockSide) + 1) * frequency * Math.PI) / (2 * blockSide));
});
const half = new Float32Array(blockSize);

/** Transforms 64 values, row by row, into 64 coefficients, row by row, vertical frequency first. */
export function transformBlock(block: Float32Array, coefficients: Float32Array): void {
  for (let row = 0; row < blockSize; row += blockSide) transformLine(block, row, 1, half);
  for (let column = 0; column < blockSide; column += 1) transformLine(half, column, blockSide, coefficients);
}

/** One line of eight values, `step` apart. Even cosines are symmetric and odd ones antisymmetric, which halves the work. */
function transformLine(from: Float32Array, start: number, step: number, to: Float32Array): void {
  const at = (index: number): number => from[start + index * step]!;
  const [a, b, c, d] = [at(0), at(1), at(2), at(3)];
  const [e, f, g, h] = [at(7), at(6), at(5), at(4)];
  const sums = [a + e, b + f, c + g, d + h] as const;
  const differences = [a - e, b - f, c - g, d - h] as const;
  for (let frequency = 0; frequency < blockSide; frequency += 1) {
    const [p, q, r, s] = frequency % 2 === 0 ? sums : differences;
    const row = frequency * blockSide;
    to[start + frequency * step] = p * cosines[row]! + q * cosines[row + 1]! + r * cosines[row + 2]! + s * cosines[row + 3]!;
  }
}

/** Coefficients whose frequencies, across and down, add up to `from`..`to`. */
export function band(from: number, to: number): readonly number[] {
  return Array.from({ length: blockSize }, (_, index) => index).filter((index) => {
    const order = Math.floor(index / blockSide) + (index % blockSide);
    return order >= from && order <= to;
  });
}
