import type { BatchPlan } from '../../../../core/api/contract.ts';

type PlannedPhoto = BatchPlan['photos'][number];

/** Twice the size of an original, as a phone takes it unless another size is given. */
export function plannedPhoto(id: number, original = { width: 4032, height: 3024 }): PlannedPhoto {
  return { id, width: 2 * original.width, height: 2 * original.height, original, cached: false, notes: [] };
}

/** A plan that fits. */
export function planned(photos: PlannedPhoto[], more: Partial<BatchPlan> = {}): BatchPlan {
  const outputMegapixels = photos.reduce((sum, { width, height }) => sum + (width * height) / 1e6, 0);
  return {
    ...{
      photos,
      refused: [],
      unread: [],
      outputMegapixels,
      estimateMs: 57_000,
      cacheBytes: 300e6,
      scratchBytes: 10e6,
      freeBytes: 48e9,
      failure: null,
    },
    ...more,
  };
}
