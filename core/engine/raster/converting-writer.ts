/** A raster writer that takes rows of one shape and stores them in another, so that no extra pass over the disk is needed. */
import { allocateRows, maxSample, type RasterShape, type RasterWriter, type Samples } from './raster.ts';

/**
 * Accepts rows of `from` and writes them to `target`, which may have fewer bits a sample and may lack
 * alpha (transparent parts are laid over white, in the encoding of the photo, as viewers do).
 * Closing it closes `target`.
 */
export function convertingWriter(target: RasterWriter, from: RasterShape): RasterWriter {
  const to = target.shape;
  if (from.width !== to.width || from.height !== to.height) throw new RangeError('a conversion keeps the size');
  if (from.channels === to.channels && from.bitDepth === to.bitDepth) return target;
  const flattens = from.channels === to.channels + 1 && from.channels % 2 === 0;
  if (from.channels !== to.channels && !flattens) throw new RangeError('a conversion can only drop alpha');
  return {
    shape: from,
    writeRows(y, rows, samples) {
      const converted = allocateRows(to, rows);
      if (flattens) flatten(samples, converted, from, to);
      else rescale(samples, converted, from, to);
      target.writeRows(y, rows, converted);
    },
    close() {
      target.close();
    },
  };
}

function rescale(samples: Samples, converted: Samples, from: RasterShape, to: RasterShape): void {
  const factor = maxSample(to.bitDepth) / maxSample(from.bitDepth);
  for (let at = 0; at < converted.length; at += 1) converted[at] = Math.round(samples[at]! * factor);
}

function flatten(samples: Samples, converted: Samples, from: RasterShape, to: RasterShape): void {
  const colours = to.channels;
  const top = maxSample(from.bitDepth);
  const factor = maxSample(to.bitDepth) / top;
  for (let pixel = 0, out = 0; out < converted.length; pixel += from.channels, out += colours) {
    const opacity = samples[pixel + colours]! / top;
    for (let colour = 0; colour < colours; colour += 1) {
      converted[out + colour] = Math.round((top + (samples[pixel + colour]! - top) * opacity) * factor);
    }
  }
}
