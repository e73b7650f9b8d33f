/** The measures of the super-resolution literature. */

/** ITU-R BT.601 luma of 8-bit RGB in studio range 16..235, not rounded: MATLAB's rgb2ycbcr. */
export function lumaBt601(rgb: Uint8Array): Float64Array {
  const luma = new Float64Array(rgb.length / 3);
  for (let index = 0; index < luma.length; index += 1) {
    luma[index] = 16 + (65.481 * rgb[index * 3]! + 128.553 * rgb[index * 3 + 1]! + 24.966 * rgb[index * 3 + 2]!) / 255;
  }
  return luma;
}

/** Peak signal-to-noise ratio in dB against a peak of 255, `border` pixels left out on every side. Equal pictures give Infinity. */
export function psnrDb(a: Float64Array, b: Float64Array, width: number, height: number, border: number): number {
  if (a.length !== width * height || b.length !== a.length) throw new RangeError('Both planes must have width × height values');
  if (width <= 2 * border || height <= 2 * border) throw new RangeError('The border leaves nothing to compare');
  let squares = 0;
  for (let y = border; y < height - border; y += 1) {
    for (let x = border; x < width - border; x += 1) squares += (a[y * width + x]! - b[y * width + x]!) ** 2;
  }
  return 10 * Math.log10(255 ** 2 / (squares / ((width - 2 * border) * (height - 2 * border))));
}

/**
 * Mean structural similarity (Wang et al. 2004): Gaussian window 11 × 11 with σ 1.5, K1 0.01, K2 0.03, only windows
 * that lie wholly inside. Returns −1..1.
 */
export function ssim(a: Float64Array, b: Float64Array, width: number, height: number, border: number): number {
  const kernel = Float64Array.from({ length: 11 }, (_, tap) => Math.exp(-((tap - 5) ** 2) / (2 * 1.5 ** 2)));
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  kernel.forEach((weight, tap) => (kernel[tap] = weight / sum));
  const product = (x: Float64Array, y: Float64Array): Float64Array => x.map((value, index) => value * y[index]!);
  const blur = (plane: Float64Array): Float64Array => blurred(plane, width, height, kernel);
  const [meanA, meanB, squareA, squareB, cross] = [a, b, product(a, a), product(b, b), product(a, b)].map(blur) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const c1 = (0.01 * 255) ** 2;
  const c2 = (0.03 * 255) ** 2;
  let total = 0;
  let count = 0;
  for (let y = border + 5; y < height - border - 5; y += 1) {
    for (let x = border + 5; x < width - border - 5; x += 1) {
      const index = y * width + x;
      const ma = meanA[index]!;
      const mb = meanB[index]!;
      const variances = squareA[index]! - ma * ma + squareB[index]! - mb * mb;
      total += ((2 * ma * mb + c1) * (2 * (cross[index]! - ma * mb) + c2)) / ((ma * ma + mb * mb + c1) * (variances + c2));
      count += 1;
    }
  }
  if (count === 0) throw new RangeError('The pictures are smaller than the window');
  return total / count;
}

/** Separable blur; values within 5 of the edge are not meaningful. */
function blurred(plane: Float64Array, width: number, height: number, kernel: Float64Array): Float64Array {
  const across = new Float64Array(plane.length);
  const result = new Float64Array(plane.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 5; x < width - 5; x += 1)
      for (let tap = 0; tap < 11; tap += 1) across[y * width + x]! += kernel[tap]! * plane[y * width + x + tap - 5]!;
  }
  for (let y = 5; y < height - 5; y += 1) {
    for (let tap = 0; tap < 11; tap += 1)
      for (let x = 0; x < width; x += 1) result[y * width + x]! += kernel[tap]! * across[(y + tap - 5) * width + x]!;
  }
  return result;
}
