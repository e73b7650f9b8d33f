/** How a file came about, as XMP properties in Enlarger's own namespace. */
import type { Provenance } from '../photo-metadata.ts';
import { ns } from './namespaces.ts';
import { addDescription, parseXmp, type XmpDocument } from './packet.ts';
import { propertyValue, removeEmptyDescriptions, removeProperties } from './properties.ts';

const names: Record<keyof Provenance, string> = {
  software: 'Software',
  softwareVersion: 'SoftwareVersion',
  modelId: 'Model',
  modelVersion: 'ModelVersion',
  scale: 'Scale',
  strength: 'Strength',
  sourceSha256: 'SourceSHA256',
  recipeDigest: 'RecipeDigest',
};

/** Replaces what an earlier run wrote. */
export function writeProvenance(xmp: XmpDocument, provenance: Provenance): void {
  removeProperties(xmp, (namespace) => namespace === ns.enlarger);
  removeEmptyDescriptions(xmp);
  const description = addDescription(xmp);
  description.setAttributeNS(ns.xmlns, 'xmlns:enlarger', ns.enlarger);
  for (const [key, name] of Object.entries(names) as [keyof Provenance, string][]) {
    const element = xmp.document.createElementNS(ns.enlarger, `enlarger:${name}`);
    element.textContent = String(provenance[key]);
    description.appendChild(element);
  }
}

/** What a packet says of its making, or null when it does not. Throws `MalformedMetadata` for an unreadable packet. */
export function provenanceOfXmp(text: string): Provenance | null {
  if (!text.includes(ns.enlarger)) return null;
  const xmp = parseXmp(text);
  const value = (key: keyof Provenance): string => propertyValue(xmp, ns.enlarger, names[key]) ?? '';
  const provenance: Provenance = {
    software: value('software'),
    softwareVersion: value('softwareVersion'),
    modelId: value('modelId'),
    modelVersion: value('modelVersion'),
    scale: Number(value('scale')),
    strength: Number(value('strength')),
    sourceSha256: value('sourceSha256'),
    recipeDigest: value('recipeDigest'),
  };
  const isWhole = provenance.scale > 0 && provenance.strength >= 0 && provenance.modelId !== '' && provenance.recipeDigest !== '';
  return isWhole && /^[0-9a-f]{64}$/.test(provenance.sourceSha256) ? provenance : null;
}
