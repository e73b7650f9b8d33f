/** Which two pictures of a photo are compared. A is what there was, B the result that is judged. Pure. */
import type { ResultView } from '../../../../core/photo/library-view.ts';
import type { PictureName } from '../viewer/picture.ts';

/** What results are compared with: the original, or another result of the same photo. */
export type Against = 'original' | 'result';

/**
 * A for a result. `chosenId` is a result of this photo that was asked for; without one the newest other result serves where results are compared with
 * each other. Null: the original, which there always is.
 */
export function otherSide(
  results: readonly ResultView[],
  shown: ResultView,
  against: Against,
  chosenId: number | null,
): ResultView | null {
  if (against === 'original') return null;
  const others = results.filter(({ id }) => id !== shown.id);
  return others.find(({ id }) => id === chosenId) ?? others.at(-1) ?? null;
}

/** The picture of a side; null: its pixels are not in the cache any more. */
export function pictureOf(photoId: number, result: ResultView | null): PictureName | null {
  if (result === null) return { kind: 'original', id: photoId };
  return result.cached ? { kind: 'result', id: result.id } : null;
}
