/**
 * Progress of the queue as a pure account, weighed in pixels like a photo's (see progress.ts). Callers pass the clock in.
 */

/** State of many jobs together, for people. */
export interface JobsProgress {
  readonly jobs: number;
  readonly settled: number;
  readonly failed: number;
  /** 0..1. Never falls while anything is left to do; 1 only when everything is settled. */
  readonly fraction: number;
  /** Network output, over the time that was worked; null until something was measured. */
  readonly megapixelsPerSecond: number | null;
  /** Of work, at the speed so far: time in which nothing runs comes on top. Null until something was measured. */
  readonly remainingMs: number | null;
}

export type Settlement = 'done' | 'failed' | 'cancelled';

/**
 * An account over jobs that come and go. One that is added later never lowers what was shown; when everything was settled, the next job begins a
 * new account. Groups (albums) are counted beside the whole, each in the same way.
 */
export interface JobAccount {
  /** A job of `pixels` (≥ 1) is to be done, or to be done once more. One that is under way is left as it is. */
  add(id: number, pixels: number, group: string | null, nowMs: number): void;
  /** It has come to `fraction` 0..1; a smaller value than before is ignored, because a second attempt begins again from nothing. */
  update(id: number, fraction: number): void;
  settle(id: number, how: Settlement): void;
  /** How far it came: 1 only when it is done, 0 when nothing is known of it. */
  fractionOf(id: number): number;
  /** From here on time counts as worked, until `rest`. */
  work(nowMs: number): void;
  rest(nowMs: number): void;
  whole(nowMs: number): JobsProgress;
  /** Those that have jobs in this account, by name in the order of their first job. */
  groups(nowMs: number): ReadonlyMap<string, JobsProgress>;
}

/** Not 1 while a finished picture still has to reach its name on the disk. */
const nearlyAll = 0.999;

interface Entry {
  readonly pixels: number;
  readonly group: string | null;
  fraction: number;
  readonly settled: Settlement | null;
}

/** Sums over the jobs of one group, or of all. */
interface Tally {
  jobs: number;
  settled: number;
  failed: number;
  pixels: number;
  /** What is behind us: worked, or settled without work. */
  passedPixels: number;
  /** The largest fraction that was shown. */
  shown: number;
}

export function trackJobs(): JobAccount {
  const entries = new Map<number, Entry>();
  const tallies = new Map<string, Tally>();
  let all = newTally();
  let workedPixels = 0;
  let workedMs = 0;
  let workingSinceMs: number | null = null;

  const talliesOf = (entry: Entry): readonly Tally[] => {
    const group = entry.group === null ? undefined : tallies.get(entry.group);
    return group === undefined ? [all] : [all, group];
  };
  const beginAnew = (nowMs: number): void => {
    entries.clear();
    tallies.clear();
    all = newTally();
    workedPixels = 0;
    workedMs = 0;
    if (workingSinceMs !== null) workingSinceMs = nowMs;
  };
  /** A group that is through begins anew with its next job, though others still have work. */
  const openGroup = (group: string): void => {
    const tally = tallies.get(group);
    if (tally !== undefined && tally.settled < tally.jobs) return;
    tallies.set(group, newTally());
    for (const [id, entry] of entries) if (entry.group === group) entries.set(id, { ...entry, group: null });
  };
  const take = (id: number, entry: Entry, sign: 1 | -1): void => {
    for (const tally of talliesOf(entry)) {
      tally.jobs += sign;
      tally.pixels += sign * entry.pixels;
      tally.passedPixels += sign * entry.pixels * (entry.settled === null ? entry.fraction : 1);
      if (entry.settled !== null) tally.settled += sign;
      if (entry.settled === 'failed') tally.failed += sign;
    }
    if (sign === 1) entries.set(id, entry);
    else entries.delete(id);
  };
  const elapsedMs = (nowMs: number): number => workedMs + (workingSinceMs === null ? 0 : nowMs - workingSinceMs);
  const progressOf = (tally: Tally, nowMs: number): JobsProgress => {
    const through = tally.settled === tally.jobs;
    const pixelsPerMs = workedPixels > 0 && elapsedMs(nowMs) > 0 ? workedPixels / elapsedMs(nowMs) : null;
    if (tally.jobs > 0) tally.shown = through ? 1 : Math.max(tally.shown, Math.min(nearlyAll, tally.passedPixels / tally.pixels));
    return {
      jobs: tally.jobs,
      settled: tally.settled,
      failed: tally.failed,
      fraction: tally.jobs === 0 ? 1 : tally.shown,
      megapixelsPerSecond: pixelsPerMs === null ? null : pixelsPerMs / 1000,
      remainingMs: through ? 0 : pixelsPerMs === null ? null : Math.max(0, tally.pixels - tally.passedPixels) / pixelsPerMs,
    };
  };

  return {
    add(id, pixels, group, nowMs) {
      if (all.settled === all.jobs) beginAnew(nowMs);
      const known = entries.get(id);
      if (known?.settled === null) return;
      if (known !== undefined) take(id, known, -1);
      if (group !== null) openGroup(group);
      take(id, { pixels, group, fraction: 0, settled: null }, 1);
    },
    update(id, fraction) {
      const entry = entries.get(id);
      if (entry?.settled !== null || !(fraction > entry.fraction)) return;
      const worked = (clamp(fraction) - entry.fraction) * entry.pixels;
      entry.fraction = clamp(fraction);
      workedPixels += worked;
      for (const tally of talliesOf(entry)) tally.passedPixels += worked;
    },
    settle(id, how) {
      const entry = entries.get(id);
      if (entry?.settled !== null) return;
      take(id, entry, -1);
      take(id, { ...entry, settled: how }, 1);
    },
    fractionOf(id) {
      const entry = entries.get(id);
      return entry?.settled === 'done' ? 1 : Math.min(nearlyAll, entry?.fraction ?? 0);
    },
    work(nowMs) {
      workingSinceMs ??= nowMs;
    },
    rest(nowMs) {
      workedMs = elapsedMs(nowMs);
      workingSinceMs = null;
    },
    whole: (nowMs) => progressOf(all, nowMs),
    groups: (nowMs) => new Map([...tallies].map(([group, tally]) => [group, progressOf(tally, nowMs)])),
  };
}

function newTally(): Tally {
  return { jobs: 0, settled: 0, failed: 0, pixels: 0, passedPixels: 0, shown: 0 };
}

function clamp(fraction: number): number {
  return Math.min(1, Math.max(0, fraction));
}
