/**
 * Metadata from photo to result: read what the original carries, make it true for the enlarged picture,
 * put it into the file that the encoder wrote. The encoder brings pixels and ICC profile only.
 */
import { stat } from 'node:fs/promises';
import type { PhotoFormat } from '../../photo/facts.ts';
import type { OutputFormat, StripPolicy } from '../../photo/recipe.ts';
import { ByteSource, withByteSource } from '../container/byte-source.ts';
import { hashFile } from '../hash-file.ts';
import { tag } from './exif/exif-format.ts';
import { editExif } from './exif/exif-edit.ts';
import { buildExif, densityFields, emptyTree, exifDensity, ifd0Value } from './exif/exif-tree.ts';
import { setExifDensity } from './exif/set-density.ts';
import { readGif } from './gif/read-gif.ts';
import { embedHeif } from './heif/embed-heif.ts';
import { readHeif } from './heif/read-heif.ts';
import { withoutLocation } from './iptc/iim.ts';
import { embedJpeg } from './jpeg/embed-jpeg.ts';
import { readJpeg } from './jpeg/read-jpeg.ts';
import { attempt } from './malformed.ts';
import { emptyMetadata, type PhotoMetadata, type Provenance } from './photo-metadata.ts';
import { embedPng } from './png/embed-png.ts';
import { readPng } from './png/read-png.ts';
import { patchFile, type Piece, rewriteFile, writeParts, type Written } from './rewrite.ts';
import { decodeXmp } from './text.ts';
import { embedTiff } from './tiff/embed-tiff.ts';
import { readTiff } from './tiff/read-tiff.ts';
import { embedWebp } from './webp/embed-webp.ts';
import { readWebp } from './webp/read-webp.ts';
import { addIptcToXmp } from './xmp/iptc-to-xmp.ts';
import { editXmp, isPosition } from './xmp/xmp-edit.ts';

export type { PhotoMetadata, Provenance } from './photo-metadata.ts';

const readers: Record<PhotoFormat, (source: ByteSource) => PhotoMetadata> = {
  jpeg: readJpeg,
  png: readPng,
  webp: readWebp,
  tiff: readTiff,
  avif: readHeif,
  heic: readHeif,
  gif: readGif,
};

/**
 * Reads the metadata of the photo at `path`, whose container is `format`. Reads headers and metadata blocks only,
 * at most 16 MiB each. A bad block is left out and told in `problems`; only failures of the file system throw.
 */
export async function readMetadata(path: string, format: PhotoFormat): Promise<PhotoMetadata> {
  return await withByteSource(path, (source) => metadataOf(source, format));
}

/** The same of a file that is open. */
export function metadataOf(source: ByteSource, format: PhotoFormat): PhotoMetadata {
  const meta = attempt([], 'The file', () => readers[format](source));
  if (meta === null) return { ...emptyMetadata(), problems: ['The file is cut off within its headers'] };
  const { exif, problems } = meta;
  if (exif === null || exif.length === 0) return { ...meta, exif: null };
  // Old writers keep XMP and IPTC as tags inside the EXIF block.
  const value = (id: number) => attempt([], 'EXIF', () => ifd0Value(exif, id));
  const xmp = meta.xmp === null ? value(tag.xmp) : null;
  if (xmp !== null) meta.xmp = attempt(problems, 'XMP', () => decodeXmp(xmp));
  meta.iptc ??= value(tag.iptc);
  meta.density ??= attempt([], 'EXIF', () => exifDensity(exif)); // an unreadable EXIF block is reported when it is edited
  return meta;
}

export interface FinishOptions {
  readonly strip: StripPolicy;
  /** True size of the written, upright picture in pixels. */
  readonly width: number;
  readonly height: number;
  /** The pixels were converted to sRGB: the original's profile and its notes about colour are not kept. */
  readonly colourConverted: boolean;
  readonly provenance: Provenance;
  /** Pixels an inch, said instead of the original's on both axes; null keeps what the original says. */
  readonly densityDpi?: number | null;
}

/** The metadata as it belongs into the enlarged file: upright, of the right size, without thumbnails, stripped as asked. */
export function finishMetadata(meta: PhotoMetadata, options: FinishOptions): PhotoMetadata {
  const { strip, width, height, colourConverted, provenance, densityDpi = null } = options;
  const problems = [...meta.problems];
  const icc = colourConverted ? null : meta.icc;
  const density = densityDpi === null ? null : { x: densityDpi, y: densityDpi };
  if (strip === 'all') return { ...emptyMetadata(), icc, density, problems };
  const stripPosition = strip === 'gps';
  const edit = { width, height, stripPosition, convertedToSrgb: colourConverted, densityDpi };
  const { exif, iptc } = meta;
  const isNotePrivate = (keyword: string) => stripPosition && isPosition('', keyword);
  return {
    exif: exif === null ? null : attempt(problems, 'EXIF', () => withDensity(editExif(exif, edit), densityDpi)),
    xmp: editXmp(meta.xmp, meta.extendedXmp, { ...edit, provenance }, problems),
    extendedXmp: [],
    iptc: iptc === null || !stripPosition ? iptc : attempt(problems, 'IPTC', () => withoutLocation(iptc)),
    copyright: meta.copyright,
    icc,
    density: density ?? meta.density,
    notes: meta.notes.filter(({ keyword }) => !isNotePrivate(keyword)),
    problems,
  };
}

function withDensity(exif: Uint8Array, densityDpi: number | null): Uint8Array {
  return densityDpi === null ? exif : setExifDensity(exif, densityDpi);
}

export interface EmbedOptions {
  /** The file that the encoder wrote. */
  readonly encoded: string;
  readonly format: OutputFormat;
  readonly metadata: PhotoMetadata;
  /** Hears one line for each block that the format could not take. */
  readonly onProblem?: (problem: string) => void;
}

/**
 * Puts finished metadata into the encoded file, replacing EXIF, XMP, IPTC and density there; its ICC profile and
 * pixels stay. TIFF is changed in place by appending, other files are rewritten beside and renamed over.
 * Memory is bounded by the metadata.
 */
export async function embedMetadata({ encoded, format, metadata, onProblem }: EmbedOptions): Promise<Written> {
  if (format !== 'tiff')
    return await rewriteFile(encoded, await withByteSource(encoded, (source) => pieces(source, format, metadata, onProblem)));
  const problems: string[] = [];
  const patches = await withByteSource(encoded, (source) => embedTiff(source, metadata, problems));
  await patchFile(encoded, patches);
  for (const problem of problems) onProblem?.(problem);
  return { bytes: (await stat(encoded)).size, sha256: await hashFile(encoded) };
}

/** The same with a file that is written to `path` for the first time, from parts, the first of which holds all that is in front of its pixels. */
export async function embedInParts(
  parts: AsyncIterable<Buffer> | Iterable<Buffer>,
  path: string,
  { format, metadata, onProblem }: Omit<EmbedOptions, 'encoded'> & { readonly format: Exclude<OutputFormat, 'tiff'> },
): Promise<Written> {
  return await writeParts(path, parts, (first) => pieces(new ByteSource(first, first.length), format, metadata, onProblem));
}

function pieces(
  source: ByteSource,
  format: Exclude<OutputFormat, 'tiff'>,
  metadata: PhotoMetadata,
  onProblem: EmbedOptions['onProblem'],
): Piece[] {
  const problems: string[] = [];
  const meta = format === 'webp' || format === 'avif' ? withoutHomeless(metadata, problems) : metadata;
  const made = embedders[format](source, meta, problems);
  for (const problem of problems) onProblem?.(problem);
  return made;
}

const embedders: Record<
  Exclude<OutputFormat, 'tiff'>,
  (source: ByteSource, meta: PhotoMetadata, problems: string[]) => Piece[]
> = {
  jpeg: embedJpeg,
  png: embedPng,
  webp: embedWebp,
  avif: embedHeif,
};

/** WebP and AVIF know neither IPTC nor a density of their own: these travel as XMP and EXIF. */
function withoutHomeless(meta: PhotoMetadata, problems: string[]): PhotoMetadata {
  const { iptc, density } = meta;
  const xmp = iptc === null ? meta.xmp : (attempt(problems, 'IPTC', () => addIptcToXmp(meta.xmp, iptc)) ?? meta.xmp);
  const exif = meta.exif ?? (density === null ? null : buildExif({ ...emptyTree(), ifd0: densityFields(density) }, true));
  return { ...meta, exif, xmp };
}
