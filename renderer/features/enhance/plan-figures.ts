/** A plan in the few figures that a person wants to see. */
import type { BatchPlan } from '../../../core/api/contract.ts';
import type { Failure, FailureCode } from '../../../core/photo/failure.ts';
import type { PlanNote } from '../../../core/photo/plan-note.ts';
import type { Original } from './networks.ts';

/** From the smallest to the largest, by pixels; the same twice where there is one size only. */
export interface SizeRange {
  readonly least: Original;
  readonly most: Original;
}

export interface Refusal {
  readonly failure: Failure;
  readonly ids: readonly number[];
}

export interface PlanFigures {
  /** Of the originals and of what is made of them; null where nothing can be made. */
  readonly from: SizeRange | null;
  readonly to: SizeRange | null;
  /** Photos that will be made. */
  readonly toMake: number;
  /** Photos whose pixels are there already. */
  readonly cached: number;
  /** Photos that nobody read yet; they come along. */
  readonly unread: number;
  /** Photos that cannot be made, by what is told of them; the most frequent first. */
  readonly refusals: readonly Refusal[];
  /** What the plan says besides, and of how many photos. */
  readonly notes: readonly { readonly code: PlanNote['code']; readonly count: number }[];
}

export function planFigures({ photos, refused, unread }: BatchPlan): PlanFigures {
  const cached = photos.filter((photo) => photo.cached).length;
  const notes = Map.groupBy(
    photos.flatMap((photo) => photo.notes),
    ({ code }) => code,
  );
  return {
    from: rangeOf(photos.map(({ original }) => original)),
    to: rangeOf(photos),
    toMake: photos.length - cached,
    cached,
    unread: unread.length,
    refusals: refusals(refused),
    notes: [...notes].map(([code, of]) => ({ code, count: of.length })),
  };
}

/** The different sizes of the originals. */
export function originalSizes({ photos }: BatchPlan): Original[] {
  return [...new Map(photos.map(({ original }) => [`${original.width} ${original.height}`, original])).values()];
}

export function isOneSize({ least, most }: SizeRange): boolean {
  return least.width === most.width && least.height === most.height;
}

function rangeOf(sizes: readonly Original[]): SizeRange | null {
  const pixels = ({ width, height }: Original): number => width * height;
  const [first] = sizes;
  if (first === undefined) return null;
  let range: SizeRange = { least: first, most: first };
  for (const size of sizes) {
    if (pixels(size) < pixels(range.least)) range = { ...range, least: size };
    if (pixels(size) > pixels(range.most)) range = { ...range, most: size };
  }
  return range;
}

/** Sentences name sizes, so there may be many of one code: the first one speaks for them. */
function refusals(refused: BatchPlan['refused']): Refusal[] {
  const byCode = new Map<FailureCode, { failure: Failure; ids: number[] }>();
  for (const { id, failure } of refused) {
    const known = byCode.get(failure.code);
    if (known === undefined) byCode.set(failure.code, { failure, ids: [id] });
    else known.ids.push(id);
  }
  return [...byCode.values()].sort((a, b) => b.ids.length - a.ids.length);
}
