/**
 * What a run tells while it works: the one stream behind the command line's text, its `--json` lines and,
 * later, the window. The first five members are the stable `--json` contract, field for field.
 */
import { z } from 'zod';
import { failureCodes } from './failure.ts';

const count = z.int().nonnegative();

export const runLineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('started'),
    input: z.string(),
    width: count,
    height: count,
    model: z.string(),
    device: z.string(),
    tiles: count,
  }),
  z.object({ type: z.literal('progress'), input: z.string(), fraction: z.number().min(0).max(1) }),
  z.object({
    type: z.literal('done'),
    input: z.string(),
    output: z.string(),
    width: count,
    height: count,
    model: z.string(),
    device: z.string(),
    cached: z.boolean(),
    ms: z.object({ decode: z.number(), infer: z.number(), encode: z.number(), total: z.number() }),
    peakMemoryBytes: count,
    /** How hard it was cleaned, 0..1, chosen or given; absent where the network has no strength. */
    strength: z.number().min(0).max(1).optional(),
  }),
  z.object({ type: z.literal('failed'), input: z.string(), code: z.enum(failureCodes), message: z.string() }),
  z.object({ type: z.literal('skipped'), input: z.string(), reason: z.string() }),
  z.object({ type: z.literal('summary'), done: count, failed: count, skipped: count, ms: z.number() }),
]);
export type RunLine = z.infer<typeof runLineSchema>;

type SkippedLine = Extract<RunLine, { type: 'skipped' }>;

/** Everything a host hears: the lines, and what is for people only. */
export type RunEvent =
  | Exclude<RunLine, SkippedLine>
  /** `gist`: the reason without what differs from photo to photo, so that many can be told as one. */
  | (SkippedLine & { gist?: string })
  /** Said once, before any work: what the run will take. Times in milliseconds; null when nothing was measured yet. */
  | {
      type: 'planned';
      photos: number;
      outputMegapixels: number;
      estimateMs: number | null;
      outputBytes: number;
      scratchBytes: number;
      freeBytes: number;
    }
  /** A sentence about one photo: a colour conversion, a format that was changed. */
  | { type: 'note'; input: string; text: string }
  /** Overall progress in network pixels, never falling. `remainingMs` null until something was measured. */
  | {
      type: 'overall';
      photosDone: number;
      photos: number;
      fraction: number;
      megapixelsPerSecond: number | null;
      remainingMs: number | null;
    };
