/** Recognises files that Enlarger made, so that a second run can skip them. */
import { EnlargerError } from '../../photo/failure.ts';
import type { OutputFormat } from '../../photo/recipe.ts';
import { withByteSource } from '../container/byte-source.ts';
import { type Container, sniffContainer } from '../container/sniff.ts';
import { attempt } from './malformed.ts';
import { readMetadata } from './metadata.ts';
import type { Provenance } from './photo-metadata.ts';
import { provenanceOfXmp } from './xmp/provenance.ts';

/** What Enlarger writes in a container, if anything. */
const written: Record<Container, OutputFormat | null> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  tiff: 'tiff',
  isobmff: 'avif',
  gif: null,
};

/** How the file at `path` was made, when Enlarger made it; null for any other file, readable or not. */
export async function readProvenance(path: string): Promise<Provenance | null> {
  try {
    const container = await withByteSource(path, (source) => attempt([], 'The file', () => sniffContainer(source)));
    const format = container === null ? null : written[container];
    const xmp = format === null ? null : (await readMetadata(path, format)).xmp;
    return xmp === null ? null : attempt([], 'XMP', () => provenanceOfXmp(xmp));
  } catch (thrown) {
    // No file, no permission, a folder: whatever it is, it is no file of ours.
    if (thrown instanceof EnlargerError || (thrown instanceof Error && 'syscall' in thrown)) return null;
    throw thrown;
  }
}
