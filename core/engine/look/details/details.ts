/** What a photo's metadata tells people, put together from EXIF, XMP and IPTC. */
import { noDetails, type PhotoDetails } from '../../../photo/photo-details.ts';
import { attempt } from '../../metadata/malformed.ts';
import type { PhotoMetadata } from '../../metadata/photo-metadata.ts';
import { cleanKeywords, cleanText, within } from './clean.ts';
import { exifDetails, type SomeDetails } from './exif-details.ts';
import { iptcDetails } from './iptc-details.ts';
import { xmpDetails } from './xmp-details.ts';

/**
 * The details of a photo. What the camera measured is taken from EXIF first, what people wrote from XMP first, because programs that edit
 * metadata keep that true; a moment of capture counts more than one that may be later. Blocks that cannot be read say nothing.
 */
export function detailsOf(meta: PhotoMetadata): PhotoDetails {
  const { exif, xmp, iptc } = meta;
  const camera = (exif === null ? null : attempt([], 'EXIF', () => exifDetails(exif))) ?? {};
  const people = (xmp === null ? null : attempt([], 'XMP', () => xmpDetails(xmp))) ?? {};
  const press = (iptc === null ? null : attempt([], 'IPTC', () => iptcDetails(iptc))) ?? {};
  const measured = [camera, people, press];
  const written = [people, press, camera];
  const position = measured.find(({ latitude }) => typeof latitude === 'number');
  return {
    ...noDetails,
    ...takenOf(measured),
    camera: first(measured, 'camera'),
    lens: first(measured, 'lens'),
    exposureSeconds: first(measured, 'exposureSeconds'),
    fNumber: first(measured, 'fNumber'),
    iso: first(measured, 'iso'),
    focalLengthMm: first(measured, 'focalLengthMm'),
    latitude: position?.latitude ?? null,
    longitude: position?.longitude ?? null,
    altitudeMeters: position?.altitudeMeters ?? null,
    density: densityOf(meta),
    rating: first(written, 'rating'),
    title: first(written, 'title') ?? noteOf(meta, 'Title'),
    description: first(written, 'description') ?? noteOf(meta, 'Description'),
    keywords: cleanKeywords(written.flatMap(({ keywords }) => keywords ?? [])),
  };
}

/** What the first source says that says anything. */
function first<Name extends Exclude<keyof SomeDetails, 'taken' | 'keywords'>>(
  sources: readonly SomeDetails[],
  name: Name,
): NonNullable<SomeDetails[Name]> | null {
  for (const source of sources) {
    const value = source[name] ?? null;
    if (value !== null) return value;
  }
  return null;
}

function takenOf(sources: readonly SomeDetails[]): Pick<PhotoDetails, 'takenAt' | 'takenZone'> {
  const moments = sources.flatMap(({ taken }) => taken ?? []);
  const best = (moments.find(({ isCapture }) => isCapture) ?? moments[0])?.moment;
  if (best === undefined) return { takenAt: null, takenZone: null };
  // XMP often repeats the moment of EXIF and adds the zone.
  const zoned = moments.find(({ moment }) => moment.takenZone !== null && sameSecond(moment.takenAt, best.takenAt))?.moment;
  return { takenAt: best.takenAt, takenZone: best.takenZone ?? zoned?.takenZone ?? null };
}

function sameSecond(a: string | null, b: string | null): boolean {
  const length = '2024-05-31T18:04:09'.length;
  return a?.slice(0, length) === b?.slice(0, length);
}

function densityOf({ density }: PhotoMetadata): PhotoDetails['density'] {
  const x = within(density?.x, 1e-3, 1e6);
  const y = within(density?.y, 1e-3, 1e6);
  return x === null || y === null ? null : { x, y };
}

/** A PNG's text of this keyword. */
function noteOf({ notes }: PhotoMetadata, wanted: string): string | null {
  return cleanText(notes.find(({ keyword }) => keyword === wanted)?.text);
}
