/** What a photo's metadata tells people: when, with what, where. Plain data that crosses processes; every field may be missing. */
import { z } from 'zod';

const text = z.string().max(4000).nullable();
const measure = z.number().nullable();

export const photoDetailsSchema = z.object({
  /** Local time of capture as the camera wrote it, `2024-05-31T18:04:09`, with `.123` where it is finer; never converted. */
  takenAt: z.string().nullable(),
  /** Offset from UTC as `+02:00`, where the metadata says it. */
  takenZone: z.string().nullable(),
  camera: text,
  lens: text,
  exposureSeconds: measure,
  fNumber: measure,
  iso: measure,
  focalLengthMm: measure,
  /** Degrees, WGS 84; north and east are positive. */
  latitude: measure,
  longitude: measure,
  altitudeMeters: measure,
  /** Dots per inch. */
  density: z.object({ x: z.number(), y: z.number() }).nullable(),
  /** 0..5 as the file says; null when it says nothing. */
  rating: z.int().min(0).max(5).nullable(),
  title: text,
  description: text,
  keywords: z.array(z.string().max(400)).max(500),
});
export type PhotoDetails = z.infer<typeof photoDetailsSchema>;

export const noDetails: PhotoDetails = {
  takenAt: null,
  takenZone: null,
  camera: null,
  lens: null,
  exposureSeconds: null,
  fNumber: null,
  iso: null,
  focalLengthMm: null,
  latitude: null,
  longitude: null,
  altitudeMeters: null,
  density: null,
  rating: null,
  title: null,
  description: null,
  keywords: [],
};

/**
 * Milliseconds since 1970 to sort by: true time where the zone is known, else the local time taken for UTC, which keeps the order within one
 * journey. Null for a date that is none.
 */
export function takenMs({ takenAt, takenZone }: Pick<PhotoDetails, 'takenAt' | 'takenZone'>): number | null {
  if (takenAt === null) return null;
  const ms = Date.parse(`${takenAt}${takenZone ?? 'Z'}`);
  return Number.isNaN(ms) ? null : ms;
}
