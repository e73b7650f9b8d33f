/** What a full cache gives up first. Pure. */

export interface CacheEntry {
  readonly key: string;
  readonly bytes: number;
  readonly lastUseMs: number;
}

/** What may not be removed, and what only after everything else. */
export interface Spared {
  /** Accepted and not exported: the user counts on it. */
  readonly pinned: ReadonlySet<string>;
  /** Waits for a verdict: the user has not seen it yet. */
  readonly unreviewed: ReadonlySet<string>;
}

/** What may go, in the order in which it goes: the longest unused first, and what waits for a verdict after all others. */
export function inOrderOfLoss(entries: readonly CacheEntry[], { pinned, unreviewed }: Spared): CacheEntry[] {
  return entries
    .filter(({ key }) => !pinned.has(key))
    .toSorted(
      (a, b) =>
        Number(unreviewed.has(a.key)) - Number(unreviewed.has(b.key)) || a.lastUseMs - b.lastUseMs || (a.key < b.key ? -1 : 1),
    );
}
