/** From a raster to a whole file: pixels, profile, and the metadata that is true for them. */
import type { EncodeParams } from '../../photo/engine-protocol.ts';
import { both } from '../both.ts';
import { embedInParts, embedMetadata, finishMetadata, type PhotoMetadata, type Provenance } from '../metadata/metadata.ts';
import type { Written } from '../metadata/rewrite.ts';
import type { RasterPlace } from '../raster/byte-store.ts';
import { rawBytes, type RasterShape } from '../raster/raster.ts';
import type { EngineContext } from '../serve.ts';
import { stopwatch } from '../stopwatch.ts';
import { encodeInParts, encodeRaster, encodeToMemory } from './encode.ts';

export interface FinishedFile {
  /** A picture that carries its profile, in a shape that the format can store. */
  readonly raster: RasterPlace;
  readonly shape: RasterShape;
  /** Of the original, as it was read. */
  readonly metadata: PhotoMetadata;
  readonly sourceBits: number;
  readonly colourConverted: boolean;
  /** Written instead of the original's; null keeps that. */
  readonly densityDpi: number | null;
  readonly strip: EncodeParams['strip'];
  readonly provenance: Provenance;
  readonly output: EncodeParams['output'];
  readonly context: EngineContext;
  /** Side of the tiles that the picture lies in; absent: strips. */
  readonly tileSide?: number;
  /** What must be right, too, before the file counts. */
  readonly alongside?: Promise<void>;
}

/** What was written, and how long it took. */
export interface WrittenFile extends Written {
  readonly encodeMs: number;
  /** 0 where it went into the file while that was encoded. */
  readonly metadataMs: number;
}

/** Of a picture with up to so many bytes uncompressed the file is held until its metadata is in, and written once. */
const heldBytes = 256 * 2 ** 20;

/** Writes the file. Throws `disk-full`, `not-writable`, `cancelled`, or what `alongside` throws. */
export async function writeFinished(file: FinishedFile): Promise<WrittenFile> {
  const { metadata, context, output } = file;
  const finished = finishMetadata(metadata, {
    strip: file.strip,
    width: file.shape.width,
    height: file.shape.height,
    colourConverted: file.colourConverted,
    provenance: file.provenance,
    densityDpi: file.densityDpi,
  });
  const onProblem = (problem: string): void => {
    context.log('warn', problem);
  };
  finished.problems.slice(metadata.problems.length).forEach(onProblem);
  const clock = stopwatch();
  const { path, format } = output;
  const density = file.densityDpi === null ? metadata.density : { x: file.densityDpi, y: file.densityDpi };
  const { raster, shape, sourceBits, tileSide } = file;
  const options = { raster, shape, sourceBits, density, ...output, ...(tileSide === undefined ? {} : { tileSide }) };
  // What is wrong with its input explains more than how the encoder failed at it.
  const besides = async <Value>(work: Promise<Value>): Promise<Value> => {
    const [, value] = await both(file.alongside ?? Promise.resolve(), work);
    context.signal.throwIfAborted();
    return value;
  };
  const parts = encodeInParts(options);
  if (parts !== null && format !== 'tiff') {
    const written = await besides(
      embedInParts(untilAborted(parts, context.signal), path, { format, metadata: finished, onProblem }),
    );
    return { ...written, encodeMs: clock(), metadataMs: 0 };
  }
  if (format !== 'tiff' && rawBytes(shape) <= heldBytes) {
    const encoded = await besides(encodeToMemory(options));
    const encodeMs = clock();
    const written = await embedInParts([encoded], path, { format, metadata: finished, onProblem });
    return { ...written, encodeMs, metadataMs: clock() };
  }
  await besides(encodeRaster(options));
  const encodeMs = clock();
  const written = await embedMetadata({ encoded: path, format, metadata: finished, onProblem });
  return { ...written, encodeMs, metadataMs: clock() };
}

async function* untilAborted<Part>(parts: AsyncIterable<Part>, signal: AbortSignal): AsyncGenerator<Part, void, undefined> {
  for await (const part of parts) {
    signal.throwIfAborted();
    yield part;
  }
}
