/** A photo that tries to be a program: what would run, were any of its texts taken for markup, stands in all of them. */
import { join } from 'node:path';
import { sharp } from '../../core/engine/sharp.ts';

/** Sets `globalThis.broken` if it is ever taken for markup or code. `where` tells the probes apart. */
export function probe(where: string): string {
  const deed = `globalThis.broken='${where}'`;
  return `"'><img src=x onerror="${deed}"><svg onload="${deed}"><script>${deed}</script>{@html ${deed}}{${deed}}\${${deed}}`;
}

/** The same in the letters that a file's name may have. */
export function probeName(where: string): string {
  return `'"><img src=x onerror=globalThis.broken='${where}'>{@html globalThis.broken}`;
}

/** Writes it into `folder`; returns its name. */
export async function hostilePhoto(folder: string): Promise<string> {
  const name = `${probeName('file')}.jpg`;
  const text = (where: string): string => escaped(probe(where));
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">${text('title')}</rdf:li></rdf:Alt></dc:title><dc:description><rdf:Alt><rdf:li xml:lang="x-default">${text('description')}</rdf:li></rdf:Alt></dc:description><dc:subject><rdf:Bag><rdf:li>${text('keyword')}</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;
  await sharp({ create: { width: 120, height: 80, channels: 3, background: '#467' } })
    .withExif({ IFD0: { ImageDescription: probe('exif'), Make: probe('make'), Model: probe('model'), Artist: probe('artist') } })
    .withXmp(xmp)
    .jpeg()
    .toFile(join(folder, name));
  return name;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
