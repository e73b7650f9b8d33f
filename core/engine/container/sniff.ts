/** Which container a file is, by its first bytes and never by its name. */
import type { ByteSource } from './byte-source.ts';
import { readTiffHead } from './tiff-structure.ts';

export type Container = 'jpeg' | 'png' | 'webp' | 'gif' | 'isobmff' | 'tiff';

/** The container, or null when it is none that holds photos here. It promises no photo: ISO media may be a video. */
export function sniffContainer(source: ByteSource): Container | null {
  const starts = (signature: string, offset = 0): boolean =>
    source.has(offset, signature.length) && source.text(offset, signature.length) === signature;
  // JPEG-LS begins like JPEG, with a frame of its own.
  if (starts('\xff\xd8\xff') && !starts('\xf7', 3)) return 'jpeg';
  if (starts('\x89PNG\r\n\x1a\n')) return 'png';
  if (starts('RIFF') && starts('WEBP', 8)) return 'webp';
  if (starts('GIF87a') || starts('GIF89a')) return 'gif';
  if (starts('ftyp', 4) && source.has(0, 12)) return 'isobmff';
  return readTiffHead(source, 0) === null ? null : 'tiff';
}
