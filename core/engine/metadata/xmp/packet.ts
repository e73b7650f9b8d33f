/** An XMP packet as a document, and back. */
import { type Document, DOMParser, type Element, type Node, XMLSerializer } from '@xmldom/xmldom';
import { MalformedMetadata } from '../malformed.ts';
import { ns } from './namespaces.ts';

/** Parsing takes about a second for each 50,000 tags. */
const tagLimit = 100_000;

/** Control characters that XML 1.0 forbids. */
const forbiddenCharacters = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]', 'g');

const freshPacket = `<x:xmpmeta xmlns:x="${ns.x}"><rdf:RDF xmlns:rdf="${ns.rdf}"/></x:xmpmeta>`;

export interface XmpDocument {
  readonly document: Document;
  readonly rdf: Element;
}

/** A packet without properties. */
export function freshXmp(): XmpDocument {
  return parseXmp(freshPacket);
}

/**
 * Parses a packet. Document types and entities are refused: XMP has none, and they are how XML attacks
 * its readers. Throws `MalformedMetadata`.
 */
export function parseXmp(text: string): XmpDocument {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new MalformedMetadata('it declares a document type');
  if (text.split('<', tagLimit + 1).length > tagLimit) throw new MalformedMetadata('it has too many elements');
  const xml = text
    .replace(/<\?xpacket[^>]*\?>/g, '')
    .replace(forbiddenCharacters, '')
    .replace(/^[\s\ufeff]+/, '');
  const document = parseXml(xml);
  const rdf = document.getElementsByTagNameNS(ns.rdf, 'RDF')[0];
  if (rdf === undefined) throw new MalformedMetadata('it holds no RDF');
  return { document, rdf };
}

function parseXml(xml: string): Document {
  let reason = 'it is not well-formed XML';
  const refuse = (level: string, message: string): void => {
    if (level === 'warning') return;
    reason = (message.split('\n')[0] ?? level).slice(0, 120);
    throw new MalformedMetadata(reason);
  };
  try {
    return new DOMParser({ onError: refuse }).parseFromString(xml, 'application/xml');
  } catch {
    // The parser wraps what the handler throws, and hostile markup makes it throw errors of its own.
    throw new MalformedMetadata(reason);
  }
}

/** The packet as text, with the wrapper that lets byte scanners find it. */
export function serializeXmp({ document }: XmpDocument): string {
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${serializeNode(document)}\n<?xpacket end="w"?>`;
}

/** A carriage return can only stem from a character reference; written bare it would come back as a line feed. */
export function serializeNode(node: Node): string {
  return new XMLSerializer().serializeToString(node).replaceAll('\r', '&#13;');
}

/** All elements below `root`, parents first. Without recursion: nesting is the file's choice. */
export function elementsBelow(root: Node): Element[] {
  const found: Element[] = [];
  const pending = [...childElements(root)].reverse();
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    found.push(element);
    pending.push(...childElements(element).reverse());
  }
  return found;
}

export function childElements(node: Node): Element[] {
  const elements: Element[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.nodeType === 1) elements.push(child as Element);
  }
  return elements;
}

/** The top-level `rdf:Description` elements, which hold the properties. */
export function descriptions({ rdf }: XmpDocument): Element[] {
  return childElements(rdf).filter((element) => element.namespaceURI === ns.rdf && element.localName === 'Description');
}

/** A new top-level description of the same subject as the others. */
export function addDescription(xmp: XmpDocument): Element {
  const about = descriptions(xmp)
    .map((description) => description.getAttributeNS(ns.rdf, 'about') ?? description.getAttribute('about'))
    .find((subject) => subject !== null && subject !== '');
  const description = xmp.document.createElementNS(ns.rdf, 'rdf:Description');
  description.setAttributeNS(ns.rdf, 'rdf:about', about ?? '');
  xmp.rdf.appendChild(description);
  return description;
}
