/** A stored result becomes a file: shrunk if asked, converted to what the format holds, with the photo's metadata. Runs no network. */
import type { EncodeParams, EncodeResult } from '../../photo/engine-protocol.ts';
import { storedShape } from '../encode/stored-shape.ts';
import { writeFinished } from '../encode/write-finished.ts';
import { convertingWriter } from '../raster/converting-writer.ts';
import { copyRaster } from '../raster/copy-raster.ts';
import type { RasterShape } from '../raster/raster.ts';
import { createRaster } from '../raster/tiff-raster-writer.ts';
import { shrink } from '../resample/shrink-with-progress.ts';
import { fill, ScratchPictures, type Picture } from '../scratch-pictures.ts';
import type { EngineContext } from '../serve.ts';
import { stopwatch } from '../stopwatch.ts';
import { verifyLevel, type StoredLevel } from './stored-level.ts';
import { nearestLevel, openResult, openStoredLevel, resultExtra, type StoredResult } from './stored-result.ts';
import { tiledReader } from './tiled-reader.ts';

/** Makes the output file. Throws `damaged` when the result is not as it was written, `disk-full`, `not-writable` and `cancelled`. */
export async function encodeResult(params: EncodeParams, context: EngineContext): Promise<EncodeResult> {
  const startedMs = performance.now();
  const clock = stopwatch();
  const result = await openResult(params.resultDirectory);
  const { manifest } = result;
  const full = nearestLevel(result, 0);
  const level = openStoredLevel(result, full);
  const scratch = new ScratchPictures(params.scratchDirectory);
  try {
    const shape = { ...level.layout.shape, ...(params.size ?? {}) };
    const stored = storedShape(shape, params.output.format);
    const isAsStored = sameShape(stored, level.layout.shape);
    const picture = isAsStored ? { place: level.path, shape } : await convert(level, result, { shape, stored, scratch, context });
    const resizeMs = clock();
    const written = await writeFinished({
      raster: picture.place,
      shape: stored,
      metadata: result.metadata.photo,
      sourceBits: manifest.sourceBits,
      colourConverted: manifest.colourConverted,
      densityDpi: params.densityDpi,
      strip: params.strip,
      provenance: { ...params.provenance, strength: manifest.strength ?? 0 },
      output: params.output,
      context,
      ...(isAsStored ? { tileSide: level.layout.tileSide, alongside: verifyLevel(level, full, context.signal) } : {}),
    });
    context.progress('encode', 1);
    return {
      width: stored.width,
      height: stored.height,
      outputBytes: written.bytes,
      outputSha256: written.sha256,
      strength: manifest.strength,
      ms: {
        resize: resizeMs,
        encode: written.encodeMs,
        metadata: written.metadataMs,
        total: performance.now() - startedMs,
      },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    level.close();
    await scratch.removeAll();
  }
}

interface Conversion {
  /** After shrinking, and as the format holds it. */
  readonly shape: RasterShape;
  readonly stored: RasterShape;
  readonly scratch: ScratchPictures;
  readonly context: EngineContext;
}

/** Every tile is checked as it is read. */
async function convert(
  level: StoredLevel,
  { metadata }: StoredResult,
  { shape, stored, scratch, context }: Conversion,
): Promise<Picture> {
  const place = scratch.newPlace(stored);
  const input = tiledReader(level);
  await fill(convertingWriter(createRaster(place, stored, resultExtra(metadata)), shape), async (output) => {
    if (sameShape(shape, input.shape)) await copyRaster(input, output, context.signal);
    else await shrink(input, output, metadata.profile, context);
  });
  return { place, shape: stored };
}

function sameShape(a: RasterShape, b: RasterShape): boolean {
  return a.width === b.width && a.height === b.height && a.channels === b.channels && a.bitDepth === b.bitDepth;
}
