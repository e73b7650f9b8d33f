import { expect, test } from 'vitest';
import { addIptcToXmp } from '../../../../../core/engine/metadata/xmp/iptc-to-xmp.ts';
import { parseXmp } from '../../../../../core/engine/metadata/xmp/packet.ts';
import { propertyValue } from '../../../../../core/engine/metadata/xmp/properties.ts';
import { iptcBlock, xmpPacket } from '../fixtures.ts';

const dc = 'http://purl.org/dc/elements/1.1/';
const photoshop = 'http://ns.adobe.com/photoshop/1.0/';

test('says in XMP what only IPTC said', () => {
  const xmp = parseXmp(addIptcToXmp(null, iptcBlock));
  expect(propertyValue(xmp, dc, 'title')).toBe('Título');
  expect(propertyValue(xmp, dc, 'subject')).toBe('firstsecond');
  expect(propertyValue(xmp, dc, 'description')).toBe('A caption');
  expect(propertyValue(xmp, photoshop, 'City')).toBe('SECRET-PLACE');
  expect(propertyValue(xmp, photoshop, 'DateCreated')).toBe('2024-05-06');
});

test('what XMP says already wins', () => {
  const text = addIptcToXmp(xmpPacket, iptcBlock);
  expect(text).not.toContain('Título');
  expect(text).toContain('Titel');
  expect(propertyValue(parseXmp(text), dc, 'description')).toBe('A caption');
});
