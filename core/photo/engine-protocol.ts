/**
 * The messages between a host and an engine process. One request at a time is worked on; every request
 * ends in exactly one reply. Both sides parse what they receive.
 */
import { z } from 'zod';
import { failureSchema } from './failure.ts';
import { photoFactsSchema } from './facts.ts';
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
});

export const enhanceParamsSchema = z.object({
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
  output: z.object({
    /** An existing, empty temp file; the host publishes it under its final name. */
    path: z.string(),
    format: z.enum(outputFormats),
    quality: z.int().min(1).max(100).nullable(),
  }),
  strip: z.enum(stripPolicies),
  /** The engine adds the strength that it used. */
  provenance: provenanceSchema.omit({ strength: true }),
  /** Existing folder of the host's for uncompressed intermediate pictures; the engine leaves it empty. */
  scratchDirectory: z.string(),
});
export type EnhanceParams = z.infer<typeof enhanceParamsSchema>;

export const enhanceResultSchema = z.object({
  width: positive,
  height: positive,
  outputBytes: z.int().nonnegative(),
  /** Strength that was used, 0..1; null when no network ran, or one without strength. */
  strength: z.number().min(0).max(1).nullable(),
  /** Network tiles that were run. */
  tiles: z.int().nonnegative(),
  /** Milliseconds; `infer` is time inside the network alone, `pack` the rest of the tile loop. */
  ms: z.object({
    decode: z.number(),
    infer: z.number(),
    pack: z.number(),
    resize: z.number(),
    encode: z.number(),
    metadata: z.number(),
    total: z.number(),
  }),
  /** Largest resident memory of the engine process so far. */
  peakMemoryBytes: z.int().nonnegative(),
  /** Sentences for the user about what was changed on the way, for example a colour conversion. */
  notes: z.array(z.string()),
});
export type EnhanceResult = z.infer<typeof enhanceResultSchema>;

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
  enhance: { params: enhanceParamsSchema, result: enhanceResultSchema },
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
