/** How hard a photo should be cleaned: what `--denoise auto` works out to. */
import { jpegDeviation, strengthFor } from '../../photo/damage.ts';
import type { PhotoFacts } from '../../photo/facts.ts';
import { withByteSource } from '../container/byte-source.ts';
import { lumaQuantisation } from '../container/jpeg-quantisation.ts';
import { MalformedContainer } from '../container/malformed-container.ts';
import type { RasterPlace } from '../raster/byte-store.ts';
import { openRaster } from '../raster/tiff-raster-reader.ts';
import { sampleBlocks } from './block-sample.ts';
import { noiseDeviation } from './noise-level.ts';
import { survivingNoise } from './quantised-noise.ts';
import { uprightGrid, uprightSteps } from './upright-grid.ts';

/**
 * Strength 0..1 for the photo at `path`, whose upright pixels are at `decoded`. A JPEG's tables say what quantisation cost, and how much
 * of what its pixels show can be noise; of any other photo the pixels tell all. Reads a bounded sample, and finds the same each time.
 */
export async function chooseStrength(path: string, facts: PhotoFacts, decoded: RasterPlace): Promise<number> {
  const stored = facts.format === 'jpeg' ? await lumaSteps(path) : null;
  const input = openRaster(decoded);
  try {
    if (stored === null) return strengthFor(noiseDeviation(sampleBlocks(input)), 0);
    const steps = uprightSteps(stored, facts.orientation);
    // The channels of a CMYK photo were converted: no grid or table fits its pixels.
    if (facts.colour !== 'rgb' && facts.colour !== 'grey') return strengthFor(0, jpegDeviation(steps));
    return strengthFor(survivingNoise(sampleBlocks(input, uprightGrid(facts)), steps), jpegDeviation(steps));
  } finally {
    input.close();
  }
}

async function lumaSteps(path: string): Promise<number[] | null> {
  return await withByteSource(path, (source) => {
    try {
      return lumaQuantisation(source);
    } catch (error) {
      // Decoders read what this cannot; the pixels still tell something.
      if (error instanceof MalformedContainer) return null;
      throw error;
    }
  });
}
