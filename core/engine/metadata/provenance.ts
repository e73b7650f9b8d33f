/** Recognises files that Enlarger made, so that a second run can skip them. */
import { withByteSource } from './byte-source.ts';
import { attempt } from './malformed.ts';
import { readMetadata } from './metadata.ts';
import type { Provenance } from './photo-metadata.ts';
import { sniffContainer } from './sniff.ts';
import { provenanceOfXmp } from './xmp/provenance.ts';

/** How the file at `path` was made, when Enlarger made it; null for any other file, readable or not. */
export async function readProvenance(path: string): Promise<Provenance | null> {
  try {
    const container = await withByteSource(path, (source) => attempt([], 'The file', () => sniffContainer(source)));
    const xmp = container === null ? null : (await readMetadata(path, container)).xmp;
    return xmp === null ? null : attempt([], 'XMP', () => provenanceOfXmp(xmp));
  } catch (thrown) {
    // No file, no permission, a folder: whatever it is, it is no file of ours.
    if (thrown instanceof Error && 'syscall' in thrown) return null;
    throw thrown;
  }
}
