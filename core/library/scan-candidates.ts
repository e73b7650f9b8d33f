/** Which files become photos: by the user's word, by their extension, or, without one, by their first bytes. */
import { errorCode } from '../disk/file-ops.ts';
import { extensionOf, foreignExtensions, readableExtensions } from '../photo/file-names.ts';
import { looksLikePhoto, signatureBytes } from '../photo/signatures.ts';
import type { ScanDisk } from './scan-disk.ts';
import { unreadableReason, type Skip } from './scan-listing.ts';

export interface Wanted {
  readonly disk: Pick<ScanDisk, 'head'>;
  /** Names that the user gave himself: taken, whatever they look like. */
  readonly named: ReadonlySet<string>;
  /** Whether other files become photos too. */
  readonly takesOthers: boolean;
  readonly skip: Skip;
  /** Told the extension of a photo in a format that cannot be read. */
  readonly onForeign: (extension: string) => void;
}

export function isWanted(path: string, name: string, wanted: Wanted): boolean {
  if (wanted.named.has(name)) return true;
  if (!wanted.takesOthers) return false;
  const extension = extensionOf(name).toLowerCase();
  if (readableExtensions.has(extension)) return true;
  if (foreignExtensions.has(extension)) {
    wanted.onForeign(extension);
    return false;
  }
  try {
    const head = wanted.disk.head(path, signatureBytes);
    return head !== null && looksLikePhoto(head);
  } catch (error) {
    const code = errorCode(error);
    if (code === '') throw error;
    // Gone again, or a link by now: nothing to tell.
    if (code !== 'ENOENT' && code !== 'ELOOP') wanted.skip(path, unreadableReason(code, path));
    return false;
  }
}
