/** Exact passes over a decoded raster, in place, for what the decoder leaves undone. */
import { allocateRows, maxSample } from '../raster/raster.ts';
import type { RasterReader, RasterWriter, Samples } from '../raster/raster.ts';

const bandSamples = 1 << 20;

export type SamplePass = (samples: Samples, channels: number) => void;

/** Copies a raster band by band, each band changed by `pass`. Both ends stay open. */
export function copyThrough(from: RasterReader, to: RasterWriter, pass: SamplePass): void {
  const { shape } = from;
  const bandRows = Math.max(1, Math.min(shape.height, Math.floor(bandSamples / (shape.width * shape.channels))));
  const band = allocateRows(shape, bandRows);
  for (let y = 0; y < shape.height; y += bandRows) {
    const rows = Math.min(bandRows, shape.height - y);
    const samples = band.subarray(0, rows * shape.width * shape.channels);
    from.readRows(y, rows, samples);
    pass(samples, shape.channels);
    to.writeRows(y, rows, samples);
  }
}

/**
 * Spreads samples whose `bits` significant bits lie at the top of 16 over the whole range 0..65535, by
 * repeating the bits: white becomes 65535, and the upper bits stay as they were.
 */
export function repeatBits(bits: number): SamplePass {
  return (samples) => {
    for (let index = 0; index < samples.length; index++) {
      const sample = samples[index] ?? 0;
      samples[index] = sample | (sample >>> bits);
    }
  };
}

/** Divides colour by alpha (the last channel); where alpha is 0 there is no colour, and it becomes 0. */
export function unmultiplyAlpha(bitDepth: 8 | 16): SamplePass {
  const max = maxSample(bitDepth);
  return (samples, channels) => {
    for (let pixel = 0; pixel < samples.length; pixel += channels) {
      const alpha = samples[pixel + channels - 1] ?? 0;
      if (alpha === max) continue;
      for (let channel = pixel; channel < pixel + channels - 1; channel++) {
        const colour = samples[channel] ?? 0;
        samples[channel] = alpha === 0 ? 0 : Math.min(max, Math.round((colour * max) / alpha));
      }
    }
  };
}
