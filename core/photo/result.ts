/** A result: the enhanced pixels of one photo by one recipe, and what the user thinks of them. Pure. */
import { z } from 'zod';

export const resultStates = ['pending', 'ready', 'accepted', 'rejected', 'exported'] as const;
export type ResultState = (typeof resultStates)[number];

export type ResultEvent = 'rendered' | 'accept' | 'reject' | 'export' | 'reset';

/**
 * The state after `event`, or null when the event is not legal. A verdict may be changed at any time; what was exported once can still be
 * rejected, and `reset` takes any verdict back. Rendering again, because the pixels had to leave the cache, changes no verdict.
 */
export function nextResultState(state: ResultState, event: ResultEvent): ResultState | null {
  if (event === 'rendered') return state === 'pending' ? 'ready' : state;
  if (state === 'pending') return null;
  switch (event) {
    case 'accept':
      return state === 'exported' ? 'exported' : 'accepted';
    case 'reject':
      return 'rejected';
    case 'reset':
      return 'ready';
    case 'export':
      return state === 'accepted' || state === 'exported' ? 'exported' : null;
  }
}

/** What a photo is, as a list shows it. */
export const photoStates = [
  'none',
  'queued',
  'ready',
  'accepted',
  'rejected',
  'exported',
  'failed',
  'damaged',
  'offline',
] as const;
export type PhotoState = (typeof photoStates)[number];

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/**
 * Everything that decides the pixels of a result, and nothing else: not path, time, name, tile size or device. Two renders with equal parts are
 * equal bit for bit.
 */
export const resultPartsSchema = z.object({
  /** Hash of the bytes that were read. */
  sourceSha256: sha256,
  orientation: z.int().min(1).max(8),
  /** Of the file of the network that runs on the CPU; null when none runs. */
  modelSha256: sha256.nullable(),
  passes: z.int().min(0).max(3),
  strength: z.union([z.literal('auto'), z.number().min(0).max(1)]),
  resize: z.object({ width: z.int().positive(), height: z.int().positive() }).nullable(),
  /** `pixelVersion` of the engine. */
  pixelVersion: z.int().positive(),
});
export type ResultParts = z.infer<typeof resultPartsSchema>;

/** Raised whenever a change to the engine gives other pixels for the same parts. */
export const pixelVersion = 1;

const crc32 = z.int().nonnegative();

/** One picture of a result's pyramid: a tiled, uncompressed TIFF beside the manifest. */
export const resultLevelSchema = z.object({
  /** File name beside the manifest. */
  file: z.string().regex(/^[a-z0-9-]+\.tif$/),
  /** Full size divided by this power of two, rounded up. Level 0 is the result itself. */
  level: z.int().nonnegative(),
  width: z.int().positive(),
  height: z.int().positive(),
  fileBytes: z.int().positive(),
  /** Of each tile's stored bytes, row by row. */
  tileCrc32: z.array(crc32),
});

/** `result.json` in a result's folder, written last: without it there is no result. */
export const resultManifestSchema = z.object({
  version: z.literal(1),
  parts: resultPartsSchema,
  width: z.int().positive(),
  height: z.int().positive(),
  channels: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  bitDepth: z.union([z.literal(8), z.literal(16)]),
  /** Significant bits a sample of the original, and what it was: for formats that keep something between. */
  sourceBits: z.int().positive(),
  colourConverted: z.boolean(),
  /** Side of a tile in pixels, the same on all levels. */
  tileSide: z.int().positive(),
  levels: z.array(resultLevelSchema).min(1),
  /** `metadata.json` beside it: what the photo carried besides pixels. */
  metadataCrc32: crc32,
  /** Strength that was used, 0..1; null when no network ran, or one without strength. */
  strength: z.number().min(0).max(1).nullable(),
  notes: z.array(z.string()),
});
export type ResultManifest = z.infer<typeof resultManifestSchema>;
export type ResultLevel = z.infer<typeof resultLevelSchema>;

export const manifestName = 'result.json';
export const metadataName = 'metadata.json';
