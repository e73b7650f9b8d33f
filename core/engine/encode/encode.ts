/** From a raster to an encoded file: pixels and ICC profile only, everything else is added afterwards. */
import { statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import type { Sharp } from 'sharp';
import { EnlargerError } from '../../photo/failure.ts';
import type { SampleDepth } from '../../photo/facts.ts';
import { formatTraits } from '../../photo/formats.ts';
import type { OutputFormat } from '../../photo/recipe.ts';
import { MemoryPlace, type RasterPlace } from '../raster/byte-store.ts';
import { rawBytes, type RasterShape } from '../raster/raster.ts';
import { sharp } from '../sharp.ts';
import { bandRows, bandsOf, jpegOfBands, type Band } from './jpeg-bands.ts';

export interface EncodeOptions {
  /** A scratch raster that carries its profile. */
  readonly raster: RasterPlace;
  readonly shape: RasterShape;
  /** Bits a sample of the original, for formats with depths between 8 and 16. */
  readonly sourceBits: number;
  readonly path: string;
  readonly format: OutputFormat;
  /** 1..100; null where the format has no quality. */
  readonly quality: number | null;
  /** Dots per inch, or null when the original does not say. */
  readonly density: { readonly x: number; readonly y: number } | null;
  /** Side of the tiles that the raster lies in, whole rows of which are read without looking for them; absent: strips. */
  readonly tileSide?: number;
}

// From here on chroma is kept at full resolution: halving it shows at red edges.
const fullChromaQuality = 90;
const defaultJpegQuality = 95;
const classicTiffBytes = 3.5 * 2 ** 30;

/** Bits a sample that a raster must have before it is encoded. */
export function encodedDepth(format: OutputFormat, depth: SampleDepth): SampleDepth {
  return format === 'jpeg' || format === 'webp' ? 8 : depth;
}

/** Writes the file. Device values are not converted. Throws `disk-full` or `not-writable`. Resolves to the file's size in bytes. */
export async function encodeRaster(options: EncodeOptions): Promise<number> {
  try {
    const { size } = await (await pipeline(options)).toFile(options.path);
    return size;
  } catch (thrown) {
    throw await writeFailure(thrown, options.path);
  }
}

/** The same file in memory, or one of these rows of the picture. Throws `not-writable`. */
export async function encodeToMemory(options: EncodeOptions, band?: Band): Promise<Buffer> {
  try {
    return await (await pipeline(options, band)).toBuffer();
  } catch (thrown) {
    throw await writeFailure(thrown, options.path);
  }
}

// Larger ones gain nothing, and the last one would leave cores without work for longer.
const bandRowsLimit = 512;

/**
 * The same file as parts, from its beginning, its whole header in the first: a JPEG made on several cores. null for other
 * formats, and where bands would cost more than they save. Reading throws `not-writable`.
 */
export function encodeInParts(options: EncodeOptions): AsyncGenerator<Buffer, void, undefined> | null {
  const { format, shape, tileSide, quality } = options;
  if (format !== 'jpeg' || tileSide === undefined || tileSide % 16 !== 0) return null;
  const blockSide = keepsChroma(quality) || shape.channels < 3 ? 8 : 16;
  const rows = bandRows(shape.width, { multiple: tileSide, most: Math.max(tileSide, bandRowsLimit), blockSide });
  if (rows === 0 || rows >= shape.height) return null;
  const encode = async (band: Band): Promise<Buffer> => encodeToMemory(options, band);
  // One more than there are cores: a band that begins or ends leaves a core idle now and then.
  return jpegOfBands(shape, bandsOf(shape.height, rows), { encode, blockSide, atOnce: Math.min(4, availableParallelism() + 1) });
}

async function pipeline(options: EncodeOptions, band?: Band): Promise<Sharp> {
  const whole = sharp(options.raster instanceof MemoryPlace ? options.raster.bytes : options.raster, {
    limitInputPixels: false,
    unlimited: true,
    sequentialRead: true,
  });
  const raster =
    band === undefined ? whole : whole.extract({ left: 0, top: band.top, width: options.shape.width, height: band.rows });
  // keepIccProfile makes libvips carry the profile along instead of converting to sRGB. Grey in a format without
  // grey becomes RGB, where a grey profile would be wrong: there the conversion is what is wanted.
  const spread = options.shape.channels < 3 && !formatTraits[options.format].grey;
  const picture = inOwnSpace(spread ? raster : raster.keepIccProfile(), options.shape);
  // sharp converts 8-bit grey by its profile without being asked, 16-bit grey only on the way out.
  const converted =
    spread && options.shape.bitDepth === 16 && (await raster.metadata()).hasProfile
      ? picture.withIccProfile('srgb', { attach: false })
      : picture;
  return encoder(converted, options);
}

function keepsChroma(quality: number | null): boolean {
  return (quality ?? defaultJpegQuality) >= fullChromaQuality;
}

function inOwnSpace(picture: Sharp, shape: RasterShape): Sharp {
  const grey = shape.channels < 3;
  if (shape.bitDepth === 16) return picture.toColourspace(grey ? 'grey16' : 'rgb16');
  return grey ? picture.toColourspace('b-w') : picture;
}

function encoder(picture: Sharp, { format, quality, shape, sourceBits, density }: EncodeOptions): Sharp {
  const deep = shape.bitDepth === 16;
  switch (format) {
    case 'jpeg':
      // Optimised Huffman tables hold every coefficient in memory: gigabytes for large results.
      return picture.jpeg({
        quality: quality ?? defaultJpegQuality,
        chromaSubsampling: keepsChroma(quality) ? '4:4:4' : '4:2:0',
        optimiseCoding: false,
      });
    case 'png':
      return picture.png({ compressionLevel: 4 });
    case 'webp':
      return picture.webp({ quality: quality ?? 92, effort: 2, smartSubsample: true });
    case 'avif':
      return picture.avif({
        quality: quality ?? 75,
        effort: 2,
        chromaSubsampling: '4:4:4',
        bitdepth: deep ? (sourceBits <= 10 ? 10 : 12) : 8,
      });
    case 'tiff':
      // LZW makes 16-bit samples larger; both kinds are read everywhere.
      return picture.tiff({
        compression: deep ? 'deflate' : 'lzw',
        predictor: 'horizontal',
        bigtiff: rawBytes(shape) > classicTiffBytes,
        ...resolution(density),
      });
  }
}

/** Pixels a millimetre; without them sharp would write 25.4 dots an inch. */
function resolution(density: EncodeOptions['density']): { xres: number; yres: number } {
  const { x, y } = density ?? { x: 72, y: 72 };
  return { xres: x / 25.4, yres: y / 25.4 };
}

/** libvips says what failed in words only, so the disk itself is asked. */
async function writeFailure(thrown: unknown, path: string): Promise<EnlargerError> {
  const disk = await statfs(dirname(path)).catch(() => null);
  if (disk !== null && disk.bavail * disk.bsize < 2 ** 20) {
    return new EnlargerError(
      'disk-full',
      'The disk of the target folder is full. Free some space there, or choose another folder.',
      { cause: thrown },
    );
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new EnlargerError(
    'not-writable',
    `The result could not be encoded or written (${text}). Check the target folder, or choose another format.`,
    { cause: thrown },
  );
}
