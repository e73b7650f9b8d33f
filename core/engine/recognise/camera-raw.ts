/** Camera RAW files that are built like TIFF, told from photos that are TIFF. */
import type { EnlargerError } from '../../photo/failure.ts';
import type { ByteSource } from '../container/byte-source.ts';
import { nullIfMalformed } from '../container/malformed-container.ts';
import { entryNumber, findEntry, readDirectory } from '../container/tiff-structure.ts';
import type { TiffDirectory, TiffHead } from '../container/tiff-structure.ts';
import { unsupported } from './refusals.ts';

const tag = { compression: 259, photometric: 262, make: 271, subDirectories: 330, dngVersion: 50706 } as const;
/** Colour filter array (TIFF/EP) and LinearRaw (DNG). */
const rawPhotometrics: ReadonlySet<number> = new Set([32803, 34892]);
/** Sony ARW, Samsung SRW, Nikon NEF, Kodak DCR, Pentax PEF: sensor data packed by the camera's own method. */
const rawCompressions: ReadonlySet<number> = new Set([32767, 32769, 32770, 34713, 65000, 65535]);

export function cameraRaw(name: string): EnlargerError {
  return unsupported(name, 'Develop it to JPEG or 16-bit TIFF with your RAW program first, then enlarge that file.');
}

/** Throws `unsupported-format` when the first directory, or one below it, describes sensor data. */
export function refuseCameraRaw(source: ByteSource, head: TiffHead, first: TiffDirectory): void {
  if (findEntry(first, tag.dngVersion) !== undefined) throw cameraRaw('a camera RAW photo (DNG)');
  if (source.has(8, 2) && source.text(8, 2) === 'CR' && !head.isBig) throw cameraRaw('a camera RAW photo (Canon CR2)');
  if (isSensorData(source, head, first)) throw cameraRaw(describe(source, first));
  const below = findEntry(first, tag.subDirectories);
  for (let index = 0; index < Math.min(16, below?.count ?? 0); index++) {
    const offset = entryNumber(source, head, below, index);
    if (offset === undefined || offset === 0) continue;
    // A broken preview directory says nothing about the first page.
    const directory = nullIfMalformed(() => readDirectory(source, head, offset));
    if (directory !== null && isSensorData(source, head, directory)) throw cameraRaw(describe(source, first));
  }
}

function isSensorData(source: ByteSource, head: TiffHead, directory: TiffDirectory): boolean {
  const number = (key: number): number => entryNumber(source, head, findEntry(directory, key)) ?? 0;
  return rawPhotometrics.has(number(tag.photometric)) || rawCompressions.has(number(tag.compression));
}

function describe(source: ByteSource, first: TiffDirectory): string {
  const make = findEntry(first, tag.make);
  if (make === undefined || make.count > 64 || !source.has(make.valueAt, make.count)) return 'a camera RAW photo';
  const name = source
    .text(make.valueAt, make.count)
    .replace(/[^\x20-\x7e].*$/su, '')
    .trim();
  return name === '' ? 'a camera RAW photo' : `a camera RAW photo (${name})`;
}
