/**
 * How damaged a photo is, as numbers: what JPEG and noise did to a pixel, and the strength of cleaning that fits.
 * All deviations are in 8-bit codes (0..255).
 */

/** From here on a network cleans with all it has. */
const worstDeviation = 25;
/** Halfway between the root, which crowds strong cleaning into the upper end, and the deviation itself, which crowds the usual into the lower. */
const exponent = 0.75;
/**
 * So much deviation costs no photo anything: fine texture measures up to it, and on held-out photos PSNR is best at strength 0 up to here,
 * and from here on at what the rest asks for. Without it a clean or nearly clean photo loses up to 0.3 dB.
 */
const harmlessDeviation = 2;

/**
 * Standard deviation of each coefficient of the orthonormal 8 × 8 DCT of luma in photos, row by row (vertical frequency
 * first): what is lost at most when the coefficient becomes zero. Measured over the training photos at full and at half
 * size; the mean knows no such limit.
 */
// prettier-ignore
const coefficientDeviation: readonly number[] = [
  Infinity, 91.8, 52.5, 34.4, 25.3, 18.9, 13.9, 10.3,
  91.8, 50.3, 35.7, 25.6, 19.4, 14.6, 10.9, 8.3,
  52.5, 35.7, 28.6, 22.1, 17.1, 13.2, 10.0, 7.6,
  34.4, 25.6, 22.1, 18.5, 15.0, 11.8, 9.0, 6.9,
  25.3, 19.4, 17.1, 15.0, 12.8, 10.3, 8.0, 6.2,
  18.9, 14.6, 13.2, 11.8, 10.3, 8.7, 6.9, 5.4,
  13.9, 10.9, 10.0, 9.0, 8.0, 6.9, 5.6, 4.5,
  10.3, 8.3, 7.6, 6.9, 6.2, 5.4, 4.5, 3.7,
];

/**
 * Expected error of a pixel of a photo that was quantised with `steps`, the 64 steps of the luma table (each ≥ 1), row by row.
 * A coefficient of step q errs by q²/12 (uniform rounding), but never by more than it has.
 */
export function jpegDeviation(steps: readonly number[]): number {
  let sum = 0;
  for (const [index, limit] of coefficientDeviation.entries()) sum += Math.min((steps[index] ?? 1) ** 2 / 12, limit ** 2);
  return Math.sqrt(sum / coefficientDeviation.length);
}

/** Strength 0..1 for a photo whose pixels err by `noise` and, independently of it, by `jpeg`: (min(σ − 2, 25) / 25)^¾, and 0 up to σ 2. */
export function strengthFor(noise: number, jpeg: number): number {
  const harmful = Math.max(0, Math.hypot(noise, jpeg) - harmlessDeviation);
  return (Math.min(harmful, worstDeviation) / worstDeviation) ** exponent;
}
