/** PNG's three kinds of text chunk, and the hexadecimal profiles that ImageMagick keeps in them. */
import { deflateSync, inflateSync } from 'node:zlib';
import { blockLimitBytes, MalformedMetadata } from '../malformed.ts';
import { decodeText } from '../text.ts';

/** Inflates at most `limitBytes`. Throws `MalformedMetadata` for bad or oversized data. */
export function inflateBounded(data: Uint8Array, limitBytes = blockLimitBytes): Buffer {
  try {
    return inflateSync(data, { maxOutputLength: limitBytes });
  } catch (thrown) {
    const isTooLarge = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE';
    throw new MalformedMetadata(isTooLarge ? `it inflates to more than ${limitBytes} bytes` : 'its compressed data is broken');
  }
}

/** The keyword of a text or iCCP chunk's data: 1..79 bytes before the first zero. Throws `MalformedMetadata`. */
export function pngKeyword(data: Buffer): string {
  const end = data.indexOf(0);
  if (end < 1 || end > 79) throw new MalformedMetadata('a text chunk has no keyword');
  return data.toString('latin1', 0, end);
}

/** The text's bytes of a tEXt, zTXt or iTXt chunk, inflated when compressed. Throws `MalformedMetadata`. */
export function pngTextBytes(type: string, data: Buffer, limitBytes = blockLimitBytes): Buffer {
  const start = pngKeyword(data).length + 1;
  if (type === 'tEXt') return data.subarray(start);
  if (type === 'zTXt') return inflateBounded(data.subarray(start + 1), limitBytes);
  const languageEnd = data.indexOf(0, start + 2);
  const translatedEnd = languageEnd < 0 ? -1 : data.indexOf(0, languageEnd + 1);
  if (translatedEnd < 0) throw new MalformedMetadata('an iTXt chunk is cut off');
  const text = data.subarray(translatedEnd + 1);
  return data[start] === 1 ? inflateBounded(text, limitBytes) : text;
}

export function pngText(type: string, data: Buffer, limitBytes: number): string {
  return decodeText(pngTextBytes(type, data, limitBytes));
}

/** `\n<name>\n<length>\n<hex>`: returns the bytes. Throws `MalformedMetadata`. */
export function parseRawProfile(text: Buffer): Buffer {
  const match = /^\s*\S+\s+(\d+)\s+([0-9a-fA-F\s]*)/.exec(text.toString('latin1'));
  const bytes = Buffer.from((match?.[2] ?? '').replace(/\s+/g, ''), 'hex');
  if (match === null || bytes.length < Number(match[1])) throw new MalformedMetadata('its hexadecimal text is broken');
  return bytes.subarray(0, Number(match[1]));
}

/** Data of a zTXt chunk that holds `bytes` as a raw profile of `kind`. */
export function rawProfileData(kind: string, bytes: Uint8Array): Uint8Array {
  const hex = Buffer.from(bytes).toString('hex').replace(/.{72}/g, '$&\n');
  const text = `\n${kind}\n${String(bytes.length).padStart(8)}\n${hex}\n`;
  return Buffer.concat([Buffer.from(`Raw profile type ${kind}\0\0`, 'latin1'), deflateSync(Buffer.from(text, 'latin1'))]);
}

/** Data of an uncompressed iTXt chunk. */
export function internationalTextData(keyword: string, text: string): Uint8Array {
  return Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), Buffer.from(text, 'utf8')]);
}
