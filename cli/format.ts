/** Figures as people read them: sizes, durations, rates, counts. Pure. */

/** Bytes in decimal units, as file managers and disk makers count: `812 B`, `34 kB`, `5.1 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = Math.max(0, bytes);
  let unit = 0;
  while (unit < units.length - 1 && Number(significant(value, unit)) >= 1000) {
    value /= 1000;
    unit += 1;
  }
  return `${significant(value, unit)} ${units[unit] ?? ''}`;
}

function significant(value: number, unit: number): string {
  return unit === 0 || value >= 99.95 ? String(Math.round(value)) : trimZero(value.toFixed(1));
}

function trimZero(text: string): string {
  return text.endsWith('.0') ? text.slice(0, -2) : text;
}

/** Milliseconds as `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 9.95) return `${trimZero(seconds.toFixed(1))} s`;
  if (Math.round(seconds) < 60) return `${String(Math.round(seconds))} s`;
  if (Math.round(seconds) < 3600) return twoUnits(Math.round(seconds), 60, 'min', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'min');
  return twoUnits(Math.round(minutes / 60), 24, 'd', 'h');
}

/** A measured time where milliseconds matter: `3.4 ms`, `34 ms`, `3412 ms`. */
export function formatMilliseconds(ms: number): string {
  return `${ms < 9.95 ? trimZero(ms.toFixed(1)) : String(Math.round(ms))} ms`;
}

function twoUnits(small: number, each: number, bigName: string, smallName: string): string {
  const rest = small % each;
  const big = `${String(Math.floor(small / each))} ${bigName}`;
  return rest === 0 ? big : `${big} ${String(rest)} ${smallName}`;
}

/**
 * An estimate, coarse on purpose so that it does not flicker: seconds in steps of 5, then minutes with one
 * more unit only where it matters.
 */
export function formatEstimate(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 5) return 'a few seconds';
  if (seconds < 57.5) return `${String(Math.ceil(seconds / 5) * 5)} s`;
  if (seconds < 5 * 60) return formatDuration(Math.ceil(seconds / 10) * 10_000);
  return formatDuration(Math.ceil(seconds / 60) * 60_000);
}

/** Megapixels with as many digits as mean something: `0.79 MP`, `3.1 MP`, `48 MP`. */
export function formatMegapixels(megapixels: number): string {
  if (megapixels >= 99.5) return `${String(Math.round(megapixels))} MP`;
  return `${megapixels.toFixed(megapixels >= 9.95 ? 0 : megapixels >= 0.995 ? 1 : 2)} MP`;
}

/** Output megapixels a second. */
export function formatRate(megapixelsPerSecond: number): string {
  return `${formatMegapixels(megapixelsPerSecond)}/s`;
}

/** `1 photo`, `2 photos`. */
export function formatCount(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Whole percent of a fraction 0..1. Rounded down: 100 % means done. */
export function formatPercent(fraction: number): string {
  return `${String(Math.floor(Math.min(1, Math.max(0, fraction)) * 100 + 1e-9))} %`;
}
