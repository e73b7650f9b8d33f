/** Makes an XMP packet true for the enlarged picture. */
import { attempt } from '../malformed.ts';
import type { Provenance } from '../photo-metadata.ts';
import { joinExtendedXmp } from './extended-xmp.ts';
import { ns, positionNamespaces, stalePictureNamespaces } from './namespaces.ts';
import { freshXmp, parseXmp, serializeXmp, type XmpDocument } from './packet.ts';
import { correctProperty, removeEmptyDescriptions, removeProperties } from './properties.ts';
import { writeProvenance } from './provenance.ts';

export interface XmpEdit {
  /** True size of the written, upright picture in pixels. */
  readonly width: number;
  readonly height: number;
  readonly stripPosition: boolean;
  readonly convertedToSrgb: boolean;
  readonly provenance: Provenance;
  /** Pixels an inch, said wherever the packet says any; null leaves that alone. */
  readonly densityDpi: number | null;
}

/**
 * The edited packet; a fresh one where the old is missing or unreadable. ExtendedXMP becomes part of the packet,
 * because only JPEG knows it; where positions are stripped it is dropped, for nobody knows what hides in it.
 */
export function editXmp(text: string | null, extendedXmp: Uint8Array[], edit: XmpEdit, problems: string[]): string {
  const parsed = text === null ? null : attempt(problems, 'XMP', () => parseXmp(text));
  const xmp = parsed ?? freshXmp();
  if (extendedXmp.length > 0 && !edit.stripPosition) {
    attempt(problems, 'ExtendedXMP', () => {
      joinExtendedXmp(xmp, extendedXmp);
    });
  }
  removeProperties(xmp, isStale);
  if (edit.convertedToSrgb) removeProperties(xmp, isColourNote);
  if (edit.stripPosition) removePositions(xmp);
  const sizes: [string, string, number][] = [
    [ns.tiff, 'Orientation', 1],
    [ns.tiff, 'ImageWidth', edit.width],
    [ns.tiff, 'ImageLength', edit.height],
    [ns.exif, 'PixelXDimension', edit.width],
    [ns.exif, 'PixelYDimension', edit.height],
  ];
  for (const [namespace, name, value] of sizes) correctProperty(xmp, namespace, name, String(value));
  if (edit.convertedToSrgb) correctProperty(xmp, ns.exif, 'ColorSpace', '1');
  if (edit.densityDpi !== null) correctDensity(xmp, edit.densityDpi);
  removeEmptyDescriptions(xmp);
  writeProvenance(xmp, edit.provenance);
  return serializeXmp(xmp);
}

function correctDensity(xmp: XmpDocument, dotsPerInch: number): void {
  const rational = Number.isInteger(dotsPerInch)
    ? `${String(dotsPerInch)}/1`
    : `${String(Math.round(dotsPerInch * 10000))}/10000`;
  correctProperty(xmp, ns.tiff, 'XResolution', rational);
  correctProperty(xmp, ns.tiff, 'YResolution', rational);
  correctProperty(xmp, ns.tiff, 'ResolutionUnit', '2');
}

/** Thumbnails, second pictures, and pointers to data that the new file does not have. */
function isStale(namespace: string, name: string): boolean {
  if (stalePictureNamespaces.has(namespace)) return true;
  if (namespace === ns.xmp) return name === 'Thumbnails';
  if (namespace === ns.xmpNote) return name === 'HasExtendedXMP';
  return namespace === ns.gCamera && /^(MotionPhoto|MicroVideo)/.test(name);
}

function isColourNote(namespace: string, name: string): boolean {
  return namespace === ns.photoshop && (name === 'ICCProfile' || name === 'ColorMode');
}

function removePositions(xmp: XmpDocument): void {
  removeProperties(xmp, isPosition);
  for (const child of [...xmp.document.childNodes]) if (child.nodeType === 8) xmp.document.removeChild(child);
}

/** True for a property that tells a place: by its namespace, or by its name in any namespace. */
export function isPosition(namespace: string, name: string): boolean {
  if (positionNamespaces.has(namespace)) return true;
  if (namespace === ns.photoshop && ['City', 'State', 'Country'].includes(name)) return true;
  if (namespace === ns.iptcCore && ['Location', 'CountryCode'].includes(name)) return true;
  return /gps|latitude|longitude|location|altitude|geotag/i.test(name);
}
