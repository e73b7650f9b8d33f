/** Where the blocks of a JPEG, and the steps of its table, come to lie when the photo is turned upright (EXIF orientation, EXIF 2.3, tag 0x0112). */
import type { PhotoFacts } from '../../photo/facts.ts';
import type { Grid } from './block-sample.ts';
import { blockSide } from './block-transform.ts';

/** Orientations in which the stored right edge, or the stored lower one, ends up left or on top: there the blocks begin inside one. */
const mirrorsAcross: readonly number[] = [2, 3, 6, 7];
const mirrorsDown: readonly number[] = [3, 4, 7, 8];

/** First column and row of the upright photo at which a whole block begins. `facts` holds the upright size. */
export function uprightGrid({ width, height, orientation }: Pick<PhotoFacts, 'width' | 'height' | 'orientation'>): Grid {
  return {
    left: mirrorsAcross.includes(orientation) ? width % blockSide : 0,
    top: mirrorsDown.includes(orientation) ? height % blockSide : 0,
  };
}

/** The table of a stored block, row by row, as it holds for upright ones: rows and columns change places in orientations 5 to 8. */
export function uprightSteps(steps: readonly number[], orientation: number): readonly number[] {
  return orientation < 5
    ? steps
    : steps.map((_, index) => steps[(index % blockSide) * blockSide + Math.floor(index / blockSide)]!);
}
