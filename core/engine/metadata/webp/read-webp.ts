/** Metadata of a WebP: its EXIF, `XMP ` and ICCP chunks. */
import type { ByteSource } from '../../container/byte-source.ts';
import { riffChunks } from '../../container/riff-chunks.ts';
import { attempt, checkBlockBytes } from '../malformed.ts';
import { emptyMetadata, type PhotoMetadata } from '../photo-metadata.ts';
import { withoutJpegPrefix } from '../exif/exif-format.ts';
import { decodeXmp } from '../text.ts';

export function readWebp(source: ByteSource): PhotoMetadata {
  const meta = emptyMetadata();
  for (const { type, dataAt, dataBytes } of riffChunks(source)) {
    if (!source.has(dataAt, dataBytes) || !['EXIF', 'XMP ', 'ICCP'].includes(type)) continue;
    attempt(meta.problems, `The ${type.trim()} chunk`, () => {
      checkBlockBytes('the chunk', dataBytes);
      const data = source.read(dataAt, dataBytes);
      if (type === 'EXIF') meta.exif ??= withoutJpegPrefix(data);
      else if (type === 'XMP ') meta.xmp ??= decodeXmp(data);
      else meta.icc ??= data;
    });
  }
  return meta;
}
