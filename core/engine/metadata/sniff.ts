/** Which container a file is, from its first bytes. Only far enough to read metadata; it promises no photo. */
import type { OutputFormat } from '../../photo/recipe.ts';
import type { ByteSource } from './byte-source.ts';

/** The container among those that Enlarger writes, or null. */
export function sniffContainer(source: ByteSource): OutputFormat | null {
  const head = source.read(0, Math.min(12, source.sizeBytes)).toString('latin1');
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  if (/^(II[*+]\0|MM\0[*+])/.test(head)) return 'tiff';
  return head.slice(4, 8) === 'ftyp' ? 'avif' : null;
}
