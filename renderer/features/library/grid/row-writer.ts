/** Rows of photos, one after the other, into typed arrays. */

/** Photos `first` to `end - 1` of a list, beside each other in one row. */
export interface RowPart {
  readonly first: number;
  readonly end: number;
  /** Of their ratios. */
  readonly sum: number;
  /** Pixels that are kept free behind them. */
  readonly padding: number;
}

/** Most photos that were not looked at yet will turn out to have it. */
const usualRatio = 3 / 2;
/** A panorama would be a thread, and a scroll a needle: they are cut at the edges in the grid. */
const leastRatio = 2 / 5;
const mostRatio = 7 / 2;

/** Width over height of a photo as the grid shows it, from thousandths; 0: not looked at yet. */
export function shownRatio(thousandths: number): number {
  if (thousandths === 0) return usualRatio;
  return Math.min(mostRatio, Math.max(leastRatio, thousandths / 1000));
}

export class RowWriter {
  readonly lefts: Uint16Array;
  rows = 0;
  /** Where the next row begins, in pixels. */
  top = 0;
  readonly #ratios: readonly number[];
  readonly #gap: number;
  readonly #rowStarts: Int32Array;
  readonly #rowTops: Float64Array;
  readonly #rowHeights: Uint16Array;
  readonly #widths: Uint16Array;

  /** `gap`: pixels between photos, in both directions. */
  constructor(ratios: readonly number[], gap: number) {
    this.#ratios = ratios;
    this.#gap = gap;
    this.lefts = new Uint16Array(ratios.length);
    this.#widths = new Uint16Array(ratios.length);
    this.#rowStarts = new Int32Array(ratios.length + 1);
    this.#rowTops = new Float64Array(ratios.length);
    this.#rowHeights = new Uint16Array(ratios.length);
  }

  /** Lower edge of the last row. */
  get bottom(): number {
    return this.top - this.#gap;
  }

  /** Ratios together of photos `first` to `end - 1`; more than `enough` is as good as anything. */
  sumUpTo(first: number, end: number, enough: number): number {
    let sum = 0;
    for (let i = first; i < end && sum <= enough; i++) sum += shownRatio(this.#ratios[i] ?? 0);
    return sum;
  }

  writeOne(first: number, end: number, height: number): void {
    this.write([{ first, end, sum: 0, padding: 0 }], height, 0);
  }

  /** A row of this height, which need not be whole; `between`: pixels between its parts. */
  write(parts: readonly RowPart[], height: number, between: number): void {
    let along = 0;
    let offset = 0;
    for (const { first, end, padding } of parts) {
      for (let i = first; i < end; i++) {
        // Edges are rounded, not widths: what is rounded off one photo goes to its neighbour, and the row ends where it should.
        const left = Math.round(along * height) + offset;
        along += shownRatio(this.#ratios[i] ?? 0);
        this.lefts[i] = left;
        this.#widths[i] = Math.max(1, Math.round(along * height) + offset - left);
        offset += this.#gap;
      }
      offset += padding + between - this.#gap;
    }
    const rounded = Math.max(1, Math.round(height));
    this.#rowStarts[this.rows] = parts[0]?.first ?? 0;
    this.#rowTops[this.rows] = this.top;
    this.#rowHeights[this.rows] = rounded;
    this.top += rounded + this.#gap;
    this.rows += 1;
  }

  /** `count`: photos that were written. */
  finish(count: number): {
    count: number;
    rows: number;
    height: number;
    rowStarts: Int32Array;
    rowTops: Float64Array;
    rowHeights: Uint16Array;
    lefts: Uint16Array;
    widths: Uint16Array;
  } {
    const { rows } = this;
    this.#rowStarts[rows] = count;
    return {
      ...{ count, rows, height: rows === 0 ? 0 : this.bottom },
      rowStarts: this.#rowStarts.subarray(0, rows + 1),
      rowTops: this.#rowTops.subarray(0, rows),
      rowHeights: this.#rowHeights.subarray(0, rows),
      ...{ lefts: this.lefts, widths: this.#widths },
    };
  }
}
