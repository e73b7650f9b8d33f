/** Part of a result before the whole of it is made. */
import type { EngineResult, PreviewParams } from '../../photo/engine-protocol.ts';
import { EnlargerError } from '../../photo/failure.ts';
import type { LoadedModel } from '../network/loaded-model.ts';
import type { RasterShape } from '../raster/raster.ts';
import { openRaster } from '../raster/tiff-raster-reader.ts';
import { partsOf } from '../render/render.ts';
import { ScratchPictures } from '../scratch-pictures.ts';
import { writeScreenPicture } from '../screen-picture.ts';
import type { EngineContext } from '../serve.ts';
import { decodeForPreview, type DecodedForPreview } from './decoded-photo.ts';
import { PreviewTiles, type Rectangle } from './preview-tiles.ts';
import { logDigest, TileLog } from './tile-log.ts';

/**
 * Writes the region as a picture for the screen; its pixels are those of a whole run. Tiles are taken from and added to the log. Throws
 * `source-changed`, `cancelled`, `not-found` for a region outside the picture, and what decoding and the network throw.
 */
export async function previewPhoto(
  params: PreviewParams,
  load: () => Promise<LoadedModel | null>,
  context: EngineContext,
): Promise<EngineResult<'preview'>> {
  const scratch = new ScratchPictures(params.scratchDirectory);
  try {
    const source = await decodeForPreview(params, load, scratch, context.signal);
    context.progress('decode', 1);
    const region = cutToPicture(params, source);
    const { shape } = source.picture;
    const size: RasterShape = { ...shape, width: region.width, height: region.height };
    const input = openRaster(source.picture.place);
    const { model } = source;
    const digest = logDigest(partsOf({ ...params, resize: null }, model), params.tileSide);
    const log = TileLog.append(params.tileLog, digest);
    try {
      const tiles = new PreviewTiles({
        input,
        model,
        passes: model === null ? 0 : params.passes,
        tileSide: params.tileSide,
        strength: source.strength ?? 0,
        neutral: source.neutral,
        log,
        signal: context.signal,
      });
      await writeScreenPicture(params.output, size, await tiles.pixels(region), source.icc);
      context.progress('encode', 1);
      return { width: region.width, height: region.height, tiles: tiles.made, reusedTiles: tiles.reused };
    } finally {
      log.close();
      input.close();
    }
  } finally {
    await scratch.removeAll();
  }
}

function cutToPicture({ region, passes }: PreviewParams, { picture, model }: DecodedForPreview): Rectangle {
  const scale = (model?.card.scale ?? 1) ** passes;
  const { width, height } = picture.shape;
  if (region.x >= width * scale || region.y >= height * scale)
    throw new EnlargerError('not-found', 'There is no such part of the picture.');
  return {
    ...region,
    width: Math.min(region.width, width * scale - region.x),
    height: Math.min(region.height, height * scale - region.y),
  };
}
