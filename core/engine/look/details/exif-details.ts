/** What EXIF tells people: Exif 2.32, and the tags that Windows adds. */
import type { PhotoDetails } from '../../../photo/photo-details.ts';
import { cameraName, cleanKeywords, cleanText, momentOf, within, type Moment } from './clean.ts';
import { ExifValues } from './exif-values.ts';

/** Absent: the block does not speak of it. */
export type SomeDetails = Partial<Omit<PhotoDetails, 'density' | 'takenAt' | 'takenZone' | 'keywords'>> & {
  readonly keywords?: readonly string[];
  readonly taken?: Taken | null;
};

export interface Taken {
  readonly moment: Moment;
  /** True for the moment of capture, false for one that may be later. */
  readonly isCapture: boolean;
}

export type Position = Pick<PhotoDetails, 'latitude' | 'longitude' | 'altitudeMeters'>;

const ifd0 = {
  description: 0x10e,
  make: 0x10f,
  model: 0x110,
  dateTime: 0x132,
  rating: 0x4746,
  ratingPercent: 0x4749,
  xpTitle: 0x9c9b,
  xpKeywords: 0x9c9e,
} as const;
const exif = {
  exposureTime: 0x829a,
  fNumber: 0x829d,
  iso: 0x8827,
  recommendedExposureIndex: 0x8832,
  original: 0x9003,
  digitized: 0x9004,
  offset: 0x9010,
  offsetOriginal: 0x9011,
  offsetDigitized: 0x9012,
  shutterSpeed: 0x9201,
  aperture: 0x9202,
  focalLength: 0x920a,
  fraction: 0x9290,
  fractionOriginal: 0x9291,
  fractionDigitized: 0x9292,
  lensModel: 0xa434,
} as const;
const gps = { latitudeRef: 1, latitude: 2, longitudeRef: 3, longitude: 4, altitudeRef: 5, altitude: 6 } as const;

/** Throws `MalformedMetadata` when the block is no EXIF at all; single senseless tags are left out. */
export function exifDetails(block: Uint8Array): SomeDetails {
  const values = new ExifValues(block);
  const iso = values.number('exif', exif.iso);
  return {
    taken: takenOf(values),
    camera: cameraName(cleanText(values.text('ifd0', ifd0.make)), cleanText(values.text('ifd0', ifd0.model))),
    lens: cleanText(values.text('exif', exif.lensModel)),
    exposureSeconds: within(values.number('exif', exif.exposureTime) ?? shutterSeconds(values), 1e-9, 1e6),
    fNumber: within(values.number('exif', exif.fNumber) ?? apertureNumber(values), 1e-3, 1e4),
    // 16 bits end at 65535, which then means "see the other tag".
    iso: within(iso === 0xffff ? (values.number('exif', exif.recommendedExposureIndex) ?? iso) : iso, 1, 1e9),
    focalLengthMm: within(values.number('exif', exif.focalLength), 1e-3, 1e6),
    ...position(values),
    rating: ratingOf(values),
    title: windowsText(values, ifd0.xpTitle),
    description: cleanText(values.text('ifd0', ifd0.description)),
    keywords: cleanKeywords(windowsText(values, ifd0.xpKeywords)?.split(';') ?? []),
  };
}

function takenOf(values: ExifValues): Taken | null {
  const moment = (kind: 'ifd0' | 'exif', tag: number, fraction: number, offset: number): Moment | null =>
    momentOf(values.text(kind, tag), values.text('exif', fraction), values.text('exif', offset));
  const original = moment('exif', exif.original, exif.fractionOriginal, exif.offsetOriginal);
  if (original !== null) return { moment: original, isCapture: true };
  const later =
    moment('exif', exif.digitized, exif.fractionDigitized, exif.offsetDigitized) ??
    moment('ifd0', ifd0.dateTime, exif.fraction, exif.offset);
  return later === null ? null : { moment: later, isCapture: false };
}

/** APEX values are binary logarithms. */
function shutterSeconds(values: ExifValues): number | null {
  const speed = values.number('exif', exif.shutterSpeed);
  return speed === null ? null : 2 ** -speed;
}

function apertureNumber(values: ExifValues): number | null {
  const aperture = values.number('exif', exif.aperture);
  return aperture === null ? null : 2 ** (aperture / 2);
}

function position(values: ExifValues): Position {
  const latitude = within(degrees(values, gps.latitude, gps.latitudeRef, 'S'), -90, 90);
  const longitude = within(degrees(values, gps.longitude, gps.longitudeRef, 'W'), -180, 180);
  // Half a position is none.
  if (latitude === null || longitude === null) return { latitude: null, longitude: null, altitudeMeters: null };
  const height = values.number('gps', gps.altitude);
  const isBelow = values.number('gps', gps.altitudeRef) === 1;
  return { latitude, longitude, altitudeMeters: within(height === null || !isBelow ? height : -height, -20_000, 1e8) };
}

/** Degrees, minutes and seconds as one number, negative on the side of `negative`. */
function degrees(values: ExifValues, tag: number, refTag: number, negative: 'S' | 'W'): number | null {
  // Whole degrees may stand alone; seconds over zero mean none.
  const parts = values.numbers('gps', tag, 3) ?? values.numbers('gps', tag, 2) ?? values.numbers('gps', tag, 1);
  if (parts === null) return null;
  const [whole = 0, minutes = 0, seconds = 0] = parts;
  const size = whole + minutes / 60 + seconds / 3600;
  return values.text('gps', refTag)?.toUpperCase().startsWith(negative) === true ? -size : size;
}

function ratingOf(values: ExifValues): number | null {
  const stars = values.number('ifd0', ifd0.rating);
  if (stars !== null) return Number.isInteger(stars) ? within(stars, 0, 5) : null;
  const percent = within(values.number('ifd0', ifd0.ratingPercent), 0, 100);
  return percent === null ? null : Math.round(percent / 25 + (percent > 0 ? 1 : 0));
}

/** Windows writes UTF-16, little-endian whatever the block is. */
function windowsText(values: ExifValues, tag: number): string | null {
  const bytes = values.bytes('ifd0', tag);
  return bytes === null ? null : cleanText(new TextDecoder('utf-16le').decode(bytes));
}
