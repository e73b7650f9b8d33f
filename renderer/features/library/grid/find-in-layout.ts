/** Questions to a layout, each answered by halving. */
import type { GridLayout } from './justify.ts';

/** The last of `length` places for which `isBefore` holds, -1 when for none; it must hold for a beginning of them and for nothing behind. */
function lastWhere(length: number, isBefore: (place: number) => boolean): number {
  let low = -1;
  let high = length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isBefore(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The row at `y`, or above it where none is; 0 above all of them. -1 in a list without any. */
export function rowAt({ rows, rowTops }: GridLayout, y: number): number {
  return rows === 0
    ? -1
    : Math.max(
        0,
        lastWhere(rows, (row) => (rowTops[row] ?? 0) <= y),
      );
}

/** The row that photo `index` lies in. */
export function rowOf({ rows, rowStarts }: GridLayout, index: number): number {
  return lastWhere(rows, (row) => (rowStarts[row] ?? 0) <= index);
}

/** Number of the section at `y`, or above it; 0 above all of them. -1 in a list without any. */
export function sectionAt({ sections }: GridLayout, y: number): number {
  if (sections.length === 0) return -1;
  return Math.max(
    0,
    lastWhere(sections.length, (section) => (sections[section]?.top ?? 0) <= y),
  );
}

/** The photo of a row whose middle is nearest to `x`. */
export function nearestInRow(layout: GridLayout, row: number, x: number): number {
  const first = layout.rowStarts[row] ?? 0;
  const end = layout.rowStarts[row + 1] ?? first;
  let nearest = first;
  for (let index = first; index < end; index++) {
    if (Math.abs(middleOf(layout, index) - x) < Math.abs(middleOf(layout, nearest) - x)) nearest = index;
  }
  return nearest;
}

/** Of a photo in its row, in pixels. */
export function middleOf({ lefts, widths }: GridLayout, index: number): number {
  return (lefts[index] ?? 0) + (widths[index] ?? 0) / 2;
}
