/** Tables as Markdown. */

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Sentences under the table: what was measured how. */
  readonly notes: readonly string[];
}

/** First column left, the others right. Throws RangeError when a row is not as long as the head. */
export function markdownTable({ title, head, rows, notes }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  for (const row of rows)
    if (row.length !== head.length) throw new RangeError(`A row of "${title}" has ${row.length} cells, its head ${head.length}`);
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [`### ${title}`, '', line(head), line(rule), ...rows.map(line), '', ...notes.flatMap((note) => [note, ''])].join('\n');
}

/** Decibels with two digits; "–" for nothing measured, "∞" for equal pictures. */
export function db(value: number | null, digits = 2): string {
  if (value === null) return '–';
  return Number.isFinite(value) ? value.toFixed(digits) : '∞';
}

/** With its sign. */
export function signed(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return '–';
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}

/** Whether a bar is reached, as a word that is found by searching. */
export function verdict(pass: boolean): string {
  return pass ? 'pass' : '**FAIL**';
}
