/**
 * Everything that a window, a browser or the command line can ask of the program, as one value. Handlers, client, types and test doubles derive
 * from it: adding a call is one line here plus its handler, and a missing handler does not compile.
 *
 * Calls carry numbers, never paths. A path that a host got from its own dialog, drop or command line becomes a `grant`, an unguessable word that
 * stands for it.
 */
import { z } from 'zod';
import { failureSchema } from '../photo/failure.ts';
import { jobKinds, jobStatusSchema } from '../photo/job.ts';
import {
  albumViewSchema,
  idSchema,
  photoChoiceSchema,
  photoListSchema,
  photoPageSchema,
  photoQuerySchema,
  resultViewSchema,
  rootViewSchema,
  scanReportSchema,
} from '../photo/library-view.ts';
import { exportSettingsSchema } from '../photo/export-settings.ts';
import { recipeSchema } from '../photo/recipe.ts';
import { resultStates } from '../photo/result.ts';

const count = z.int().nonnegative();
const bytes = z.number().nonnegative();
const ms = z.number();
const grant = z.string().min(1);
const ids = z.array(idSchema).min(1);
const nothing = z.object({});
const changed = z.object({ changed: count });
/** A result that cannot become the file that was asked for. */
const refusedResult = z.object({ resultId: idSchema, failure: failureSchema });

export const jobViewSchema = z.object({
  id: idSchema,
  kind: z.enum(jobKinds),
  photoId: idSchema.nullable(),
  resultId: idSchema.nullable(),
  name: z.string(),
  priority: z.int(),
  status: jobStatusSchema,
  /** 0..1, never falling. */
  fraction: z.number().min(0).max(1),
});
export type JobView = z.infer<typeof jobViewSchema>;

/** Figures of a number of jobs together. `fraction` never falls and is 1 only when all are settled and on the disk. */
export const queueProgressSchema = z.object({
  jobs: count,
  settled: count,
  failed: count,
  fraction: z.number().min(0).max(1),
  megapixelsPerSecond: z.number().nullable(),
  remainingMs: ms.nullable(),
});
export type QueueProgress = z.infer<typeof queueProgressSchema>;

export const queueStatusSchema = z.object({
  paused: z.boolean(),
  running: z.array(jobViewSchema),
  counts: z.object({ queued: count, running: count, done: count, failed: count, cancelled: count }),
  whole: queueProgressSchema,
  albums: z.array(queueProgressSchema.extend({ album: z.string() })),
});
export type QueueStatus = z.infer<typeof queueStatusSchema>;

/** What a batch will take, before it is begun. */
export const batchPlanSchema = z.object({
  photos: z.array(
    z.object({
      id: idSchema,
      width: z.int().positive(),
      height: z.int().positive(),
      cached: z.boolean(),
      notes: z.array(z.string()),
    }),
  ),
  refused: z.array(z.object({ id: idSchema, failure: failureSchema })),
  outputMegapixels: z.number(),
  /** From measured speed on this device; null when nothing was measured yet. */
  estimateMs: ms.nullable(),
  cacheBytes: bytes,
  scratchBytes: bytes,
  freeBytes: bytes.nullable(),
  /** Said before any work when it does not fit. */
  failure: failureSchema.nullable(),
});
export type BatchPlan = z.infer<typeof batchPlanSchema>;

interface Call<Params extends z.ZodType, Result extends z.ZodType> {
  readonly params: Params;
  readonly result: Result;
}

function call<Params extends z.ZodType, Result extends z.ZodType>(params: Params, result: Result): Call<Params, Result> {
  return { params, result };
}

export const contract = {
  library: {
    add: call(
      z.object({ grants: z.array(grant).min(1), recursive: z.boolean().default(true), watch: z.boolean().default(false) }),
      scanReportSchema.extend({
        /** All photos that lie there now. */
        ids: z.array(idSchema),
        /** What was named and cannot be added. */
        failed: z.array(z.object({ path: z.string(), failure: failureSchema })),
      }),
    ),
    rescan: call(nothing, scanReportSchema),
    list: call(photoQuerySchema, photoListSchema),
    count: call(photoQuerySchema.omit({ cursor: true, limit: true }), z.object({ count })),
    show: call(z.object({ id: idSchema }), photoPageSchema),
    rate: call(z.object({ ids, rating: z.int().min(0).max(5) }), changed),
    favour: call(z.object({ ids, favourite: z.boolean() }), changed),
    /** Forgets photos. Never touches a file. */
    remove: call(z.object({ ids }), changed),
    roots: call(nothing, z.object({ roots: z.array(rootViewSchema) })),
    check: call(nothing, z.object({ ok: z.boolean(), problems: z.array(z.string()), photos: count, backups: count })),
    backup: call(nothing, z.object({ file: z.string(), bytes })),
  },
  album: {
    list: call(nothing, z.object({ albums: z.array(albumViewSchema) })),
    create: call(z.object({ name: z.string().trim().min(1).max(200) }), albumViewSchema),
    rename: call(z.object({ name: z.string(), to: z.string().trim().min(1).max(200) }), albumViewSchema),
    /** The photos stay. */
    delete: call(z.object({ name: z.string() }), nothing),
    add: call(z.object({ name: z.string(), ids }), changed),
    remove: call(z.object({ name: z.string(), ids }), changed),
  },
  queue: {
    plan: call(z.object({ choice: photoChoiceSchema, recipe: recipeSchema }), batchPlanSchema),
    /** Everything is on the disk when it answers. Refuses with `disk-full` what does not fit. */
    add: call(
      z.object({ choice: photoChoiceSchema, recipe: recipeSchema }),
      z.object({ jobs: z.array(idSchema), cached: count, plan: batchPlanSchema }),
    ),
    status: call(nothing, queueStatusSchema),
    jobs: call(z.object({ limit: z.int().min(1).max(10_000).default(500) }), z.object({ jobs: z.array(jobViewSchema) })),
    pause: call(nothing, nothing),
    resume: call(nothing, nothing),
    /** Without ids: everything that is not settled. */
    cancel: call(z.object({ ids: ids.optional() }), changed),
    /** Without ids: everything that failed. */
    retry: call(z.object({ ids: ids.optional() }), changed),
    move: call(z.object({ ids, beforeId: idSchema.nullable() }), nothing),
    /** What is on the screen goes first. */
    look: call(z.object({ photoIds: z.array(idSchema).max(1000) }), changed),
  },
  review: {
    list: call(
      z.object({ state: z.enum(resultStates).optional(), photoIds: ids.optional() }),
      z.object({ results: z.array(resultViewSchema) }),
    ),
    accept: call(z.object({ ids: ids.optional() }), changed),
    reject: call(z.object({ ids: ids.optional() }), changed),
    /** Takes verdicts back. */
    reset: call(z.object({ ids }), changed),
  },
  export: {
    /** What the files would be called, and about how large they get. */
    preview: call(
      z.object({ choice: photoChoiceSchema.optional(), folder: grant, settings: exportSettingsSchema }),
      z.object({
        files: z.array(
          z.object({ resultId: idSchema, name: z.string(), width: z.int().positive(), height: z.int().positive(), bytes }),
        ),
        refused: z.array(refusedResult),
        failure: failureSchema.nullable(),
      }),
    ),
    /** Without a choice: everything accepted, exported before or not. */
    add: call(
      z.object({ choice: photoChoiceSchema.optional(), folder: grant, settings: exportSettingsSchema }),
      z.object({
        jobs: z.array(idSchema),
        skipped: z.array(z.object({ resultId: idSchema, reason: z.string() })),
        refused: z.array(refusedResult),
      }),
    ),
  },
  cache: {
    status: call(
      nothing,
      z.object({ results: count, bytes, limitBytes: bytes, pinnedBytes: bytes, thumbnails: count, thumbnailBytes: bytes }),
    ),
    clear: call(nothing, z.object({ freedBytes: bytes })),
    setLimit: call(z.object({ limitBytes: bytes }), nothing),
  },
} as const;

/** What a host hears without asking. A subscription gets the state of now first. */
export const events = {
  queue: queueStatusSchema,
  job: jobViewSchema,
  library: z.object({ changedIds: z.array(idSchema) }),
} as const;

export type Contract = typeof contract;
export type Noun = keyof Contract;
export type Verb<N extends Noun> = keyof Contract[N];
type AnyCall = Call<z.ZodType, z.ZodType>;
/** What a caller gives; defaults may be left out. */
export type Params<N extends Noun, V extends Verb<N>> = Contract[N][V] extends AnyCall
  ? z.input<Contract[N][V]['params']>
  : never;
/** What a handler gets. */
export type Parsed<N extends Noun, V extends Verb<N>> = Contract[N][V] extends AnyCall
  ? z.output<Contract[N][V]['params']>
  : never;
export type Result<N extends Noun, V extends Verb<N>> = Contract[N][V] extends AnyCall
  ? z.output<Contract[N][V]['result']>
  : never;
/** The handlers of one noun; each lives beside what it serves. */
export type Handlers<N extends Noun> = { readonly [V in Verb<N>]: (params: Parsed<N, V>) => Promise<Result<N, V>> };
export type AllHandlers = { readonly [N in Noun]: Handlers<N> };

export type EventName = keyof typeof events;
export type EventValue<E extends EventName> = z.output<(typeof events)[E]>;
