/** Bytes to text, for blocks that do not say their encoding. */
import { MalformedMetadata, checkBlockBytes } from './malformed.ts';

/** UTF-8 where it is valid UTF-8, else Latin-1; trailing zeros are cut. */
export function decodeText(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  const text = bytes.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return Buffer.from(text).toString('latin1'); // not UTF-8: old tools wrote their system's code page
  }
}

/** An XMP packet: UTF-8, or UTF-16 in either byte order (XMP part 1, 7.3.2). Throws `MalformedMetadata`. */
export function decodeXmp(bytes: Uint8Array): string {
  checkBlockBytes('The XMP packet', bytes.length);
  const [first = 0, second = 0] = bytes;
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c);
  const isLittle = (first === 0xff && second === 0xfe) || (first === 0x3c && second === 0);
  const encoding = isBig ? 'utf-16be' : isLittle ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes).replace(/\0+$/, '');
  } catch {
    throw new MalformedMetadata(`it is not valid ${encoding.toUpperCase()}`);
  }
}
