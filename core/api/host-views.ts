/** What a host tells of itself: places that can be chosen, networks, devices. */
import { z } from 'zod';
import { failureSchema } from '../photo/failure.ts';
import { deviceReportSchema, refusals } from '../photo/device.ts';
import { modelTasks } from '../photo/model-card.ts';

/** A file or folder that the user may be asked about. */
export const placeViewSchema = z.object({
  /** Stands for the path; see grants.ts. */
  grant: z.string().min(1),
  name: z.string(),
  /** For display only. */
  path: z.string(),
});
export type PlaceView = z.infer<typeof placeViewSchema>;

export const aboutSchema = z.object({
  version: z.string(),
  kind: z.enum(['desktop', 'browser']),
  /** `dialog`: `host.choose` opens the system's own; `browse`: the window shows `host.browse`. */
  choosing: z.enum(['dialog', 'browse']),
  /** Whether `host.reveal` can show files in the system's file manager. */
  reveals: z.boolean(),
  libraryPath: z.string(),
  cachePath: z.string(),
});
export type About = z.infer<typeof aboutSchema>;

export const folderViewSchema = z.object({
  /** Null: the list of the folders that everything begins with. */
  folder: placeViewSchema.nullable(),
  /** From a beginning down to the folder above this one. */
  parents: z.array(placeViewSchema),
  folders: z.array(placeViewSchema),
  /** Files that may be photos by their names; to give an idea, the scan decides by content. */
  photos: z.int().nonnegative(),
});
export type FolderView = z.infer<typeof folderViewSchema>;

/** How the tiles of a network are laid out, as `planAxis` takes it. In input pixels. */
export const tileGridSchema = z.object({
  tileSide: z.int().positive(),
  halo: z.int().nonnegative(),
  multiple: z.int().positive(),
});
export type TileGrid = z.infer<typeof tileGridSchema>;

export const modelViewSchema = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  licence: z.string(),
  task: z.enum(modelTasks),
  /** One sentence. */
  use: z.string(),
  scale: z.int().positive(),
  /** Whether the strength of cleaning can be set. */
  hasStrength: z.boolean(),
  /** Of a preview: a part of it that is one tile costs nothing that is not seen. */
  tiles: tileGridSchema,
  precision: z.string(),
  fileBytes: z.number().nonnegative(),
  /** Y-PSNR of each set of clean photos, in dB. */
  metrics: z.array(z.object({ set: z.string(), psnrDb: z.number() })),
  /** Output megapixels a second over whole photos, on this computer; null when it was never measured. */
  megapixelsPerSecond: z.number().nullable(),
});
export type ModelView = z.infer<typeof modelViewSchema>;

export const deviceViewSchema = z.object({
  id: z.enum(['cpu', 'webgpu']),
  name: z.string(),
  cores: z.int().positive().nullable(),
  threads: z.int().positive().nullable(),
  memoryBytes: z.number().nullable(),
  /** Instruction sets and the like, for people. */
  features: z.array(z.string()),
  /** `unchecked`: it computes right as far as is known, but nothing was measured yet. */
  state: z.enum(['checked', 'unchecked', 'failed', 'unavailable']),
  failure: failureSchema.nullable(),
  /** Whether the network that is usually taken runs here as things are. */
  chosen: z.boolean(),
  megapixelsPerSecond: z.number().nullable(),
  /** What the last check found, a file of that network at a time, the most compact first; empty where there was none. */
  checks: z.array(deviceReportSchema.extend({ refusal: z.enum(refusals).nullable() })),
});
export type DeviceView = z.infer<typeof deviceViewSchema>;
