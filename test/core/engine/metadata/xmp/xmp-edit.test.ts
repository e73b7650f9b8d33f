import { createHash } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import { describe, expect, test } from 'vitest';
import { editXmp, isPosition } from '../../../../../core/engine/metadata/xmp/xmp-edit.ts';
import { parseXmp } from '../../../../../core/engine/metadata/xmp/packet.ts';
import { propertyValue } from '../../../../../core/engine/metadata/xmp/properties.ts';
import { provenanceOfXmp } from '../../../../../core/engine/metadata/xmp/provenance.ts';
import { provenance, xmpPacket } from '../fixtures.ts';

const edit = { width: 960, height: 1280, stripPosition: false, convertedToSrgb: false, densityDpi: null, provenance };
const tiff = 'http://ns.adobe.com/tiff/1.0/';
const exif = 'http://ns.adobe.com/exif/1.0/';

function edited(text: string | null, options = edit): { xmp: string; problems: string[] } {
  const problems: string[] = [];
  return { xmp: editXmp(text, [], options, problems), problems };
}

test('orientation and size are true, in both spellings', () => {
  const xmp = parseXmp(edited(xmpPacket).xmp);
  const values = [
    [tiff, 'Orientation', '1'],
    [tiff, 'ImageWidth', '960'],
    [tiff, 'ImageLength', '1280'],
    [exif, 'PixelXDimension', '960'],
    [exif, 'PixelYDimension', '1280'],
  ] as const;
  for (const [namespace, name, value] of values) expect(propertyValue(xmp, namespace, name)).toBe(value);
});

test('what is absent stays absent', () => {
  const xmp = parseXmp(edited(null).xmp);
  expect(propertyValue(xmp, tiff, 'Orientation')).toBeNull();
  expect(propertyValue(xmp, exif, 'PixelXDimension')).toBeNull();
});

test('every other property survives, thumbnails do not', () => {
  const { xmp, problems } = edited(xmpPacket);
  expect(problems).toEqual([]);
  for (const kept of [
    'Titel',
    '<rdf:li>two</rdf:li>',
    'a&#10;b &lt;&amp;&quot; é 😀',
    'kept too',
    'xmp:Rating="4"',
    'x:xmptk="Some Toolkit"',
  ]) {
    expect(xmp).toContain(kept);
  }
  expect(xmp).not.toContain('STALE-IMAGE');
  expect(xmp).not.toContain('xmp:Thumbnails');
});

test('editing twice changes nothing', () => {
  for (const stripPosition of [false, true]) {
    const once = edited(xmpPacket, { ...edit, stripPosition }).xmp;
    expect(edited(once, { ...edit, stripPosition }).xmp).toBe(once);
  }
});

test('stripping the position removes it in attributes, elements and structures of any namespace', () => {
  expect(edited(xmpPacket).xmp).toContain('SECRET-PLACE');
  const { xmp } = edited(xmpPacket, { ...edit, stripPosition: true });
  expect(xmp).not.toContain('SECRET-PLACE');
  expect(xmp).toContain('kept too');
  expect(xmp).toContain('Titel');
});

describe('a property tells a place', () => {
  const iptcCore = 'http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/';
  test.each([
    [exif, 'GPSLatitude', true],
    ['urn:drone', 'AbsoluteAltitude', true],
    ['urn:any', 'locationShown', true],
    ['http://www.w3.org/2003/01/geo/wgs84_pos#', 'lat', true],
    [iptcCore, 'CountryCode', true],
    [iptcCore, 'CreatorContactInfo', false],
    [exif, 'DateTimeOriginal', false],
    [tiff, 'Model', false],
    ['urn:any', 'City', false],
  ])('%s %s: %s', (namespace, name, expected) => {
    expect(isPosition(namespace, name)).toBe(expected);
  });
});

test.each([
  ['not XML at all', 'sample xmp string'],
  ['cut off', xmpPacket.slice(0, 900)],
  ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${xmpPacket}`],
  ['an unknown entity', xmpPacket.replace('Titel', '&unknown;')],
  ['XML without RDF', '<a/>'],
  ['unbound prefixes', '<x:xmpmeta/>'],
  ['a tower of elements', '<a>'.repeat(150_000)],
])('a packet that is %s gives way to a fresh one, and that is told', (_, text) => {
  const { xmp, problems } = edited(text);
  expect(problems).toHaveLength(1);
  expect(provenanceOfXmp(xmp)).toEqual(provenance);
  expect(
    new DOMParser().parseFromString(xmp.replace(/<\?xpacket[^>]*\?>/g, '').trim(), 'application/xml').documentElement?.localName,
  ).toBe('xmpmeta');
});

test('an extension becomes part of the packet, its depth map does not, and stripping drops it all', () => {
  const extension =
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:GDepth="http://ns.google.com/photos/1.0/depthmap/" xmlns:odd="urn:odd:" GDepth:Data="DEPTH" odd:More="EXTENDED"/></rdf:RDF></x:xmpmeta>';
  const bytes = Buffer.from(extension);
  const guid = createHash('md5').update(bytes).digest('hex').toUpperCase();
  const main = xmpPacket.replace(
    'xmp:Rating="4"',
    `xmp:Rating="4" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="${guid}"`,
  );
  const portion = (from: number, to: number) => {
    const head = Buffer.alloc(40);
    head.write(guid);
    head.writeUInt32BE(bytes.length, 32);
    head.writeUInt32BE(from, 36);
    return Buffer.concat([head, bytes.subarray(from, to)]);
  };
  const segments = [portion(100, bytes.length), portion(0, 100)];
  const problems: string[] = [];
  const whole = editXmp(main, segments, edit, problems);
  expect(problems).toEqual([]);
  expect(whole).toContain('EXTENDED');
  for (const gone of ['DEPTH', 'HasExtendedXMP']) expect(whole).not.toContain(gone);
  expect(editXmp(main, segments, { ...edit, stripPosition: true }, problems)).not.toContain('EXTENDED');
  const partial = editXmp(main, segments.slice(0, 1), edit, problems);
  expect(problems).toHaveLength(1);
  expect(partial).toContain('Titel');
});
