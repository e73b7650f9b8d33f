/** Finding, setting and removing XMP properties, whichever of RDF's two spellings (attribute, element) they use. */
import type { Attr, Element } from '@xmldom/xmldom';
import { ns } from './namespaces.ts';
import { childElements, elementsBelow, type XmpDocument } from './packet.ts';

export type IsProperty = (namespace: string, localName: string) => boolean;

/** Removes every property, at any depth, that `isUnwanted`. */
export function removeProperties(xmp: XmpDocument, isUnwanted: IsProperty): void {
  for (const element of elementsBelow(xmp.rdf)) {
    for (const attribute of propertyAttributes(element)) {
      if (isUnwanted(attribute.namespaceURI ?? '', attribute.localName ?? '')) element.removeAttributeNode(attribute);
    }
    const isProperty = element.namespaceURI !== ns.rdf && isUnwanted(element.namespaceURI ?? '', element.localName ?? '');
    if (isProperty) element.parentNode?.removeChild(element);
  }
}

/** Sets a simple property wherever it is present; where it is absent it stays absent. */
export function correctProperty(xmp: XmpDocument, namespace: string, localName: string, value: string): void {
  for (const element of elementsBelow(xmp.rdf)) {
    for (const attribute of propertyAttributes(element)) {
      if (attribute.namespaceURI === namespace && attribute.localName === localName) attribute.value = value;
    }
    if (element.namespaceURI === namespace && element.localName === localName) element.textContent = value;
  }
}

/** The first value of a property, or null. Of an array or alternative that is its first item. */
export function propertyValue(xmp: XmpDocument, namespace: string, localName: string): string | null {
  for (const element of elementsBelow(xmp.rdf)) {
    const attribute = propertyAttributes(element).find((each) => each.namespaceURI === namespace && each.localName === localName);
    if (attribute !== undefined) return attribute.value;
    if (element.namespaceURI === namespace && element.localName === localName) return element.textContent;
  }
  return null;
}

/** Attributes of an element that are properties: not `rdf:about` and its like, not `xml:lang`, no declarations. */
export function propertyAttributes(element: Element): Attr[] {
  const structural: string[] = [ns.rdf, ns.xmlns, ns.xml];
  return [...element.attributes].filter(({ namespaceURI }) => namespaceURI !== null && !structural.includes(namespaceURI));
}

/** Removes top-level descriptions that no longer say anything. */
export function removeEmptyDescriptions(xmp: XmpDocument): void {
  for (const element of childElements(xmp.rdf)) {
    const isDescription = element.namespaceURI === ns.rdf && element.localName === 'Description';
    if (isDescription && childElements(element).length === 0 && propertyAttributes(element).length === 0)
      xmp.rdf.removeChild(element);
  }
}
