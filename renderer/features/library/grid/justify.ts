/**
 * Where every photo of a list lies: rows that fill the width, one section a day; days of few photos stand side by side. Pure, and in typed arrays,
 * because a list may hold 100,000 photos and is laid out anew whenever the window changes.
 */
import { RowWriter, shownRatio, type RowPart } from './row-writer.ts';

export interface GridShape {
  /** Pixels that a row fills. */
  readonly width: number;
  /** Wanted height of a row in pixels; rows come out near it. */
  readonly rowHeight: number;
  /** Between photos, in both directions, in pixels. */
  readonly gap: number;
  /** Of what stands above the photos of a day, in pixels; 0: days have no heading. */
  readonly headHeight: number;
  /** What a heading needs at least, in pixels. */
  readonly headWidth: number;
}

/** Photos of one day, in a row in the list. */
export interface GridSection {
  /** `2019-07-14`; null where none is known. */
  readonly day: string | null;
  /** Of its first photo in the list. */
  readonly first: number;
  readonly count: number;
  readonly firstRow: number;
  /** Pixels from the top of the list; its heading is there. */
  readonly top: number;
  readonly height: number;
  readonly left: number;
  readonly width: number;
}

/** All lengths are whole pixels. Photo `i` of the list is `widths[i]` wide and begins at `lefts[i]` in its row. */
export interface GridLayout {
  readonly count: number;
  readonly rows: number;
  readonly height: number;
  /** Row `r` holds the photos `rowStarts[r]` to `rowStarts[r + 1] - 1`; there is one more entry than there are rows. */
  readonly rowStarts: Int32Array;
  readonly rowTops: Float64Array;
  readonly rowHeights: Uint16Array;
  readonly lefts: Uint16Array;
  readonly widths: Uint16Array;
  readonly sections: readonly GridSection[];
}

/** What a grid knows of a list before anything of it is loaded; see `outlineSchema`. */
export interface GridOutline {
  /** Width over height in thousandths; 0: not looked at yet. */
  readonly ratios: readonly number[];
  readonly days: readonly { readonly day: string | null; readonly count: number }[];
}

/** Between two days, beside the gap: below each other, and side by side. */
const sectionGap = 16;
const sideGap = 18;
/** A last row that is this full is stretched like the others: a ragged edge of a few pixels looks like a mistake. */
const nearlyFull = 0.88;
/** No row may be so many times as high as is wanted, also where that makes it much lower. */
const highest = 2;
/** Days side by side may make their photos so much lower than is wanted. */
const lowest = 0.88;

/** A day that waits for others beside it. */
interface Waiting extends RowPart {
  readonly day: string | null;
}

/** Lays a list out. About 2 ms for 100,000 photos. */
export function justify({ ratios, days }: GridOutline, shape: GridShape): GridLayout {
  const { rowHeight, gap, headHeight, headWidth } = shape;
  const width = Math.max(1, Math.floor(shape.width));
  const writer = new RowWriter(ratios, gap);
  const sections: GridSection[] = [];
  let band: Waiting[] = [];

  const startSection = (): number => {
    if (sections.length > 0) writer.top += sectionGap;
    const { top } = writer;
    writer.top += headHeight;
    return top;
  };

  /** Photos, and what lies between them whatever their size, of days side by side. */
  const measure = (parts: readonly RowPart[]): { sum: number; fixed: number } => {
    let [sum, fixed] = [0, -sideGap];
    for (const part of parts) {
      sum += part.sum;
      fixed += gap * (part.end - part.first - 1) + part.padding + sideGap;
    }
    return { sum, fixed };
  };

  const closeBand = (): void => {
    if (band.length === 0) return;
    const { sum, fixed } = measure(band);
    const isFull = sum * rowHeight + fixed >= nearlyFull * width && band.every(({ padding }) => padding === 0);
    const top = startSection();
    const firstRow = writer.rows;
    const fitting = (width - fixed) / sum;
    writer.write(band, isFull ? fitting : Math.min(rowHeight, fitting), sideGap);
    const height = writer.bottom - top;
    band.forEach(({ day, first, end }, place) => {
      const left = writer.lefts[first] ?? 0;
      const next = band[place + 1];
      const right = next === undefined ? width : (writer.lefts[next.first] ?? 0) - sideGap;
      sections.push({ day, first, count: end - first, firstRow, top, height, left, width: right - left });
    });
    band = [];
  };

  const fillRows = (day: string | null, first: number, end: number): void => {
    const top = startSection();
    const firstRow = writer.rows;
    let from = first;
    let sum = 0;
    for (let i = first; i < end; i++) {
      const ratio = shownRatio(ratios[i] ?? 0);
      const before = sum;
      sum += ratio;
      if (sum * rowHeight < width - gap * (i - from)) continue;
      // The row is full with this photo. It goes to the next one if that brings this one nearer to the wanted height.
      const heightWith = (width - gap * (i - from)) / sum;
      const heightWithout = (width - gap * (i - from - 1)) / before;
      if (i > from && heightWithout < highest * rowHeight && heightWithout / rowHeight < rowHeight / heightWith) {
        writer.writeOne(from, i, heightWithout);
        from = i;
        sum = ratio;
        if (sum * rowHeight < width) continue;
      }
      writer.writeOne(from, i + 1, (width - gap * (i - from)) / sum);
      from = i + 1;
      sum = 0;
    }
    if (from < end) {
      const room = width - gap * (end - from - 1);
      const isFull = sum * rowHeight >= nearlyFull * room;
      writer.writeOne(from, end, isFull ? room / sum : rowHeight);
    }
    sections.push({ day, first, count: end - first, firstRow, top, height: writer.bottom - top, left: 0, width });
  };

  let first = 0;
  for (const { day, count } of days) {
    const end = Math.min(ratios.length, first + count);
    if (end === first) continue;
    const sum = writer.sumUpTo(first, end, width / rowHeight);
    const photosWidth = sum * rowHeight + gap * (end - first - 1);
    if (photosWidth >= nearlyFull * width) {
      closeBand();
      fillRows(day, first, end);
    } else {
      const part = { day, first, end, sum, padding: Math.max(0, Math.ceil(headWidth - photosWidth)) };
      const together = measure([...band, part]);
      if ((width - together.fixed) / together.sum < lowest * rowHeight) closeBand();
      band.push(part);
    }
    first = end;
  }
  closeBand();
  return { ...writer.finish(first), sections };
}
