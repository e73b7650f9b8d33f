/** Which pictures of a long strip are in the page: those that are seen, and some around them. Pure. */

export interface StripWindow {
  /** Number of the first one, from 0 on. */
  readonly from: number;
  /** Behind the last one. */
  readonly to: number;
}

/** `scrolled`, `seen` and `pitch`, from one picture's edge to the next one's, in CSS pixels. */
export function stripWindow(count: number, scrolled: number, seen: number, pitch: number): StripWindow {
  const around = 4;
  const from = Math.max(0, Math.min(count, Math.floor(scrolled / pitch) - around));
  const to = Math.min(count, Math.ceil((scrolled + seen) / pitch) + around);
  return { from, to: Math.max(from, to) };
}

/** Where to scroll so that a picture is in the middle, as far as there is something to scroll. */
export function scrollToMiddle(index: number, count: number, seen: number, pitch: number): number {
  return Math.max(0, Math.min(count * pitch - seen, (index + 0.5) * pitch - seen / 2));
}
