/** A photo becomes a stored result: decode → network → shrink, straight into the tiles of the result's folder, and last its manifest. */
import type { RenderParams, RenderResult } from '../../photo/engine-protocol.ts';
import { pixelVersion, type ResultParts } from '../../photo/result.ts';
import type { KnownTiles } from '../network/enlarge-raster.ts';
import type { LoadedModel } from '../network/loaded-model.ts';
import type { RasterShape } from '../raster/raster.ts';
import { tileSideFor } from '../result/levels.ts';
import { writeManifest } from '../result/manifest.ts';
import { createPyramid, type PyramidWriter } from '../result/pyramid-writer.ts';
import { writeMetadata } from '../result/stored-metadata.ts';
import { resultExtra } from '../result/stored-result.ts';
import { ScratchPictures } from '../scratch-pictures.ts';
import type { EngineContext } from '../serve.ts';
import { stopwatch } from '../stopwatch.ts';
import { forgetDecoded } from '../preview/decoded-photo.ts';
import { logDigest, TileLog } from '../preview/tile-log.ts';
import { makePixels } from './make-pixels.ts';
import { openSource } from './source.ts';
import { stageTimes } from './stage-times.ts';
import { requireUnchanged } from './unchanged.ts';

/**
 * Fills the result's folder. `loading` brings the model, null when nothing is enlarged; the photo is decoded meanwhile. Throws `source-changed`
 * when the original no longer has the hash of its facts, before or after the work: then there is no manifest. Throws `cancelled` when the signal
 * aborts.
 */
export async function renderPhoto(
  params: RenderParams,
  loading: Promise<LoadedModel | null>,
  context: EngineContext,
): Promise<RenderResult> {
  // It is awaited only after the decoder was started; until then a failure must not count as unhandled.
  loading.catch(() => undefined);
  const startedMs = performance.now();
  const clock = stopwatch();
  const scratch = new ScratchPictures(params.scratchDirectory);
  const { facts, resultDirectory: directory } = params;
  let log: TileLog | null = null;
  forgetDecoded();
  try {
    await requireUnchanged(params.path, facts.sha256);
    const source = await openSource(params, loading, scratch, context);
    const decodeMs = clock();
    const parts = partsOf(params, source.model);
    log = params.tileLog === null ? null : TileLog.read(params.tileLog, logDigest(parts, params.tileSide));
    const stored = { profile: source.icc, photo: source.metadata };
    let pyramid: PyramidWriter | undefined;
    const openLast = (shape: RasterShape): PyramidWriter => {
      pyramid = createPyramid(directory, shape, tileSideFor(shape), resultExtra(stored));
      return pyramid;
    };
    const { bitDepth } = source.picture.shape;
    const known = (pass: number): KnownTiles | null => log?.pass(pass, bitDepth) ?? null;
    const run = await makePixels(source, params, { scratch, context, openLast, known });
    clock();
    const notes = [...source.notes, ...badTileNotes(source.model)];
    if (pyramid === undefined) throw new Error('no picture was made');
    const { shape, levels, storeMs } = pyramid;
    const stages = stageTimes({ ...run, storeMs, passesStore: params.passes > 0 && params.resize === null });
    const metadata = await writeMetadata(directory, stored);
    await requireUnchanged(params.path, facts.sha256);
    context.signal.throwIfAborted();
    const manifestBytes = await writeManifest(directory, {
      version: 1,
      parts,
      ...shape,
      sourceBits: facts.bitDepth,
      colourConverted: facts.colour === 'cmyk' || facts.colour === 'other',
      tileSide: tileSideFor(shape),
      levels: [...levels],
      metadataCrc32: metadata.crc32,
      strength: source.strength,
      notes,
    });
    context.progress('encode', 1);
    return {
      width: shape.width,
      height: shape.height,
      storedBytes: levels.reduce((sum, level) => sum + level.fileBytes, metadata.bytes + manifestBytes),
      strength: source.strength,
      tiles: run.tiles,
      reusedTiles: run.reusedTiles,
      ms: {
        decode: decodeMs,
        ...stages,
        store: stages.store + clock(),
        total: performance.now() - startedMs,
      },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      notes,
    };
  } finally {
    log?.close();
    await scratch.removeAll();
  }
}

/** Told where the device went wrong once: the photo is right, but its owner should know. */
function badTileNotes(model: LoadedModel | null): string[] {
  return (model?.takeBadTiles() ?? []).map(
    (wrong) => `the graphics processor computed ${wrong} for one tile; it was computed again on the processor`,
  );
}

/** What decides the pixels of this render. */
export function partsOf(
  { facts, passes, strength, resize }: Pick<RenderParams, 'facts' | 'passes' | 'strength' | 'resize'>,
  model: LoadedModel | null,
): ResultParts {
  return {
    sourceSha256: facts.sha256,
    orientation: facts.orientation,
    modelSha256: model?.sha256 ?? null,
    passes,
    strength,
    resize,
    pixelVersion,
  };
}
