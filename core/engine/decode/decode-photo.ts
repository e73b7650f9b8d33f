import { readFile, rename } from 'node:fs/promises';
import { EnlargerError } from '../../photo/failure.ts';
import { rasterShape } from '../../photo/facts.ts';
import type { PhotoFacts } from '../../photo/facts.ts';
import { fillRaster } from '../raster/fill-raster.ts';
import type { RasterShape } from '../raster/raster.ts';
import { scratchError } from '../raster/scratch-error.ts';
import { openRaster } from '../raster/tiff-raster-reader.ts';
import { refuseTooLarge } from '../recognise/decode-cost.ts';
import { ByteSource } from '../container/byte-source.ts';
import { openOriginal } from '../container/open-original.ts';
import type { PhotoHeader } from '../recognise/photo-header.ts';
import { readHeader } from '../recognise/read-header.ts';
import { damaged } from '../recognise/refusals.ts';
import { decodeBySharp } from './decode-by-sharp.ts';
import { decodeHeic } from './decode-heic.ts';
import { chooseProfile } from './profiles.ts';
import { copyThrough, repeatBits } from './sample-passes.ts';
import { removeScratch, requireScratchSpace, scratchFileBytes } from './scratch-space.ts';

export interface DecodeRequest {
  readonly path: string;
  /** Of the same file, from `recognise`. */
  readonly facts: PhotoFacts;
  /** File that becomes the raster; left behind only on success. */
  readonly scratchPath: string;
  /** Looked at before and after decoding: a decoder cannot be stopped on the way. */
  readonly signal?: AbortSignal;
}

export interface DecodedPhoto {
  readonly shape: RasterShape;
  /** Profile that the samples are meant in, or null for sRGB. */
  readonly icc: Uint8Array | null;
  /** Sentences about what was changed on the way. */
  readonly notes: string[];
}

/**
 * Decodes a photo to an upright raster with the original's device values: `rasterShape(facts)` samples,
 * alpha not premultiplied, 10- and 12-bit samples spread over 16. Throws an `EnlargerError`: `damaged` for
 * a file that is cut or broken or no longer what `facts` say, `too-large`, `disk-full`, `cancelled`.
 */
export async function decodePhoto(request: DecodeRequest): Promise<DecodedPhoto> {
  const { path, facts, scratchPath, signal } = request;
  throwIfCancelled(signal);
  const header = await readHeaderAgain(path);
  const shape: RasterShape = { width: facts.width, height: facts.height, ...rasterShape(facts) };
  if (!agrees(header, facts))
    throw new EnlargerError('source-changed', 'The file was changed while it was worked on. Run it again.', { retry: true });
  const neededBytes = scratchFileBytes(shape) * (needsSpreading(header) ? 2 : 1);
  await requireScratchSpace(scratchPath, neededBytes);
  try {
    await decodeWith(path, header, shape, scratchPath);
    checkShape(scratchPath, shape);
    if (needsSpreading(header)) await spreadBits(scratchPath, header.bitDepth);
    throwIfCancelled(signal);
  } catch (thrown) {
    const failure = await explain(thrown, scratchPath, neededBytes);
    await removeScratch(scratchPath);
    throw failure;
  }
  const { icc, notes } = await chooseProfile(header);
  return { shape, icc, notes: [...notes, ...notesAbout(header)] };
}

async function readHeaderAgain(path: string): Promise<PhotoHeader> {
  const { handle, size } = await openOriginal(path);
  try {
    const header = readHeader(new ByteSource(handle.fd, size));
    refuseTooLarge(header);
    return header;
  } finally {
    await handle.close();
  }
}

function agrees(header: PhotoHeader, facts: PhotoFacts): boolean {
  const [width, height] = header.orientation >= 5 ? [header.height, header.width] : [header.width, header.height];
  return (
    header.format === facts.format &&
    width === facts.width &&
    height === facts.height &&
    header.orientation === facts.orientation &&
    header.colour === facts.colour &&
    header.hasAlpha === facts.hasAlpha &&
    header.bitDepth === facts.bitDepth
  );
}

async function decodeWith(path: string, header: PhotoHeader, shape: RasterShape, scratchPath: string): Promise<void> {
  if (header.format === 'heic') await decodeHeic(await readFile(path), header, shape, scratchPath);
  else await decodeBySharp(path, header, shape, scratchPath);
}

function checkShape(scratchPath: string, shape: RasterShape): void {
  const raster = openRaster(scratchPath);
  raster.close();
  const found = raster.shape;
  if (
    found.width !== shape.width ||
    found.height !== shape.height ||
    found.channels !== shape.channels ||
    found.bitDepth !== shape.bitDepth
  ) {
    throw damaged('its picture is not what its header says');
  }
}

function needsSpreading(header: PhotoHeader): boolean {
  return header.format === 'avif' && header.bitDepth > 8;
}

/** libvips leaves 10 and 12 bits at the top of 16, where white is a little less than white. */
async function spreadBits(scratchPath: string, bits: number): Promise<void> {
  const spreadPath = `${scratchPath}.spread`;
  const from = openRaster(scratchPath);
  try {
    fillRaster(spreadPath, from.shape, { icc: null, density: null }, (to) => {
      copyThrough(from, to, repeatBits(bits));
    });
  } catch (thrown) {
    await removeScratch(spreadPath);
    throw thrown;
  } finally {
    from.close();
  }
  await rename(spreadPath, scratchPath);
}

/** Decoders say in words only what went wrong; a full disk is told by looking, the rest is the file's fault. */
async function explain(thrown: unknown, scratchPath: string, neededBytes: number): Promise<unknown> {
  const known = scratchError(thrown);
  if (known instanceof EnlargerError) return known;
  try {
    await requireScratchSpace(scratchPath, neededBytes);
  } catch (full) {
    return full;
  }
  return damaged('it cannot be decoded to the end', thrown);
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new EnlargerError('cancelled', 'Stopped.');
}

function notesAbout(header: PhotoHeader): string[] {
  const notes: string[] = [];
  if (header.pages > 1) {
    const parts = header.format === 'tiff' ? 'pages' : 'frames';
    notes.push(`the file has ${String(header.pages)} ${parts}: only the first was used`);
  }
  if ((header.extraSamples ?? 0) > 0) notes.push('an extra channel of the TIFF that is no transparency was left out');
  return notes;
}
