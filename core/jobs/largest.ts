/** What several of many need at once, whichever they are. */

/** The sum of the `count` largest values; 0 of none. */
export function sumOfLargest(values: readonly number[], count: number): number {
  return values
    .toSorted((a, b) => b - a)
    .slice(0, count)
    .reduce((sum, value) => sum + value, 0);
}
