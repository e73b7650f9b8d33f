/** Where the arrow keys lead in a grid of rows of unequal photos. Pure. */
import { middleOf, nearestInRow, rowAt, rowOf } from './find-in-layout.ts';
import type { GridLayout } from './justify.ts';

export type GridMove = 'left' | 'right' | 'up' | 'down' | 'pageUp' | 'pageDown' | 'start' | 'end';

export const moveOfKey: Readonly<Record<string, GridMove>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
  Home: 'start',
  End: 'end',
};

export interface GridPlace {
  readonly index: number;
  /** Where up and down keep to, in pixels: the middle of the photo that they began at, as in a text. */
  readonly x: number;
}

/** The photo at that place after the move; itself where there is nothing further. `pagePx`: height of the view. */
export function moved(layout: GridLayout, { index, x }: GridPlace, move: GridMove, pagePx: number): GridPlace {
  const last = layout.count - 1;
  switch (move) {
    case 'left':
      return at(layout, Math.max(0, index - 1));
    case 'right':
      return at(layout, Math.min(last, index + 1));
    case 'start':
      return at(layout, 0);
    case 'end':
      return at(layout, last);
    case 'up':
    case 'down':
    case 'pageUp':
    case 'pageDown':
      break;
  }
  const row = rowOf(layout, index);
  const direction = move === 'up' || move === 'pageUp' ? -1 : 1;
  const next = Math.min(layout.rows - 1, Math.max(0, row + direction));
  if (next === row) return { index, x };
  if (move === 'up' || move === 'down') return { index: nearestInRow(layout, next, x), x };
  const far = rowAt(layout, (layout.rowTops[row] ?? 0) + direction * pagePx);
  // One row at least, however high it is.
  return { index: nearestInRow(layout, direction < 0 ? Math.min(next, far) : Math.max(next, far), x), x };
}

/** A place to begin at. */
export function at(layout: GridLayout, index: number): GridPlace {
  return { index, x: middleOf(layout, index) };
}
