/** Whether the first bytes of a file are a photo's, for files whose name does not say. What it really is, looking at it tells. */

/** So many bytes are enough. */
export const signatureBytes = 40;

/** Major and compatible brands of still pictures in ISO media files (HEIC, AVIF). */
const stillBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'mif2', 'msf1', 'miaf', 'avif', 'avis']);
const brandBytes = 4;

/**
 * True for JPEG, PNG, GIF, WebP, HEIC and AVIF. Not for TIFF: too much that is no photo begins like it, camera RAW files and fax archives among
 * them, and TIFF photos are called so.
 */
export function looksLikePhoto(head: Uint8Array): boolean {
  const text = String.fromCharCode(...head.subarray(0, signatureBytes));
  // JPEG-LS begins like JPEG, with a frame of its own.
  if (text.startsWith('\xff\xd8\xff')) return text[3] !== '\xf7';
  if (text.startsWith('\x89PNG\r\n\x1a\n') || text.startsWith('GIF87a') || text.startsWith('GIF89a')) return true;
  if (text.startsWith('RIFF')) return text.startsWith('WEBP', 8);
  if (!text.startsWith('ftyp', 4)) return false;
  for (let at = 8; at + brandBytes <= text.length; at += brandBytes)
    if (stillBrands.has(text.slice(at, at + brandBytes))) return true;
  return false;
}
