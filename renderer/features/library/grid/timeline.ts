/** The years or months beside a list of photos: what to write where. Pure. */
import { sectionAt } from './find-in-layout.ts';
import type { GridLayout } from './justify.ts';

export interface TimeMark {
  /** First day of the list in that year or month. */
  readonly day: string;
  /** 0..1 of the list's height. */
  readonly fraction: number;
}

export interface Timeline {
  readonly unit: 'year' | 'month';
  readonly marks: readonly TimeMark[];
}

/** A mark for each year, or for each month of photos of one year; none nearer to the one before than `nearest`, a fraction of the height. */
export function timeline(layout: GridLayout, nearest: number): Timeline {
  const days = layout.sections.flatMap(({ day }) => day ?? []);
  const unit = new Set(days.map((day) => day.slice(0, 4))).size > 1 ? 'year' : 'month';
  const length = unit === 'year' ? 4 : 7;
  const marks: TimeMark[] = [];
  let before: string | null = null;
  for (const { day, top } of layout.sections) {
    if (day === null || day.slice(0, length) === before) continue;
    before = day.slice(0, length);
    const fraction = top / layout.height;
    if (fraction - (marks.at(-1)?.fraction ?? -1) >= nearest) marks.push({ day, fraction });
  }
  return { unit, marks };
}

/** The day at a height of the list; null where none is known. */
export function dayAt(layout: GridLayout, y: number): string | null {
  return layout.sections[sectionAt(layout, y)]?.day ?? null;
}
