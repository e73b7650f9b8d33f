/** Numbers, sizes, times and dates as the user's language writes them, in the user's own part of the world. */
import { locale, t } from './index.svelte.ts';

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale() + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.NumberFormat(locale(), options);
  formats.set(key, known);
  return known;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Made once: a grid writes hundreds of dates in a moment. Days and local times have no zone, so they are written as if they were of UTC. */
function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale() + JSON.stringify(options);
  const known = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' });
  dateFormats.set(key, known);
  return known;
}

export function formatNumber(value: number, digits = 0): string {
  return numberFormat({ maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
}

/** `fraction` 0..1. */
export function formatPercent(fraction: number): string {
  return numberFormat({ style: 'percent', maximumFractionDigits: 0 }).format(fraction);
}

/** Decimal units, as disks are sold: 310 MB, 48 GB. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  // What would be written as 1,000 of a unit is one of the next.
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes * 1.0005)) / 3)));
  const value = bytes / 1000 ** power;
  const digits = power === 0 || value >= 9.95 ? 0 : 1;
  const options = { style: 'unit', unit: units[power] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: digits } as const;
  return numberFormat(options).format(value);
}

/** Pixels of a picture: `4032 × 3024`. */
export function formatSize({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${width} × ${height}`;
}

export function formatMegapixels(pixels: number): string {
  return t('common.megapixels', { value: formatNumber(pixels / 1e6, pixels < 10e6 ? 1 : 0) });
}

/** `12 MP/s`, `0.4 MP/s`; what is very slow is no zero: `0.04 MP/s`. */
export function formatRate(megapixelsPerSecond: number): string {
  const digits = megapixelsPerSecond < 0.1 ? 2 : megapixelsPerSecond < 10 ? 1 : 0;
  return t('common.megapixelsPerSecond', { value: formatNumber(megapixelsPerSecond, digits) });
}

/** `57 sec`, `4 min`, `2 hr 10 min`, in the words of the language. At least a second. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  const unit = (value: number, name: 'second' | 'minute' | 'hour'): string =>
    numberFormat({ style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: 0 }).format(value);
  if (seconds < 90) return unit(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return unit(minutes, 'minute');
  const rest = minutes % 60;
  return rest === 0 ? unit(minutes / 60, 'hour') : `${unit(Math.floor(minutes / 60), 'hour')} ${unit(rest, 'minute')}`;
}

/** A day such as `2019-07-14`, without any time zone: `July 14, 2019`, or short `7/14/19`. */
export function formatDay(day: string, length: 'long' | 'short' = 'long'): string {
  const options =
    length === 'long' ? ({ day: 'numeric', month: 'long', year: 'numeric' } as const) : ({ dateStyle: 'short' } as const);
  return dateFormat(options).format(new Date(`${day}T00:00:00Z`));
}

/** The month of a day such as `2019-07-14`: `July 2019`, or short `Jul 2019`. */
export function formatMonth(day: string, month: 'long' | 'short' = 'long'): string {
  return dateFormat({ month, year: 'numeric' }).format(new Date(`${day}T00:00:00Z`));
}

/** Local time as the camera wrote it, `2024-05-31T18:04:09`: shown as it is, never converted. */
export function formatTaken(takenAt: string): string {
  const date = new Date(`${takenAt.slice(0, 19)}Z`);
  if (Number.isNaN(date.getTime())) return takenAt;
  return dateFormat({ dateStyle: 'long', timeStyle: 'short' }).format(date);
}

export function formatList(parts: readonly string[]): string {
  return new Intl.ListFormat(locale(), { type: 'conjunction' }).format(parts);
}

/** A moment, such as when something was made, in the user's own time. */
export function formatMoment(epochMs: number): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(epochMs));
}
