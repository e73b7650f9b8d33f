/** Metadata of a PNG, wherever in the file its chunks stand; picture data is skipped, not read. */
import type { ByteSource } from '../../container/byte-source.ts';
import { pngChunks } from '../../container/png-chunks.ts';
import { attempt, checkBlockBytes } from '../malformed.ts';
import { withoutJpegPrefix } from '../exif/exif-format.ts';
import { iptcOfResources } from '../iptc/photoshop.ts';
import { emptyMetadata, type PhotoMetadata } from '../photo-metadata.ts';
import { decodeXmp } from '../text.ts';
import { inflateBounded, parseRawProfile, pngKeyword, pngText, pngTextBytes } from './png-text.ts';

export const xmpKeyword = 'XML:com.adobe.xmp';
export const rawProfilePrefix = 'Raw profile type ';
/** Prompts of picture generators run to a few kilobytes; more is not a note. */
const noteLimitBytes = 64 * 1024;
const noteLimit = 64;
const metresPerInch = 0.0254;

export function readPng(source: ByteSource): PhotoMetadata {
  const meta = emptyMetadata();
  for (const { type, end, dataAt, dataBytes } of pngChunks(source)) {
    if (end > source.sizeBytes || !['eXIf', 'iCCP', 'pHYs', 'tEXt', 'zTXt', 'iTXt'].includes(type)) continue;
    attempt(meta.problems, `A ${type} chunk`, () => {
      checkBlockBytes('the chunk', dataBytes);
      readChunk(meta, type, source.read(dataAt, dataBytes));
    });
  }
  return meta;
}

function readChunk(meta: PhotoMetadata, type: string, data: Buffer): void {
  if (type === 'eXIf') meta.exif = withoutJpegPrefix(data);
  else if (type === 'iCCP') meta.icc ??= inflateBounded(data.subarray(pngKeyword(data).length + 2));
  else if (type === 'pHYs') meta.density ??= physicalDensity(data);
  else readText(meta, type, data);
}

function readText(meta: PhotoMetadata, type: string, data: Buffer): void {
  const keyword = pngKeyword(data);
  if (keyword === xmpKeyword) meta.xmp ??= decodeXmp(pngTextBytes(type, data));
  else if (keyword.startsWith(rawProfilePrefix))
    readRawProfile(meta, keyword.slice(rawProfilePrefix.length).toLowerCase(), type, data);
  // Thumb::* describe a desktop's thumbnail of another file.
  else if (meta.notes.length < noteLimit && !keyword.startsWith('Thumb::')) {
    meta.notes.push({ keyword, text: pngText(type, data, noteLimitBytes) });
  }
}

/** A block of its own kind of chunk wins over a raw profile of the same kind. */
function readRawProfile(meta: PhotoMetadata, kind: string, type: string, data: Buffer): void {
  const isWanted =
    (['exif', 'app1'].includes(kind) && meta.exif === null) ||
    (kind === 'xmp' && meta.xmp === null) ||
    (['iptc', '8bim'].includes(kind) && meta.iptc === null) ||
    (['icc', 'icm'].includes(kind) && meta.icc === null);
  if (!isWanted) return;
  const bytes = parseRawProfile(pngTextBytes(type, data));
  if (kind === 'iptc' || kind === '8bim') meta.iptc = bytes[0] === 0x1c ? bytes : iptcOfResources(bytes);
  else if (kind === 'icc' || kind === 'icm') meta.icc = bytes;
  else if (kind === 'xmp') meta.xmp = decodeXmp(bytes);
  else if (/^(Exif\0\0|II\*\0|MM\0\*)/.test(bytes.toString('latin1', 0, 6))) meta.exif ??= withoutJpegPrefix(bytes);
}

function physicalDensity(data: Buffer): PhotoMetadata['density'] {
  if (data.length < 9 || data[8] !== 1) return null;
  const [x, y] = [data.readUInt32BE(0) * metresPerInch, data.readUInt32BE(4) * metresPerInch];
  return x > 0 && y > 0 ? { x, y } : null;
}
