import type { PhotoSummary } from '../../../core/photo/library-view.ts';

/** A photo as a list shows it: `IMG_0012.jpg`, looked at, nothing done with it yet. */
export function photoSummary(id: number, changes: Partial<PhotoSummary> = {}): PhotoSummary {
  const name = `IMG_${String(id).padStart(4, '0')}.jpg`;
  return {
    id,
    name,
    path: `/photos/${name}`,
    width: 4032,
    height: 3024,
    fileBytes: 3_200_000,
    takenAt: '2019-07-14T18:04:09',
    rating: 0,
    favourite: false,
    state: 'none',
    thumbnailKey: `key-${id}`,
    ...changes,
  };
}
