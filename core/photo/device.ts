/** What networks can be computed on, how right it has to be, and what was found out about it. Pure. */
import { z } from 'zod';
import { failureSchema } from './failure.ts';

export const devices = ['cpu', 'webgpu'] as const;
export type Device = (typeof devices)[number];

/** The most compact first. */
export const precisions = ['int8', 'fp16', 'fp32'] as const;
export type Precision = (typeof precisions)[number];

/**
 * How far a device may lie from the 32-bit network on the processor, over the probe tiles: the largest and the mean absolute difference of samples,
 * of a range 0..1. 32 bits: what the order of sums can change, far below a step of 16-bit files. 16 bits: less than three steps of 8-bit files at
 * worst, on noise, and a quarter of one in the mean. 8 bits: patterns that no photo has drive the shipped networks out of the ranges that they are
 * quantized for (0.44 and 0.033 at worst), so that these bars tell a network that works from one that does not, and no more.
 */
export const exactness: Readonly<Record<Precision, { readonly max: number; readonly mean: number }>> = {
  fp32: { max: 1 / 2550, mean: 1 / 25500 },
  fp16: { max: 3 / 255, mean: 1 / 1020 },
  int8: { max: 0.6, mean: 0.05 },
};

/** What a check found of one file of a model on one device. */
export const deviceReportSchema = z.object({
  file: z.string(),
  precision: z.enum(precisions),
  /** Of samples 0..1, against the 32-bit network on the processor; null when it could not be computed. */
  maxDifference: z.number().nullable(),
  meanDifference: z.number().nullable(),
  /** The tile side with the highest speed, in input pixels, and that speed in output megapixels a second; null when it could not be computed. */
  tileSide: z.int().positive().nullable(),
  megapixelsPerSecond: z.number().nullable(),
  /** What went wrong while it computed. */
  failure: failureSchema.nullable(),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

/** Why a device is not used: it broke off, it was too slow to be compared at all, or its pixels are wrong. */
export const refusals = ['failed', 'slow', 'wrong'] as const;
export type Verdict =
  { readonly passed: true } | { readonly passed: false; readonly refusal: (typeof refusals)[number]; readonly reason: string };

/** Whether pixels of this file on this device may be trusted; the reason is a sentence for the user. */
export function judge(report: DeviceReport): Verdict {
  const { precision, maxDifference, meanDifference, failure } = report;
  if (failure !== null) return { passed: false, refusal: 'failed', reason: failure.message };
  if (maxDifference === null || meanDifference === null)
    return {
      passed: false,
      refusal: 'slow',
      reason: 'It is much slower than the processor, so that it was not checked any further.',
    };
  const { max, mean } = exactness[precision];
  // Written so that NaN fails, too.
  if (!(maxDifference <= max))
    return {
      passed: false,
      refusal: 'wrong',
      reason: `It computes wrong pixels: up to ${steps(maxDifference)} away, ${steps(max)} are allowed.`,
    };
  if (!(meanDifference <= mean))
    return {
      passed: false,
      refusal: 'wrong',
      reason: `It computes wrong pixels: ${steps(meanDifference)} away in the mean, ${steps(mean)} are allowed.`,
    };
  return { passed: true };
}

/** A difference of samples 0..1 in steps of 8-bit files. */
function steps(difference: number): string {
  return Number.isFinite(difference) ? `${(difference * 255).toPrecision(2)} of 255 steps` : 'infinitely';
}
