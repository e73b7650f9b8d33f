/** Figures of one part of a section. */
import type { Row } from '../../bench/table.ts';

export interface Figures {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

export function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}

/** The value that `share` of all do not exceed. Throws RangeError of none. */
export function quantile(values: readonly number[], share: number): number {
  const found = values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
  if (found === undefined) throw new RangeError('no values');
  return found;
}
