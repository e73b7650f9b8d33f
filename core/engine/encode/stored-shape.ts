import type { Channels } from '../../photo/facts.ts';
import { formatTraits } from '../../photo/formats.ts';
import type { OutputFormat } from '../../photo/recipe.ts';
import type { RasterShape } from '../raster/raster.ts';
import { encodedDepth } from './encode.ts';

/** What a format can store of a picture of this shape: perhaps fewer bits, perhaps no alpha. */
export function storedShape(shape: RasterShape, format: OutputFormat): RasterShape {
  const hasAlpha = shape.channels % 2 === 0;
  const channels = hasAlpha && !formatTraits[format].alpha ? shape.channels - 1 : shape.channels;
  return { ...shape, channels: channels as Channels, bitDepth: encodedDepth(format, shape.bitDepth) };
}
