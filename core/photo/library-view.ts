/** The library as data: what a list, a photo's page and an album show, and what can be asked for. */
import { z } from 'zod';
import { failureSchema } from './failure.ts';
import { photoFactsSchema } from './facts.ts';
import { photoDetailsSchema } from './photo-details.ts';
import { recipeSchema } from './recipe.ts';
import { photoStates, resultStates } from './result.ts';
import { skipReasonSchema } from './skip-reason.ts';

export const idSchema = z.int().positive();
const count = z.int().nonnegative();
const ms = z.number();

/** One photo in a list. */
export const photoSummarySchema = z.object({
  id: idSchema,
  name: z.string(),
  /** For display only; no call takes a path back. */
  path: z.string(),
  /** Upright size in pixels; null until the file was looked at. */
  width: z.int().positive().nullable(),
  height: z.int().positive().nullable(),
  fileBytes: count,
  takenAt: z.string().nullable(),
  rating: z.int().min(0).max(5),
  favourite: z.boolean(),
  state: z.enum(photoStates),
  /** `?v=` of its thumbnail in the media handler; null until the file was looked at. */
  thumbnailKey: z.string().nullable(),
});
export type PhotoSummary = z.infer<typeof photoSummarySchema>;

export const resultViewSchema = z.object({
  id: idSchema,
  photoId: idSchema,
  /** Of the photo's file. */
  name: z.string(),
  recipe: recipeSchema,
  state: z.enum(resultStates),
  /** The network that made it; null when the photo was only shrunk. */
  modelId: z.string().nullable(),
  width: z.int().positive(),
  height: z.int().positive(),
  strength: z.number().nullable(),
  createdMs: ms,
  readyMs: ms.nullable(),
  /** Why the last attempt to make it failed. */
  failure: failureSchema.nullable(),
  /** Its pixels lie in the cache. */
  cached: z.boolean(),
  /** Made from bytes that the file no longer has. */
  outdated: z.boolean(),
});
export type ResultView = z.infer<typeof resultViewSchema>;

/** A photo's own page. */
export const photoPageSchema = photoSummarySchema.extend({
  facts: photoFactsSchema.nullable(),
  details: photoDetailsSchema.nullable(),
  /** Why it cannot be used, where it cannot. */
  failure: failureSchema.nullable(),
  albums: z.array(z.string()),
  results: z.array(resultViewSchema),
});
export type PhotoPage = z.infer<typeof photoPageSchema>;

export const photoSorts = ['taken', 'added', 'name', 'bytes', 'pixels', 'rating'] as const;

export const photoQuerySchema = z.object({
  /** Words that must all begin some word of name, folder, camera, lens, title or keywords. */
  text: z.string().max(1000).optional(),
  album: z.string().optional(),
  /** Only what lies in this folder; see `rootViewSchema`. */
  rootId: idSchema.optional(),
  state: z.enum(photoStates).optional(),
  /** True: photos with a result that is ready, or was judged; false: all others. */
  enhanced: z.boolean().optional(),
  minRating: z.int().min(0).max(5).optional(),
  favourite: z.boolean().optional(),
  /** Time of capture, as `takenMs` counts; the end is not included. */
  takenFromMs: ms.optional(),
  takenToMs: ms.optional(),
  /** By time of capture, photos that tell none come last in either direction, by the time of their files. */
  sort: z.enum(photoSorts).default('taken'),
  descending: z.boolean().default(false),
  /** From the page before; null for the first. A cursor of another query is refused. */
  cursor: z.string().nullable().default(null),
  limit: z.int().min(1).max(1000).default(200),
});
export type PhotoQuery = z.infer<typeof photoQuerySchema>;
export type PhotoQueryInput = z.input<typeof photoQuerySchema>;

export const photoListSchema = z.object({ photos: z.array(photoSummarySchema), nextCursor: z.string().nullable() });
export type PhotoList = z.infer<typeof photoListSchema>;

/** A whole list, as little of each photo as a grid needs to know where it lies. */
export const outlineSchema = z.object({
  /** In the order of the query. */
  ids: z.array(idSchema),
  /** Width over height, upright, in thousandths; 0: not looked at yet. */
  ratios: z.array(count),
  /** Runs of photos of one day, `2019-07-14`, or null where none is known. One run with null when the query sorts by something else. */
  days: z.array(z.object({ day: z.string().nullable(), count: z.int().positive() })),
});
export type Outline = z.infer<typeof outlineSchema>;

/** Which photos a call means: by number, an album, or whatever a text finds. */
export const photoChoiceSchema = z.union([
  z.object({ ids: z.array(idSchema).min(1) }),
  z.object({ album: z.string() }),
  z.object({ text: z.string() }),
]);
export type PhotoChoice = z.infer<typeof photoChoiceSchema>;

export const albumViewSchema = z.object({ name: z.string(), photos: count, createdMs: ms });
export type AlbumView = z.infer<typeof albumViewSchema>;

export const rootViewSchema = z.object({
  id: idSchema,
  path: z.string(),
  /** `tree`: with subfolders; `flat`: without; `named`: only files that were named themselves. */
  scope: z.enum(['tree', 'flat', 'named']),
  watched: z.boolean(),
  offline: z.boolean(),
  photos: count,
});
export type RootView = z.infer<typeof rootViewSchema>;

/** What a scan of the disk found. */
export const scanReportSchema = z.object({
  files: count,
  added: count,
  changed: count,
  moved: count,
  missing: count,
  returned: count,
  unchanged: count,
  skipped: z.array(z.object({ path: z.string(), reason: skipReasonSchema })),
  offlineRoots: z.array(z.string()),
});
export type ScanReport = z.infer<typeof scanReportSchema>;
