/** Figures and the Markdown that shows them. */

export interface Row {
  readonly figure: string;
  readonly measured: string;
  /** What issue or README promise, or an empty string. */
  readonly target: string;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
  /** Sentences under the table: what was measured how. */
  readonly notes: readonly string[];
}

export function markdown(section: Section): string {
  const lines = ['| Figure | Measured | Target |', '| --- | ---: | ---: |'];
  for (const { figure, measured, target } of section.rows) lines.push(`| ${figure} | ${measured} | ${target} |`);
  return [`### ${section.title}`, '', ...lines, '', ...section.notes.flatMap((note) => [note, ''])].join('\n');
}

/** Middle value; the mean of the middle two of an even number. Throws RangeError of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError('no values');
  return (lower + upper) / 2;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** Lowest and highest, so that a reader sees how far the runs lay apart. */
export function span(values: readonly number[], show: (value: number) => string): string {
  return `${show(Math.min(...values))} – ${show(Math.max(...values))}`;
}
