/** Files that are no photos, or photos that cannot be read, told by their first bytes. */
import type { EnlargerError } from '../../photo/failure.ts';
import type { ByteSource } from '../container/byte-source.ts';
import { cameraRaw } from './camera-raw.ts';
import { notAPhoto, unsupported } from './refusals.ts';

interface Kind {
  readonly offset?: number;
  readonly signature: string;
  readonly refusal: () => EnlargerError;
}

const picture = (name: string) => () => unsupported(name);
const raw = (name: string) => () => cameraRaw(`a camera RAW photo (${name})`);
const other = (name: string) => () => notAPhoto(name);

// The longer signature comes before a shorter one that it begins with.
const kinds: readonly Kind[] = [
  { signature: 'FUJIFILMCCD-RAW', refusal: raw('Fujifilm RAF') },
  { signature: 'IIRO', refusal: raw('Olympus ORF') },
  { signature: 'IIRS', refusal: raw('Olympus ORF') },
  { signature: 'MMOR', refusal: raw('Olympus ORF') },
  { signature: 'IIU\0', refusal: raw('Panasonic RW2') },
  { signature: 'HEAPCCDR', offset: 6, refusal: raw('Canon CRW') },
  { signature: 'FOVb', refusal: raw('Sigma X3F') },
  { signature: '\0MRM', refusal: raw('Minolta MRW') },
  { signature: 'ARECOYK', offset: 0x35, refusal: raw('Contax RAW') },
  { signature: '\xff\x0a', refusal: picture('a JPEG XL photo') },
  { signature: '\0\0\0\x0cJXL \r\n\x87\n', refusal: picture('a JPEG XL photo') },
  { signature: '\0\0\0\x0cjP  \r\n\x87\n', refusal: picture('a JPEG 2000 photo') },
  { signature: '\xff\x4f\xff\x51', refusal: picture('a JPEG 2000 photo') },
  { signature: '\xff\xd8\xff\xf7', refusal: picture('a JPEG-LS photo') },
  { signature: 'II\xbc', refusal: picture('a JPEG XR photo') },
  { signature: '8BPS', refusal: picture('a Photoshop document') },
  { signature: 'gimp xcf', refusal: picture('a GIMP document') },
  { signature: '\x76\x2f\x31\x01', refusal: picture('an OpenEXR picture') },
  { signature: '#?RADIANCE', refusal: picture('a Radiance HDR picture') },
  { signature: 'SIMPLE  =', refusal: picture('a FITS picture') },
  { signature: 'BPG\xfb', refusal: picture('a BPG photo') },
  { signature: 'qoif', refusal: picture('a QOI picture') },
  { signature: 'farbfeld', refusal: picture('a farbfeld picture') },
  { signature: 'DDS ', refusal: picture('a DirectDraw texture') },
  { signature: '\x8aMNG', refusal: picture('an MNG animation') },
  { signature: '\x8bJNG', refusal: picture('a JNG picture') },
  { signature: '\0\0\x01\0', refusal: picture('a Windows icon') },
  { signature: '\0\0\x02\0', refusal: picture('a Windows cursor') },
  { signature: '%PDF-', refusal: other('a PDF document') },
  { signature: '%!PS', refusal: other('a PostScript document') },
  { signature: '\xc5\xd0\xd3\xc6', refusal: other('a PostScript document') },
  { signature: 'PK\x03\x04', refusal: other('a ZIP archive or office document') },
  { signature: 'PK\x05\x06', refusal: other('a ZIP archive') },
  { signature: '\x1f\x8b', refusal: other('a compressed file (gzip)') },
  { signature: 'BZh', refusal: other('a compressed file (bzip2)') },
  { signature: '\xfd7zXZ\0', refusal: other('a compressed file (xz)') },
  { signature: '7z\xbc\xaf\x27\x1c', refusal: other('a 7-Zip archive') },
  { signature: 'Rar!', refusal: other('a RAR archive') },
  { signature: '\x7fELF', refusal: other('a program') },
  { signature: 'MZ', refusal: other('a program') },
  { signature: 'SQLite format 3', refusal: other('a database') },
  { signature: '\x1aE\xdf\xa3', refusal: other('a video') },
  { signature: 'OggS', refusal: other('a sound or video file') },
  { signature: 'ID3', refusal: other('a sound file') },
  { signature: 'fLaC', refusal: other('a sound file') },
  { signature: 'MATLAB ', refusal: other('a MATLAB file') },
  { signature: '\x08\xf2\xa6\xb6', refusal: other('a VIPS scratch file') },
  { signature: '\xb6\xa6\xf2\x08', refusal: other('a VIPS scratch file') },
];

const textBytes = 4096;

/** What to say about a file that none of the photo formats claims. */
export function refuseOther(source: ByteSource): EnlargerError {
  for (const { offset = 0, signature, refusal } of kinds) {
    if (source.has(offset, signature.length) && source.text(offset, signature.length) === signature) return refusal();
  }
  return refuseBitmap(source) ?? refuseText(source) ?? notAPhoto('a file of an unknown kind');
}

function refuseBitmap(source: ByteSource): EnlargerError | null {
  if (source.has(0, 18) && source.text(0, 2) === 'BM' && [12, 16, 40, 52, 56, 64, 108, 124].includes(source.u32(14, true))) {
    return unsupported('a Windows bitmap (BMP)');
  }
  if (source.has(0, 12) && source.text(0, 4) === 'RIFF') return notAPhoto('a sound or video file');
  return source.has(0, 3) && /^P[1-7fF]\s/u.test(source.text(0, 3)) ? unsupported('a Netpbm picture (PBM, PGM, PPM)') : null;
}

function refuseText(source: ByteSource): EnlargerError | null {
  const text = source
    .text(0, Math.min(textBytes, source.sizeBytes))
    .replace(/^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/u, '')
    .replaceAll('\0', '');
  if (/<svg[\s>:]|<!doctype\s+svg/iu.test(text)) return notAPhoto('a drawing (SVG)');
  if (/^\s*(?:<!doctype\s+html|<html|<head|<body|<script)/iu.test(text)) return notAPhoto('a web page');
  if (/^\s*<\?xml/iu.test(text)) return notAPhoto('an XML document');
  return /^[\t\n\r\x20-\x7e]+$/u.test(text) ? notAPhoto('a text file') : null;
}
