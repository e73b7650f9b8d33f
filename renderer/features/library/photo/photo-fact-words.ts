/** What is known of a photo, as people read it. */
import type { PhotoFacts } from '../../../../core/photo/facts.ts';
import type { PhotoPage } from '../../../../core/photo/library-view.ts';
import type { PhotoDetails } from '../../../../core/photo/photo-details.ts';
import { formatBytes, formatList, formatMegapixels, formatNumber, formatSize, formatTaken } from '../../../messages/format.ts';
import { t, type MessageKey } from '../../../messages/index.svelte.ts';

export interface PhotoFact {
  readonly label: MessageKey;
  readonly text: string;
}

/** Those that are known, what people look for first at the top. */
export function photoFacts({ facts, details, fileBytes, path, width, height }: PhotoPage): PhotoFact[] {
  const rows: [label: MessageKey, text: string | null][] = [
    ['library.facts.taken', takenText(details)],
    ['library.facts.size', width === null || height === null ? null : formatSize({ width, height })],
    ['library.facts.megapixels', width === null || height === null ? null : formatMegapixels(width * height)],
    ['library.facts.camera', details?.camera ?? null],
    ['library.facts.lens', details?.lens ?? null],
    ['library.facts.exposure', details === null ? null : exposureText(details)],
    ['library.facts.position', details === null ? null : positionText(details)],
    ['library.facts.title', details?.title ?? null],
    ['library.facts.description', details?.description ?? null],
    ['library.facts.keywords', details === null || details.keywords.length === 0 ? null : formatList(details.keywords)],
    ['library.facts.format', facts === null ? null : formatText(facts)],
    ['library.facts.depth', facts === null ? null : depthText(facts)],
    ['library.facts.profile', facts?.profileName ?? null],
    ['library.facts.density', densityText(details)],
    ['library.facts.pages', facts === null || facts.pages === 1 ? null : formatNumber(facts.pages)],
    ['library.facts.bytes', formatBytes(fileBytes)],
    ['library.facts.path', path],
  ];
  return rows.flatMap(([label, text]) => (text === null || text === '' ? [] : [{ label, text }]));
}

/** `1/250 s, ƒ/4, ISO 200, 35 mm`, as far as it is known; null when nothing is. */
export function exposureText({ exposureSeconds, fNumber, iso, focalLengthMm }: PhotoDetails): string | null {
  const parts = [
    exposureSeconds === null ? null : t('library.facts.seconds', { value: shutterText(exposureSeconds) }),
    fNumber === null ? null : `ƒ/${formatNumber(fNumber, Number.isInteger(fNumber) ? 0 : 1)}`,
    iso === null ? null : `ISO ${iso}`,
    focalLengthMm === null
      ? null
      : t('library.facts.millimetres', {
          value: formatNumber(Math.round(focalLengthMm * 10) / 10, focalLengthMm % 1 === 0 ? 0 : 1),
        }),
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(', ');
}

/** As photographers write it: a fraction below a third of a second. */
function shutterText(seconds: number): string {
  return seconds > 0 && seconds < 0.3 ? `1/${Math.round(1 / seconds)}` : formatNumber(seconds, Number.isInteger(seconds) ? 0 : 1);
}

/** `48.8584° N, 2.2945° E`; null where nobody knows. Four digits are ten metres. */
export function positionText({ latitude, longitude }: Pick<PhotoDetails, 'latitude' | 'longitude'>): string | null {
  if (latitude === null || longitude === null) return null;
  const degrees = (value: number): string => formatNumber(Math.abs(value), 4);
  return [
    t(latitude < 0 ? 'library.facts.south' : 'library.facts.north', { degrees: degrees(latitude) }),
    t(longitude < 0 ? 'library.facts.west' : 'library.facts.east', { degrees: degrees(longitude) }),
  ].join(', ');
}

function takenText(details: PhotoDetails | null): string | null {
  const takenAt = details?.takenAt ?? null;
  return takenAt === null ? null : formatTaken(takenAt);
}

function densityText(details: PhotoDetails | null): string | null {
  const density = details?.density ?? null;
  return density === null ? null : t('library.facts.dpi', { value: formatNumber(density.x) });
}

function formatText({ format, progressive }: PhotoFacts): string {
  const name = format === 'webp' ? 'WebP' : format.toUpperCase();
  return progressive ? t('library.facts.progressive', { format: name }) : name;
}

function depthText({ bitDepth, colour, hasAlpha }: PhotoFacts): string {
  const depth = t('library.facts.bits', { count: bitDepth, colour: t(`library.colour.${colour}`) });
  return hasAlpha ? t('library.facts.withAlpha', { depth }) : depth;
}
