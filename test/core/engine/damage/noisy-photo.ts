/** Photos with damage of a known size. */
import { drawSample } from '../../../../core/engine/sample/draw-sample.ts';
import {
  allocateRows,
  maxSample,
  type RasterReader,
  type RasterShape,
  type Samples,
} from '../../../../core/engine/raster/raster.ts';
import { memoryReader } from '../../../fixtures/memory-raster.ts';
import { randomStream } from '../../../fixtures/pictures.ts';

/** The drawn photo, in any shape, with Gaussian noise of `deviation` 8-bit codes, independent in each channel. */
export function noisySample(shape: RasterShape, deviation: number): Samples {
  const rgb = drawn(shape.width, shape.height);
  const samples = allocateRows(shape, shape.height);
  const normal = normalStream(5);
  const full = maxSample(shape.bitDepth);
  const colours = shape.channels < 3 ? 1 : 3;
  for (let pixel = 0; pixel < shape.width * shape.height; pixel += 1) {
    for (let channel = 0; channel < shape.channels; channel += 1) {
      const clean = colours === 1 ? rgb[pixel * 3 + 1]! : rgb[pixel * 3 + channel]!;
      const value = channel === colours ? 255 : clean + deviation * normal();
      samples[pixel * shape.channels + channel] = Math.round((Math.min(Math.max(value, 0), 255) / 255) * full);
    }
  }
  return samples;
}

export function noisyReader(shape: RasterShape, deviation: number): RasterReader {
  return memoryReader(shape, noisySample(shape, deviation));
}

/** Drawing takes longer than all that is done with the picture. */
const drawings = new Map<string, Uint8Array>();
function drawn(width: number, height: number): Uint8Array {
  const key = `${String(width)}×${String(height)}`;
  const drawing = drawings.get(key) ?? drawSample(width, height);
  drawings.set(key, drawing);
  return drawing;
}

/** Adds noise of `deviation` codes to 8-bit samples. */
export function withNoise(samples: Uint8Array, deviation: number, seed = 5): Uint8Array {
  const normal = normalStream(seed);
  return Uint8Array.from(samples, (value) => Math.round(Math.min(Math.max(value + deviation * normal(), 0), 255)));
}

/** Root mean square difference of two pictures, in codes. */
export function difference(one: Uint8Array, other: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += (one[index]! - other[index]!) ** 2;
  return Math.sqrt(sum / one.length);
}

/** Standard normal values, by the method of Box and Muller. */
function normalStream(seed: number): () => number {
  const random = randomStream(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
