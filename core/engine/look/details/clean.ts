/** What stands in metadata is anybody's: texts become plain and bounded, numbers sensible, or they are left out. */
import type { PhotoDetails } from '../../../photo/photo-details.ts';

const longestText = 4000;
const longestKeyword = 400;
const mostKeywords = 500;

/** Control characters but tab and line feed: they would act on a terminal. */
const controls = new RegExp('[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]', 'g');

/** Without control characters and outer blanks, at most 4000 characters; null when nothing is left. */
export function cleanText(text: string | null | undefined, longest = longestText): string | null {
  if (text === null || text === undefined) return null;
  const clean = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').replace(controls, '').trim();
  return clean === '' ? null : clean.slice(0, longest).toWellFormed();
}

/** Each once, in order, none blank. */
export function cleanKeywords(words: readonly string[]): string[] {
  const clean = words.map((word) => cleanText(word, longestKeyword)).filter((word) => word !== null);
  return [...new Set(clean)].slice(0, mostKeywords);
}

/** The number when it lies within the limits; null otherwise. */
export function within(value: number | null | undefined, least: number, most: number): number | null {
  return typeof value === 'number' && value >= least && value <= most ? value : null;
}

/** Maker and model as one name: many models begin with a word of their maker's. */
export function cameraName(make: string | null, model: string | null): string | null {
  if (make === null || model === null) return model ?? make;
  const [start = ''] = words(model);
  return words(make).includes(start) ? model : `${make} ${model}`;
}

function words(text: string): string[] {
  return text.toLowerCase().split(/\s+/);
}

export interface Moment {
  readonly takenAt: PhotoDetails['takenAt'];
  readonly takenZone: PhotoDetails['takenZone'];
}

/** Date, time, fraction and zone, in the spellings of EXIF, XMP and IPTC. */
const momentPattern =
  /^\s*(\d{4})[:-]?(\d\d)[:-]?(\d\d)(?:[T\s]+(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?)?\s*\0*$/;

/** A moment from its text, with fraction and zone from elsewhere where the text has none; null for a date that is none, such as all zeros. */
export function momentOf(text: string | null, fraction: string | null = null, zone: string | null = null): Moment | null {
  const match = momentPattern.exec(text ?? '');
  if (match === null) return null;
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00', ownFraction, ownZone] = match;
  const plain = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const ms = Date.parse(`${plain}Z`);
  // A day that no month has would count as one of the next.
  if (year === '0000' || Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(plain)) return null;
  const digits = /^\s*(\d{1,9})/.exec(ownFraction ?? fraction ?? '')?.[1];
  const finer = digits === undefined ? '' : `.${digits.padEnd(3, '0').slice(0, 3)}`;
  return { takenAt: `${plain}${finer}`, takenZone: zoneOf(ownZone ?? zone) };
}

/** `+02:00`; null for what is no zone. */
function zoneOf(text: string | null): string | null {
  if (text === null) return null;
  if (/^\s*Z\s*$/.test(text)) return '+00:00';
  const match = /^\s*([+-])(\d\d):?(\d\d)\s*\0*$/.exec(text);
  const [, sign = '', hours = '', minutes = ''] = match ?? [];
  return match !== null && Number(hours) <= 14 && Number(minutes) < 60 ? `${sign}${hours}:${minutes}` : null;
}
