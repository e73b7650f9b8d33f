/**
 * Browsers end an element at about 33 million pixels (Chromium) or 17 million (Firefox), and some lists are longer. Such a list scrolls through an
 * element of the greatest safe height, and each pixel of that stands for a little more than one of the list.
 */

const greatestPx = 15_000_000;

export interface ScrollScale {
  /** Of the element that is scrolled. */
  readonly height: number;
  /** Pixels of the list for one of the element; 1 for all but the longest lists. */
  readonly factor: number;
}

/** `contentPx`: height of the list; `viewPx`: of what is seen of it. */
export function scrollScale(contentPx: number, viewPx: number, maxPx = greatestPx): ScrollScale {
  if (contentPx <= maxPx || maxPx <= viewPx) return { height: contentPx, factor: 1 };
  return { height: maxPx, factor: (contentPx - viewPx) / (maxPx - viewPx) };
}
