/** What a stage shows of its one or two pictures. The first is called A, the second B. */

export type Side = 'a' | 'b';

/** How many times a difference is brightened. */
export type Gain = 1 | 4 | 16;

export type Look =
  | { readonly kind: 'one'; readonly side: Side }
  /** A before the line, B behind it. `at` is 0..1 across the view, or down. */
  | { readonly kind: 'split'; readonly at: number; readonly direction: 'across' | 'down' }
  /** How far B is from A, black where they are equal. */
  | { readonly kind: 'difference'; readonly gain: Gain };
