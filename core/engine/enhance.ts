/** One photo through the engine: decode → network → shrink → encode → metadata, in scratch files and rows. */
import { performance } from 'node:perf_hooks';
import type { EnhanceParams, EnhanceResult } from '../photo/engine-protocol.ts';
import { EnlargerError } from '../photo/failure.ts';
import { formatTraits } from '../photo/formats.ts';
import { chooseStrength } from './damage/choose-strength.ts';
import { decodePhoto } from './decode/decode-photo.ts';
import { encodedDepth, encodeRaster } from './encode/encode.ts';
import { hashFile } from './hash-file.ts';
import { embedMetadata, finishMetadata, readMetadata } from './metadata/metadata.ts';
import { enlargeRaster } from './network/enlarge-raster.ts';
import type { LoadedModel } from './network/loaded-model.ts';
import { copyRaster } from './raster/copy-raster.ts';
import type { Channels } from '../photo/facts.ts';
import type { ModelCard } from '../photo/model-card.ts';
import type { RasterPlace } from './raster/byte-store.ts';
import type { RasterShape } from './raster/raster.ts';
import type { RasterExtra } from './raster/tiff-layout.ts';
import { shrinkRaster } from './resample/shrink-raster.ts';
import { ScratchPictures, type Picture } from './scratch-pictures.ts';
import type { EngineContext } from './serve.ts';

/**
 * Makes the output file of `params`. `loading` brings the model, null when nothing is enlarged; the photo is decoded
 * meanwhile. Throws `source-changed` when the
 * original no longer has the hash of its facts, before or after the work; `cancelled` when the signal aborts.
 */
export async function enhancePhoto(
  params: EnhanceParams,
  loading: Promise<LoadedModel | null>,
  context: EngineContext,
): Promise<EnhanceResult> {
  // It is awaited only after the decoder was started; until then a failure must not count as unhandled.
  loading.catch(() => undefined);
  const started = performance.now();
  const clock = stopwatch();
  const scratch = new ScratchPictures(params.scratchDirectory);
  const notes: string[] = [];
  try {
    await requireUnchanged(params);
    const decodedPath = scratch.newPath();
    const decoding = decodePhoto({
      path: params.path,
      facts: params.facts,
      scratchPath: decodedPath,
      signal: context.signal,
    });
    const [decoded, model] = await both(decoding, loading);
    notes.push(...decoded.notes);
    const metadata = await readMetadata(params.path, params.facts.format);
    for (const problem of metadata.problems) context.log('warn', problem);
    const extra: RasterExtra = { icc: decoded.icc, density: metadata.density };
    const decodeMs = clock();
    context.progress('decode', 1);

    const strength = await usedStrength(params, model?.card ?? null, decodedPath);
    const target = params.resize ?? grownSize(decoded.shape, model?.card.scale ?? 1, params.passes);
    const stored = storedShape(params, decoded.shape, target);
    let picture: Picture = { place: decodedPath, shape: decoded.shape };
    let tiles = 0;
    let inferMs = 0;
    for (let pass = 0; pass < params.passes && model !== null; pass += 1) {
      const last = pass === params.passes - 1 && params.resize === null;
      const share = passShare(model.card.scale, pass, params.passes);
      const from = picture;
      const shape = { ...from.shape, ...grownSize(from.shape, model.card.scale, 1) };
      picture = await scratch.advance({
        from,
        shape,
        stored: last ? stored : shape,
        extra,
        work: async (input, output) => {
          const run = await enlargeRaster({
            input,
            output,
            network: model.network,
            card: model.card,
            tileSide: params.tileSide,
            // What the first pass cleaned is clean for the others.
            strength: pass === 0 ? (strength ?? 0) : 0,
            signal: context.signal,
            onTile: ({ done, total }) => {
              context.progress('infer', share.from + (share.to - share.from) * (done / total));
            },
          });
          tiles += run.tiles;
          inferMs += run.inferMs;
        },
      });
    }
    const networkMs = clock();
    const shape = { ...picture.shape, ...target };
    if (params.resize !== null) {
      picture = await scratch.advance({
        from: picture,
        shape,
        stored,
        extra,
        work: async (input, output) => {
          await shrinkRaster({
            input,
            output,
            icc: decoded.icc,
            signal: context.signal,
            onProgress: (fraction) => {
              context.progress('resize', fraction);
            },
          });
        },
      });
    } else if (params.passes === 0) {
      picture = await scratch.advance({
        from: picture,
        shape,
        stored,
        extra,
        work: async (input, output) => copyRaster(input, output, context.signal),
      });
    }
    const resizeMs = clock();
    await encodeRaster({
      raster: picture.place,
      shape: picture.shape,
      sourceBits: params.facts.bitDepth,
      density: metadata.density,
      ...params.output,
    });
    context.signal.throwIfAborted();
    const encodeMs = clock();
    const finished = finishMetadata(metadata, {
      strip: params.strip,
      width: target.width,
      height: target.height,
      colourConverted: params.facts.colour === 'cmyk' || params.facts.colour === 'other',
      provenance: { ...params.provenance, strength: strength ?? 0 },
    });
    for (const problem of finished.problems.slice(metadata.problems.length)) context.log('warn', problem);
    const outputBytes = await embedMetadata({
      encoded: params.output.path,
      format: params.output.format,
      metadata: finished,
      onProblem: (problem) => {
        context.log('warn', problem);
      },
    });
    await requireUnchanged(params);
    const metadataMs = clock();
    context.progress('encode', 1);
    return {
      ...target,
      outputBytes,
      strength,
      tiles,
      ms: {
        decode: decodeMs,
        infer: inferMs,
        pack: networkMs - inferMs,
        resize: resizeMs,
        encode: encodeMs,
        metadata: metadataMs,
        total: performance.now() - started,
      },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      notes,
    };
  } finally {
    await scratch.removeAll();
  }
}

/** The strength of a network that has one; null for any other. */
async function usedStrength(params: EnhanceParams, card: ModelCard | null, decoded: RasterPlace): Promise<number | null> {
  if (card?.input.extraPlanes.includes('strength') !== true) return null;
  if (params.strength !== 'auto') return params.strength;
  return await chooseStrength(params.path, params.facts, decoded);
}

/** Waits for both also when one fails, so that nothing still writes while the scratch files are removed. */
async function both<First, Second>(first: Promise<First>, second: Promise<Second>): Promise<[First, Second]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

async function requireUnchanged(params: EnhanceParams): Promise<void> {
  const sha256 = await hashFile(params.path);
  if (sha256 === params.facts.sha256) return;
  throw new EnlargerError(
    'source-changed',
    'The photo was changed by another program while it was worked on. Run the command again.',
    { retry: true },
  );
}

/** What the last scratch raster holds: the shape that the format can store. */
function storedShape(params: EnhanceParams, decoded: RasterShape, size: { width: number; height: number }): RasterShape {
  const { format } = params.output;
  const hasAlpha = decoded.channels % 2 === 0;
  const channels = hasAlpha && !formatTraits[format].alpha ? decoded.channels - 1 : decoded.channels;
  return { ...size, channels: channels as Channels, bitDepth: encodedDepth(format, decoded.bitDepth) };
}

function grownSize(size: { width: number; height: number }, scale: number, passes: number): { width: number; height: number } {
  return { width: size.width * scale ** passes, height: size.height * scale ** passes };
}

/** Part of the network's work that lies before and through a pass; each pass has scale² times the pixels of the last. */
function passShare(scale: number, pass: number, passes: number): { from: number; to: number } {
  const pixels = (count: number): number => {
    let sum = 0;
    for (let index = 0; index < count; index += 1) sum += scale ** (2 * index);
    return sum;
  };
  return { from: pixels(pass) / pixels(passes), to: pixels(pass + 1) / pixels(passes) };
}

/** Milliseconds since it was made or last asked. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const elapsed = now - last;
    last = now;
    return elapsed;
  };
}
