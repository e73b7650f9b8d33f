/**
 * The messages between a host and an engine process. One request at a time is worked on; every request
 * ends in exactly one reply. Both sides parse what they receive.
 */
import { z } from 'zod';
import { deviceReportSchema, devices, precisions } from './device.ts';
import { failureSchema } from './failure.ts';
import { photoFactsSchema } from './facts.ts';
import { photoDetailsSchema } from './photo-details.ts';
import { outputFormats, stripPolicies } from './recipe.ts';

const positive = z.int().positive();

/** Where a result came from; written into its XMP, and read back to know what is already done. */
export const provenanceSchema = z.object({
  software: z.string(),
  softwareVersion: z.string(),
  modelId: z.string(),
  modelVersion: z.string(),
  scale: z.number(),
  strength: z.number(),
  sourceSha256: z.string(),
  recipeDigest: z.string(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

const modelReferenceSchema = z.object({
  /** Absolute folder of the card and its files. */
  directory: z.string(),
  /** File of the variant to run, named in the card. */
  file: z.string(),
  /** Where it runs, by default on the processor; on any device but the processor each tile is looked at, and a bad one is computed again there. */
  device: z.enum(devices).optional(),
});

/** What is rendered: a photo, by which network, how. */
const sourceSchema = z.object({
  path: z.string(),
  /** Facts the plan was made from; a source that no longer has this hash is `source-changed`. */
  facts: photoFactsSchema,
  /** Null when the plan only shrinks. */
  model: modelReferenceSchema.nullable(),
  /** How many times the network runs over the picture, each time on the result of the last. */
  passes: z.int().min(0).max(3),
  tileSide: positive,
  /** `auto`: the engine chooses it from the photo's pixels and tables. Ignored by models without strength. */
  strength: z.union([z.literal('auto'), z.number().min(0).max(1)]),
  /** Final Lanczos shrink after the last pass, or null. */
  resize: z.object({ width: positive, height: positive }).nullable(),
  /** Existing folder of the host's for uncompressed intermediate pictures; the engine leaves it empty. */
  scratchDirectory: z.string(),
});

export const renderParamsSchema = sourceSchema.extend({
  /** An existing, empty folder that becomes the result: pixels, pyramid, metadata, and last the manifest. */
  resultDirectory: z.string(),
  /** Tiles of this very result that a preview computed before, or null. Read only; the host removes it. */
  tileLog: z.string().nullable(),
});
export type RenderParams = z.infer<typeof renderParamsSchema>;

export const renderResultSchema = z.object({
  width: positive,
  height: positive,
  /** All bytes of the result's folder. */
  storedBytes: z.int().nonnegative(),
  /** Strength that was used, 0..1; null when no network ran, or one without strength. */
  strength: z.number().min(0).max(1).nullable(),
  /** Network tiles that were run, and those taken from the tile log instead. */
  tiles: z.int().nonnegative(),
  reusedTiles: z.int().nonnegative(),
  /**
   * Milliseconds, of which no two parts count the same: `infer` is the network, `pack` the rest of the tile loop, `store` writing the result. What
   * goes on while the network computes is in `infer` alone.
   */
  ms: z.object({
    decode: z.number(),
    infer: z.number(),
    pack: z.number(),
    resize: z.number(),
    store: z.number(),
    total: z.number(),
  }),
  /** Largest resident memory of the engine process so far. */
  peakMemoryBytes: z.int().nonnegative(),
  /** Sentences for the user about what was changed on the way, for example a colour conversion. */
  notes: z.array(z.string()),
});
export type RenderResult = z.infer<typeof renderResultSchema>;

export const previewParamsSchema = sourceSchema.omit({ resize: true }).extend({
  /** Tiles are read from and added to this file; it is made when it is missing. */
  tileLog: z.string(),
  /** Wanted part in pixels of the last pass's output. */
  region: z.object({ x: z.int().nonnegative(), y: z.int().nonnegative(), width: positive, height: positive }),
  /** An existing, empty file that becomes an sRGB PNG of the region, cut to the picture. */
  output: z.string(),
});
export type PreviewParams = z.infer<typeof previewParamsSchema>;

export const encodeParamsSchema = z.object({
  /** A finished result's folder. Every byte used is checked; `damaged` when it is not what was written. */
  resultDirectory: z.string(),
  output: z.object({
    /** An existing, empty temp file; the host publishes it under its final name. */
    path: z.string(),
    format: z.enum(outputFormats),
    quality: z.int().min(1).max(100).nullable(),
  }),
  /** Shrunk to this first; null keeps the size. */
  size: z.object({ width: positive, height: positive }).nullable(),
  /** Written into the file instead of the original's; null keeps that. */
  densityDpi: z.number().positive().nullable(),
  strip: z.enum(stripPolicies),
  /** The engine adds the strength that was used. */
  provenance: provenanceSchema.omit({ strength: true }),
  scratchDirectory: z.string(),
});
export type EncodeParams = z.infer<typeof encodeParamsSchema>;

export const encodeResultSchema = z.object({
  width: positive,
  height: positive,
  outputBytes: z.int().nonnegative(),
  /** SHA-256 of the written file, lower-case hex. */
  outputSha256: z.string(),
  strength: z.number().min(0).max(1).nullable(),
  ms: z.object({ resize: z.number(), encode: z.number(), metadata: z.number(), total: z.number() }),
  peakMemoryBytes: z.int().nonnegative(),
});
export type EncodeResult = z.infer<typeof encodeResultSchema>;

const tileParamsSchema = z.object({
  resultDirectory: z.string(),
  /** The whole picture divided by 2 to this power, rounded up. Any level down to 1 × 1 can be asked for. */
  level: z.int().nonnegative(),
  /** Column and row of the tile, of the manifest's `tileSide`. */
  x: z.int().nonnegative(),
  y: z.int().nonnegative(),
  /** An existing, empty file that becomes an sRGB picture of the tile, cut to the picture. */
  output: z.string(),
});
export type TileParams = z.infer<typeof tileParamsSchema>;

const lookItemSchema = z.object({
  path: z.string(),
  /** Where its thumbnail goes (a new file), or null for none. */
  thumbnail: z.string().nullable(),
  /** Longest side of the thumbnail in pixels. */
  thumbnailSide: positive,
});

export const lookedSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    facts: photoFactsSchema,
    details: photoDetailsSchema,
    /** Its header is right, but its pixels are not all there: the thumbnail shows what there is. Known only where one was asked for. */
    damaged: z.boolean(),
    /** Null when none was asked for or none could be made. */
    thumbnail: z.object({ width: positive, height: positive, bytes: positive }).nullable(),
  }),
  z.object({ ok: z.literal(false), failure: failureSchema }),
]);
export type Looked = z.infer<typeof lookedSchema>;

export const progressSchema = z.object({
  stage: z.enum(['decode', 'infer', 'resize', 'encode']),
  /** 0..1 of this photo, never falling. */
  fraction: z.number().min(0).max(1),
});
export type EngineProgress = z.infer<typeof progressSchema>;

/** One entry a method: what it takes and what it answers. */
export const engineMethods = {
  /** Facts of a file, by content, without decoding it. */
  inspect: { params: z.object({ path: z.string() }), result: photoFactsSchema },
  /** Provenance of a file Enlarger wrote, null for any other file. */
  provenance: { params: z.object({ path: z.string() }), result: provenanceSchema.nullable() },
  /** Verifies a model (hash, content, a probe tile) and loads it. */
  checkModel: { params: modelReferenceSchema, result: z.object({ scale: positive, loadMs: z.number() }) },
  /** Runs files of a model on probe tiles on a device: how far they are from the reference on the processor, and how fast. */
  checkDevice: {
    params: z.object({
      directory: z.string(),
      device: z.enum(devices),
      files: z.array(z.object({ file: z.string(), precision: z.enum(precisions) })).min(1),
      /** The 32-bit file, which the processor runs. */
      reference: z.string(),
      /** No further tile side is tried when one tile took longer: the device is slow, and that is known then. */
      patienceMs: z.number().positive(),
      /** A device that is slower by far on its first tile is not compared any further; null: it is in any case. */
      worthMegapixelsPerSecond: z.number().positive().nullable(),
    }),
    result: z.object({ reports: z.array(deviceReportSchema) }),
  },
  /** Runs tiles of noise for so long, and says how fast that was; 0: one tile, which loads the network. */
  pace: {
    params: z.object({ model: modelReferenceSchema, tileSide: positive, forMs: z.number().nonnegative() }),
    result: z.object({ megapixelsPerSecond: z.number().nonnegative() }),
  },
  /** A photo → a result's folder. */
  render: { params: renderParamsSchema, result: renderResultSchema },
  /** Part of a result before the whole: computes only the tiles that the region needs. */
  preview: {
    params: previewParamsSchema,
    result: z.object({ width: positive, height: positive, tiles: z.int().nonnegative(), reusedTiles: z.int().nonnegative() }),
  },
  /** A result's folder → a file. Runs no network. */
  encode: { params: encodeParamsSchema, result: encodeResultSchema },
  /** A result's folder → one tile of one zoom level, for the screen. */
  tile: { params: tileParamsSchema, result: z.object({ width: positive, height: positive, bytes: positive }) },
  /** Many photos at once, in order: facts, what their metadata tells, thumbnails. One bad photo fails alone. */
  look: { params: z.object({ items: z.array(lookItemSchema).max(256) }), result: z.object({ looks: z.array(lookedSchema) }) },
  /** Draws the built-in sample photo into a PNG file. */
  sample: {
    params: z.object({ path: z.string(), width: positive, height: positive }),
    result: z.object({ width: positive, height: positive }),
  },
} as const;

export type EngineMethod = keyof typeof engineMethods;
export type EngineParams<Method extends EngineMethod> = z.infer<(typeof engineMethods)[Method]['params']>;
export type EngineResult<Method extends EngineMethod> = z.infer<(typeof engineMethods)[Method]['result']>;

/** Host → engine. */
export const toEngineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('request'),
    id: z.int(),
    method: z.enum(Object.keys(engineMethods) as [EngineMethod, ...EngineMethod[]]),
    params: z.unknown(),
  }),
  /** Stops request `id` between two tiles; it then replies with `cancelled`. */
  z.object({ type: z.literal('cancel'), id: z.int() }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

/** Engine → host. */
export const fromEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), pid: z.int() }),
  /** Sent about every second, between tiles at the latest. */
  z.object({ type: z.literal('heartbeat'), residentBytes: z.int() }),
  z.object({ type: z.literal('log'), level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string() }),
  z.object({ type: z.literal('progress'), id: z.int(), progress: progressSchema }),
  z.object({
    type: z.literal('reply'),
    id: z.int(),
    outcome: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), value: z.unknown() }),
      z.object({ ok: z.literal(false), failure: failureSchema }),
    ]),
  }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
