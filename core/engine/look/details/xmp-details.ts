/** What XMP tells people: Dublin Core, XMP basic, EXIF in XMP, Photoshop and the lens of Adobe's programs. */
import type { Element } from '@xmldom/xmldom';
import { MalformedMetadata } from '../../metadata/malformed.ts';
import { ns } from '../../metadata/xmp/namespaces.ts';
import { childElements, descriptions, parseXmp } from '../../metadata/xmp/packet.ts';
import { propertyAttributes } from '../../metadata/xmp/properties.ts';
import { cameraName, cleanKeywords, cleanText, momentOf, within, type Moment } from './clean.ts';
import type { Position, SomeDetails, Taken } from './exif-details.ts';

const lensNamespaces = ['http://cipa.jp/exif/1.0/', 'http://ns.adobe.com/exif/1.0/aux/'] as const;
const microsoft = 'http://ns.microsoft.com/photo/1.0/';

/** Longer packets are histories of edits; they would hold up an import, at about a second for each 50,000 tags. */
const mostTags = 20_000;

/** Nothing that is wanted has another name. */
const wanted =
  /title|description|subject|Rating|Date|Lens|Make|Model|ExposureTime|FNumber|ISO|PhotographicSensitivity|FocalLength|GPS/;

/** Throws `MalformedMetadata`. */
export function xmpDetails(text: string): SomeDetails {
  if (!wanted.test(text)) return {};
  if (text.split('<', mostTags + 1).length > mostTags) throw new MalformedMetadata('it has too many elements');
  const xmp = new XmpValues(text);
  const number = (name: string, least: number, most: number): number | null =>
    within(fraction(xmp.text(ns.exif, name)), least, most);
  return {
    taken: takenOf(xmp),
    camera: cameraName(cleanText(xmp.text(ns.tiff, 'Make')), cleanText(xmp.text(ns.tiff, 'Model'))),
    lens: cleanText(xmp.text(lensNamespaces[0], 'LensModel') ?? xmp.text(lensNamespaces[1], 'Lens')),
    exposureSeconds: number('ExposureTime', 1e-9, 1e6),
    fNumber: number('FNumber', 1e-3, 1e4),
    iso: within(fraction(xmp.text(lensNamespaces[0], 'PhotographicSensitivity')), 1, 1e9) ?? number('ISOSpeedRatings', 1, 1e9),
    focalLengthMm: number('FocalLength', 1e-3, 1e6),
    ...position(xmp),
    rating: ratingOf(xmp),
    title: cleanText(xmp.text(ns.dc, 'title')),
    description: cleanText(xmp.text(ns.dc, 'description')),
    keywords: cleanKeywords(xmp.list(ns.dc, 'subject')),
  };
}

/** The properties of the packet's subject, not those that are nested in others. */
class XmpValues {
  readonly #texts = new Map<string, string>();
  readonly #elements = new Map<string, Element>();

  constructor(packet: string) {
    for (const description of descriptions(parseXmp(packet))) {
      for (const { namespaceURI, localName, value } of propertyAttributes(description))
        this.#texts.set(nameOf(namespaceURI ?? '', localName ?? ''), value);
      for (const element of childElements(description))
        this.#elements.set(nameOf(element.namespaceURI ?? '', element.localName ?? ''), element);
    }
  }

  /** A simple value; of a text in several languages the usual one, of a list its first item. */
  text(namespace: string, name: string): string | null {
    const simple = this.#texts.get(nameOf(namespace, name));
    if (simple !== undefined) return simple;
    const element = this.#elements.get(nameOf(namespace, name));
    if (element === undefined) return null;
    const items = itemsOf(element);
    const usual = items.find((item) => item.getAttributeNS(ns.xml, 'lang') === 'x-default');
    return (usual ?? items[0] ?? element).textContent;
  }

  /** All items of a list; a simple value is a list of one. */
  list(namespace: string, name: string): string[] {
    const element = this.#elements.get(nameOf(namespace, name));
    const items = element === undefined ? [] : itemsOf(element);
    if (items.length > 0) return items.map((item) => item.textContent ?? '');
    const text = this.text(namespace, name);
    return text === null ? [] : [text];
  }
}

/** Items of an rdf:Bag, rdf:Seq or rdf:Alt. */
function itemsOf(element: Element): Element[] {
  return childElements(element)
    .filter(({ namespaceURI }) => namespaceURI === ns.rdf)
    .flatMap(childElements)
    .filter(({ localName }) => localName === 'li');
}

function nameOf(namespace: string, name: string): string {
  return `${namespace} ${name}`;
}

function takenOf(xmp: XmpValues): Taken | null {
  const moment = (namespace: string, name: string): Moment | null => momentOf(xmp.text(namespace, name));
  const capture = moment(ns.exif, 'DateTimeOriginal') ?? moment(ns.photoshop, 'DateCreated');
  if (capture !== null) return { moment: capture, isCapture: true };
  const later = moment(ns.exif, 'DateTimeDigitized') ?? moment(ns.xmp, 'CreateDate');
  return later === null ? null : { moment: later, isCapture: false };
}

/** `1/60` or `0.5`. */
function fraction(text: string | null): number | null {
  const [, over = '', under] = /^\s*(-?\d+(?:\.\d+)?)(?:\/(\d+))?\s*$/.exec(text ?? '') ?? [];
  const value = over === '' ? NaN : Number(over) / Number(under ?? 1);
  return Number.isFinite(value) ? value : null;
}

function position(xmp: XmpValues): Position {
  const latitude = within(degrees(xmp.text(ns.exif, 'GPSLatitude'), 'NS'), -90, 90);
  const longitude = within(degrees(xmp.text(ns.exif, 'GPSLongitude'), 'EW'), -180, 180);
  if (latitude === null || longitude === null) return { latitude: null, longitude: null, altitudeMeters: null };
  const height = fraction(xmp.text(ns.exif, 'GPSAltitude'));
  const isBelow = xmp.text(ns.exif, 'GPSAltitudeRef')?.trim() === '1';
  return { latitude, longitude, altitudeMeters: within(height === null || !isBelow ? height : -height, -20_000, 1e8) };
}

/** `48,51,30N` or `48,51.5N`; `sides` holds the positive and the negative one. */
function degrees(text: string | null, sides: 'NS' | 'EW'): number | null {
  const match = /^\s*(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])\s*$/i.exec(text ?? '');
  const side = match?.[4]?.toUpperCase() ?? '';
  if (match === null || !sides.includes(side)) return null;
  const size = Number(match[1]) + Number(match[2]) / 60 + Number(match[3] ?? 0) / 3600;
  return side === sides[1] ? -size : size;
}

/** Minus one means "rejected", which is no number of stars. */
function ratingOf(xmp: XmpValues): number | null {
  const stars = fraction(xmp.text(ns.xmp, 'Rating'));
  if (stars !== null) return within(Math.round(stars), 0, 5);
  const percent = within(fraction(xmp.text(microsoft, 'Rating')), 0, 100);
  return percent === null ? null : Math.round(percent / 25 + (percent > 0 ? 1 : 0));
}
