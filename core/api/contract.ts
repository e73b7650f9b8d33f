/**
 * Everything that a window, a browser or the command line can ask of the program, as one value. Handlers, client, types and test doubles derive
 * from it: adding a call is one line here plus its handler, and a missing handler does not compile.
 *
 * Calls carry numbers, never paths. A path that a host got from its own dialog, drop or command line becomes a `grant`, an unguessable word that
 * stands for it.
 */
import { z } from 'zod';
import { devices } from '../photo/device.ts';
import { failureSchema } from '../photo/failure.ts';
import { aboutSchema, deviceViewSchema, folderViewSchema, modelViewSchema, placeViewSchema } from './host-views.ts';
import { jobKinds, jobStatusSchema } from '../photo/job.ts';
import {
  albumViewSchema,
  idSchema,
  photoChoiceSchema,
  outlineSchema,
  photoListSchema,
  photoPageSchema,
  photoQuerySchema,
  photoSummarySchema,
  resultViewSchema,
  rootViewSchema,
  scanReportSchema,
} from '../photo/library-view.ts';
import { exportSettingsSchema } from '../photo/export-settings.ts';
import { planNoteSchema } from '../photo/plan-note.ts';
import { preferenceChangesSchema, preferencesSchema } from '../photo/preferences.ts';
import { recipeSchema } from '../photo/recipe.ts';
import { resultStates } from '../photo/result.ts';

const count = z.int().nonnegative();
const bytes = z.number().nonnegative();
const ms = z.number();
const grant = z.string().min(1);
const ids = z.array(idSchema).min(1);
const nothing = z.object({});
const changed = z.object({ changed: count });
/** A photo that cannot be worked on. */
const refusedPhoto = z.object({ id: idSchema, failure: failureSchema });
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
  /** What the user asked for: enhancing and exports. */
  whole: queueProgressSchema,
  /** Looking at photos for the first time, which the program does by itself. */
  looking: queueProgressSchema,
  albums: z.array(queueProgressSchema.extend({ album: z.string() })),
});
export type QueueStatus = z.infer<typeof queueStatusSchema>;

/** What a batch will take, before it is begun. */
export const batchPlanSchema = z.object({
  photos: z.array(
    z.object({
      id: idSchema,
      /** Of the result, in pixels. */
      width: z.int().positive(),
      height: z.int().positive(),
      /** Upright size of the original, in pixels. */
      original: z.object({ width: z.int().positive(), height: z.int().positive() }),
      cached: z.boolean(),
      notes: z.array(planNoteSchema),
    }),
  ),
  refused: z.array(refusedPhoto),
  /** Photos whose files nobody read yet: they come along, and the figures know nothing of them. */
  unread: z.array(idSchema),
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

/** What came of an export. */
export const exportOutcomeSchema = z.object({
  jobId: idSchema,
  resultId: idSchema,
  /** Of the file that was written, for display; null where none was: another file has its name, or the result is not accepted any more. */
  path: z.string().nullable(),
  skipped: z.enum(['name-taken', 'not-accepted']).nullable(),
});
export type ExportOutcomeView = z.infer<typeof exportOutcomeSchema>;

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
    /** The shape of a whole list in one answer, for a grid that knows where everything is. */
    outline: call(photoQuerySchema.omit({ cursor: true, limit: true }), outlineSchema),
    /** Those that there are, in the order asked for. */
    some: call(z.object({ ids: z.array(idSchema).min(1).max(1000) }), z.object({ photos: z.array(photoSummarySchema) })),
    show: call(z.object({ id: idSchema }), photoPageSchema),
    rate: call(z.object({ ids, rating: z.int().min(0).max(5) }), changed),
    favour: call(z.object({ ids, favourite: z.boolean() }), changed),
    /** Forgets photos. Never touches a file. */
    remove: call(z.object({ ids }), changed),
    roots: call(nothing, z.object({ roots: z.array(rootViewSchema) })),
    /** New photos in a watched folder come by themselves. */
    watch: call(z.object({ rootId: idSchema, watched: z.boolean() }), nothing),
    /** Forgets a folder and all photos in it. Never touches a file. */
    forgetRoot: call(z.object({ rootId: idSchema }), changed),
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
    /**
     * Everything is on the disk when it answers. Photos that nobody read yet are read first: a window, whose user may think better of it meanwhile,
     * calls `read` before. Refuses with `disk-full` what does not fit.
     */
    add: call(
      z.object({ choice: photoChoiceSchema, recipe: recipeSchema }),
      z.object({
        /** Those that do it; the first `known` of them were waiting already. */
        jobs: z.array(idSchema),
        known: count,
        /** Photos whose pixels were there already, so that nothing is to be done. */
        cached: count,
        plan: batchPlanSchema,
      }),
    ),
    status: call(nothing, queueStatusSchema),
    /** What is not settled first, in its order, then what is, the newest first. */
    jobs: call(
      z.object({ kinds: z.array(z.enum(jobKinds)).min(1).optional(), limit: z.int().min(1).max(10_000).default(500) }),
      z.object({ jobs: z.array(jobViewSchema) }),
    ),
    pause: call(nothing, nothing),
    resume: call(nothing, nothing),
    /** Without ids: everything that is not settled. */
    cancel: call(z.object({ ids: ids.optional() }), changed),
    /** Without ids: everything that failed. */
    retry: call(z.object({ ids: ids.optional() }), changed),
    move: call(z.object({ ids, beforeId: idSchema.nullable() }), nothing),
    /** Reads photos that nobody read yet, before all that wait for that, and answers when they are through, with those that cannot be read. */
    read: call(z.object({ photoIds: z.array(idSchema).min(1).max(1000) }), z.object({ failed: z.array(refusedPhoto) })),
    /** What is on the screen goes first. */
    look: call(z.object({ photoIds: z.array(idSchema).max(1000) }), changed),
  },
  review: {
    list: call(
      z.object({ state: z.enum(resultStates).optional(), photoIds: ids.optional(), choice: photoChoiceSchema.optional() }),
      z.object({ results: z.array(resultViewSchema) }),
    ),
    accept: call(z.object({ ids: ids.optional() }), changed),
    reject: call(z.object({ ids: ids.optional() }), changed),
    /** Takes verdicts back. */
    reset: call(z.object({ ids }), changed),
  },
  export: {
    /** What the files would be called, and about how large they get. Without a folder, where none is chosen yet, no room is asked for. */
    preview: call(
      z.object({ choice: photoChoiceSchema.optional(), folder: grant.nullable(), settings: exportSettingsSchema }),
      z.object({
        files: z.array(
          z.object({ resultId: idSchema, name: z.string(), width: z.int().positive(), height: z.int().positive(), bytes }),
        ),
        refused: z.array(refusedResult),
        /** Where the files go; null when nobody can tell. */
        freeBytes: bytes.nullable(),
        failure: failureSchema.nullable(),
      }),
    ),
    /** Without a choice: everything accepted, exported before or not. */
    add: call(
      z.object({ choice: photoChoiceSchema.optional(), folder: grant, settings: exportSettingsSchema }),
      z.object({
        jobs: z.array(idSchema),
        /** Those that were exported like this before; `path` is that file's, for display. */
        skipped: z.array(z.object({ resultId: idSchema, reason: z.string(), path: z.string() })),
        refused: z.array(refusedResult),
      }),
    ),
    /** What came of jobs that are done; those that are not, or are forgotten, are left out. */
    outcomes: call(
      z.object({ jobs: z.array(idSchema).min(1).max(10_000) }),
      z.object({ outcomes: z.array(exportOutcomeSchema) }),
    ),
  },
  cache: {
    status: call(
      nothing,
      z.object({ results: count, bytes, limitBytes: bytes, pinnedBytes: bytes, thumbnails: count, thumbnailBytes: bytes }),
    ),
    clear: call(nothing, z.object({ freedBytes: bytes })),
    setLimit: call(z.object({ limitBytes: bytes }), nothing),
    /** Where results lie from the next start on; null: beside the library or in the user's cache, as usual. */
    setPlace: call(z.object({ folder: grant.nullable() }), nothing),
  },
  host: {
    about: call(nothing, aboutSchema),
    /** The system's own dialog; nothing when it was closed. `not-found` where there is none. */
    choose: call(z.object({ what: z.enum(['photos', 'folder']) }), z.object({ chosen: z.array(placeViewSchema) })),
    browse: call(z.object({ folder: grant.nullable() }), folderViewSchema),
    makeFolder: call(z.object({ folder: grant, name: z.string().trim().min(1).max(200) }), placeViewSchema),
    /** Folders that photos were added from and exported to, newest first; those that are there. */
    recent: call(nothing, z.object({ sources: z.array(placeViewSchema), targets: z.array(placeViewSchema) })),
    /** Shows a photo, or what an export wrote, in the system's file manager. */
    reveal: call(z.union([z.object({ photoId: idSchema }), z.object({ exportJobId: idSchema })]), nothing),
  },
  model: {
    list: call(nothing, z.object({ models: z.array(modelViewSchema), problems: z.array(failureSchema) })),
    /** Enlarges a drawn photo; takes some seconds, and remembers the speed. */
    measure: call(z.object({ id: z.string() }), modelViewSchema),
  },
  device: {
    list: call(nothing, z.object({ devices: z.array(deviceViewSchema) })),
    check: call(nothing, z.object({ devices: z.array(deviceViewSchema) })),
  },
  preferences: {
    get: call(nothing, preferencesSchema),
    /** Changes what is named. */
    set: call(preferenceChangesSchema, preferencesSchema),
  },
} as const;

/** What a host hears without asking. A subscription gets the state of now first. */
export const events = {
  queue: queueStatusSchema,
  job: jobViewSchema,
  /** `listChanged`: photos or albums came or went, or lists may have another order. */
  library: z.object({ changedIds: z.array(idSchema), listChanged: z.boolean() }),
  /** Folders are being searched for photos; `found` so far. */
  scan: z.object({ running: z.boolean(), found: count }),
  preferences: preferencesSchema,
  /** A device failed in work and is not used any more for now; nothing that it made is used. */
  deviceOut: z.object({ device: z.enum(devices), failure: failureSchema }),
  /** Files or folders that the user gave to the program from outside: "open with", a second start. */
  opened: z.object({ places: z.array(placeViewSchema) }),
} as const;

export type Contract = typeof contract;
export type Noun = keyof Contract;
export type Verb<N extends Noun> = keyof Contract[N];
export type AnyCall = Call<z.ZodType, z.ZodType>;
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
