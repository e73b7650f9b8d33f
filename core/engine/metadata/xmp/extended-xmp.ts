/** ExtendedXMP (XMP part 3, 1.1.3.1): what does not fit into JPEG's one segment of 64 KiB. */
import { createHash } from 'node:crypto';
import type { Element } from '@xmldom/xmldom';
import { asBuffer } from '../as-buffer.ts';
import { checkBlockBytes, MalformedMetadata } from '../malformed.ts';
import { decodeXmp } from '../text.ts';
import { ns } from './namespaces.ts';
import {
  addDescription,
  childElements,
  descriptions,
  freshXmp,
  parseXmp,
  serializeNode,
  serializeXmp,
  type XmpDocument,
} from './packet.ts';
import { propertyAttributes, propertyValue } from './properties.ts';

/** GUID (32 hexadecimal digits), full length and offset before each portion. */
const headBytes = 40;
const portionBytes = 65_000;

/** Adds the properties of the extension that the packet names. Throws `MalformedMetadata`. */
export function joinExtendedXmp(xmp: XmpDocument, segments: Uint8Array[]): void {
  const guid = propertyValue(xmp, ns.xmpNote, 'HasExtendedXMP');
  const parts = segments
    .filter((segment) => segment.length > headBytes && asBuffer(segment).toString('latin1', 0, 32) === guid)
    .map((segment) => ({
      offset: asBuffer(segment).readUInt32BE(36),
      full: asBuffer(segment).readUInt32BE(32),
      bytes: segment.subarray(headBytes),
    }))
    .sort((a, b) => a.offset - b.offset);
  const full = parts[0]?.full ?? 0;
  checkBlockBytes('it', full);
  let at = 0;
  for (const part of parts) {
    if (part.offset !== at || part.full !== full) throw new MalformedMetadata('its portions do not fit together');
    at += part.bytes.length;
  }
  if (at === 0 || at !== full) throw new MalformedMetadata('portions are missing');
  const extension = parseXmp(decodeXmp(Buffer.concat(parts.map(({ bytes }) => bytes))));
  for (const from of descriptions(extension)) moveProperties(from, addDescription(xmp), () => true);
}

export interface SplitXmp {
  readonly packet: string;
  /** Payloads behind the namespace, ready for their segments. */
  readonly segments: Uint8Array[];
}

/** Splits a packet so that its main part takes at most `limitBytes`: the largest properties move first. */
export function splitXmp(text: string, limitBytes: number): SplitXmp {
  if (Buffer.byteLength(text) <= limitBytes) return { packet: text, segments: [] };
  const xmp = parseXmp(text);
  const extension = freshXmp();
  const target = addDescription(extension);
  const sources = descriptions(xmp);
  // The note itself takes some 150 bytes; a property that moved leaves its namespace declarations behind.
  const properties = sources.flatMap(propertySizes).sort((a, b) => b.bytes - a.bytes);
  let excess = Buffer.byteLength(text) - limitBytes + 512;
  for (const property of properties) {
    if (excess <= 0 || property.namespace === ns.enlarger) continue;
    excess -= property.bytes;
    for (const source of sources)
      moveProperties(source, target, (namespace, name) => namespace === property.namespace && name === property.name);
  }
  const bytes = Buffer.from(serializeNode(extension.document), 'utf8');
  const guid = createHash('md5').update(bytes).digest('hex').toUpperCase();
  addDescription(xmp).setAttributeNS(ns.xmpNote, 'xmpNote:HasExtendedXMP', guid);
  const packet = serializeXmp(xmp);
  if (Buffer.byteLength(packet) > limitBytes) throw new MalformedMetadata('it does not fit into a JPEG even when it is split');
  return { packet, segments: portions(bytes, guid) };
}

function portions(bytes: Buffer, guid: string): Uint8Array[] {
  const segments: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += portionBytes) {
    const head = Buffer.alloc(headBytes);
    head.write(guid, 'latin1');
    head.writeUInt32BE(bytes.length, 32);
    head.writeUInt32BE(at, 36);
    segments.push(Buffer.concat([head, bytes.subarray(at, at + portionBytes)]));
  }
  return segments;
}

function propertySizes(description: Element): { namespace: string; name: string; bytes: number }[] {
  const attributes = propertyAttributes(description).map((each) => ({
    node: each,
    bytes: Buffer.byteLength(each.value) + each.name.length + 4,
  }));
  const elements = childElements(description).map((each) => ({ node: each, bytes: Buffer.byteLength(serializeNode(each)) }));
  return [...attributes, ...elements].map(({ node, bytes }) => ({
    namespace: node.namespaceURI ?? '',
    name: node.localName ?? '',
    bytes,
  }));
}

function moveProperties(from: Element, to: Element, isMoved: (namespace: string, name: string) => boolean): void {
  const document = to.ownerDocument;
  if (document === null) throw new TypeError('an element without a document');
  for (const attribute of propertyAttributes(from)) {
    if (!isMoved(attribute.namespaceURI ?? '', attribute.localName ?? '')) continue;
    to.setAttributeNS(attribute.namespaceURI, attribute.name, attribute.value);
    from.removeAttributeNode(attribute);
  }
  for (const element of childElements(from)) {
    if (!isMoved(element.namespaceURI ?? '', element.localName ?? '')) continue;
    to.appendChild(document.importNode(element, true));
    from.removeChild(element);
  }
}
