/** Puts metadata into an encoded PNG: chunks before the picture data, everything else copied. */
import type { ByteSource } from '../../container/byte-source.ts';
import { makePngChunk, type PngChunk, pngChunks } from '../../container/png-chunks.ts';
import { checkBlockBytes } from '../malformed.ts';
import type { PhotoMetadata, TextNote } from '../photo-metadata.ts';
import type { Piece } from '../rewrite.ts';
import { internationalTextData, pngKeyword, rawProfileData } from './png-text.ts';
import { rawProfilePrefix, xmpKeyword } from './read-png.ts';

const inchesPerMetre = 1 / 0.0254;
const maxSide = 0x7fffffff;

/** The pieces of the rewritten file. */
export function embedPng(source: ByteSource, meta: PhotoMetadata): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let isInserted = false;
  for (const chunk of pngChunks(source)) {
    const isInsertionPoint: boolean = !isInserted && (chunk.type === 'IDAT' || chunk.type === 'PLTE');
    if (!isInsertionPoint && !isReplaced(source, chunk, meta)) continue;
    pieces.push({ from: at, to: chunk.start });
    at = isInsertionPoint ? chunk.start : chunk.end;
    if (isInsertionPoint) pieces.push(...metadataChunks(meta));
    isInserted ||= isInsertionPoint;
  }
  return [...pieces, { from: at, to: source.sizeBytes }];
}

function isReplaced(source: ByteSource, chunk: PngChunk, meta: PhotoMetadata): boolean {
  if (chunk.type === 'eXIf') return true;
  if (chunk.type === 'pHYs') return meta.density !== null;
  if (!['tEXt', 'zTXt', 'iTXt'].includes(chunk.type)) return false;
  const keyword = pngKeyword(source.read(chunk.dataAt, Math.min(80, chunk.dataBytes)));
  return keyword === xmpKeyword || keyword.startsWith(rawProfilePrefix) || meta.notes.some((note) => note.keyword === keyword);
}

function metadataChunks(meta: PhotoMetadata): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  if (meta.density !== null) {
    const data = Buffer.alloc(9);
    data.writeUInt32BE(Math.min(maxSide, Math.round(meta.density.x * inchesPerMetre)), 0);
    data.writeUInt32BE(Math.min(maxSide, Math.round(meta.density.y * inchesPerMetre)), 4);
    data[8] = 1;
    chunks.push(makePngChunk('pHYs', data));
  }
  if (meta.exif !== null) chunks.push(makePngChunk('eXIf', meta.exif));
  if (meta.xmp !== null) chunks.push(makePngChunk('iTXt', internationalTextData(xmpKeyword, meta.xmp)));
  if (meta.iptc !== null) {
    checkBlockBytes('IPTC', meta.iptc.length);
    chunks.push(makePngChunk('zTXt', rawProfileData('iptc', meta.iptc)));
  }
  for (const note of meta.notes)
    chunks.push(makePngChunk('iTXt', internationalTextData(pngSafeKeyword(note), note.text.replaceAll('\0', ''))));
  return chunks;
}

/** 1..79 printable Latin-1 characters without outer spaces. */
function pngSafeKeyword({ keyword }: TextNote): string {
  return (
    keyword
      .replace(/[^\x20-\x7e\xa1-\xff]/g, ' ')
      .replace(/ +/g, ' ')
      .trim()
      .slice(0, 79)
      .trim() || 'Comment'
  );
}
