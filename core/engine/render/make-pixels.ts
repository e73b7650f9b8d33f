/** From the decoded picture to the last one: passes of the network, then a shrink where the target lies between the scales. */
import { enlargeRaster, type KnownTiles } from '../network/enlarge-raster.ts';
import { isNeutral } from '../network/neutral.ts';
import { copyRaster } from '../raster/copy-raster.ts';
import type { RasterReader, RasterShape, RasterWriter } from '../raster/raster.ts';
import { shrink } from '../resample/shrink-with-progress.ts';
import { fill, type ScratchPictures } from '../scratch-pictures.ts';
import type { EngineContext } from '../serve.ts';
import { stopwatch } from '../stopwatch.ts';
import type { Source } from './source.ts';

export interface PixelRequest {
  readonly passes: number;
  readonly tileSide: number;
  readonly resize: { readonly width: number; readonly height: number } | null;
}

export interface PixelRun {
  /** Network tiles that were run, and those that were known before. */
  readonly tiles: number;
  readonly reusedTiles: number;
  /** Milliseconds: the network alone, all its passes, and the last step where it is none of the network. */
  readonly inferMs: number;
  readonly passesMs: number;
  readonly lastStepMs: number;
}

/** Shape of the picture that `makePixels` ends with. */
function finalShape({ picture, model }: Source, { passes, resize }: PixelRequest): RasterShape {
  return { ...picture.shape, ...(resize ?? grown(picture.shape, (model?.card.scale ?? 1) ** passes)) };
}

export interface PixelPlaces {
  readonly scratch: ScratchPictures;
  readonly context: EngineContext;
  /** Makes what takes the rows of the last picture, in order. */
  readonly openLast: (shape: RasterShape) => RasterWriter;
  /** Tiles of a pass that need not be run. */
  readonly known?: (pass: number) => KnownTiles | null;
}

/**
 * Makes the last picture, of `finalShape`, and closes its writer. Intermediate pictures come and go in `scratch`. Throws `cancelled`, and what
 * network and files throw.
 */
export async function makePixels(
  source: Source,
  request: PixelRequest,
  { scratch, context, openLast, known }: PixelPlaces,
): Promise<PixelRun> {
  const clock = stopwatch();
  const extra = { icc: source.icc, density: source.metadata.density };
  const run = { tiles: 0, reusedTiles: 0, inferMs: 0 };
  const { model } = source;
  const passes = model === null ? 0 : request.passes;
  let { picture } = source;
  let neutral: boolean | null = null;

  const enlarge = async (pass: number, input: RasterReader, output: RasterWriter): Promise<void> => {
    if (model === null) return;
    neutral ??= isNeutral(input);
    const share = passShare(model.card.scale, pass, passes);
    const made = await enlargeRaster({
      input,
      output,
      network: model.network,
      card: model.card,
      tileSide: request.tileSide,
      // What the first pass cleaned is clean for the others; and what was grey before it is grey for good.
      strength: pass === 0 ? (source.strength ?? 0) : 0,
      neutral,
      known: known?.(pass) ?? null,
      signal: context.signal,
      onTile: ({ done, total }) => {
        context.progress('infer', share.from + (share.to - share.from) * (done / total));
      },
    });
    run.tiles += made.tiles;
    run.reusedTiles += made.reusedTiles;
    run.inferMs += made.inferMs;
  };

  for (let pass = 0; pass < passes && model !== null; pass += 1) {
    const shape = { ...picture.shape, ...grown(picture.shape, model.card.scale) };
    const work = (output: RasterWriter) => scratch.consume(picture, async (input) => enlarge(pass, input, output));
    if (pass === passes - 1 && request.resize === null) await fill(openLast(shape), work);
    else picture = await scratch.make(shape, extra, work);
  }
  const passesMs = clock();
  if (passes === 0 || request.resize !== null) {
    await fill(openLast(finalShape(source, request)), async (output) =>
      scratch.consume(picture, async (input) => {
        if (request.resize === null) await copyRaster(input, output, context.signal);
        else await shrink(input, output, source.icc, context);
      }),
    );
  }
  return { ...run, passesMs, lastStepMs: clock() };
}

function grown(size: { width: number; height: number }, scale: number): { width: number; height: number } {
  return { width: size.width * scale, height: size.height * scale };
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
