/** The intermediate pictures of one photo: small ones in memory, others in the scratch folder, each gone as soon as the next exists. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MemoryPlace, type RasterPlace } from './raster/byte-store.ts';
import { abandonRaster } from './raster/fill-raster.ts';
import { rawBytes, type RasterReader, type RasterShape, type RasterWriter } from './raster/raster.ts';
import type { RasterExtra } from './raster/tiff-fields.ts';
import { openRaster } from './raster/tiff-raster-reader.ts';
import { createRaster } from './raster/tiff-raster-writer.ts';

export interface Picture {
  readonly place: RasterPlace;
  readonly shape: RasterShape;
}

// A 12-megapixel photo at ×2 in 8 bits is 144 MB. Writing that to a file took 3 % of the whole run.
const largestInMemoryBytes = 192 * 2 ** 20;

export class ScratchPictures {
  readonly #directory: string;
  readonly #paths = new Set<string>();

  /** `directory` exists; after `removeAll` it is as empty as before. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** A path that nothing else uses. */
  newPath(): string {
    const path = join(this.#directory, `picture-${String(this.#paths.size + 1)}.tif`);
    this.#paths.add(path);
    return path;
  }

  /** Where a picture of this shape is to lie. */
  newPlace(shape: RasterShape): RasterPlace {
    return rawBytes(shape) <= largestInMemoryBytes ? new MemoryPlace() : this.newPath();
  }

  /** A new picture of this shape, filled by `work`. */
  async make(shape: RasterShape, extra: RasterExtra, work: (output: RasterWriter) => Promise<void>): Promise<Picture> {
    const place = this.newPlace(shape);
    await fill(createRaster(place, shape, extra), work);
    return { place, shape };
  }

  /** Lets `work` read a picture and removes it afterwards. */
  async consume<Value>(picture: Picture, work: (input: RasterReader) => Promise<Value>): Promise<Value> {
    const input = openRaster(picture.place);
    let value: Value;
    try {
      value = await work(input);
    } finally {
      input.close();
    }
    if (typeof picture.place === 'string') await rm(picture.place, { force: true });
    return value;
  }

  async removeAll(): Promise<void> {
    for (const path of this.#paths) await rm(path, { force: true });
  }
}

/** Closes the raster either way. */
export async function fill(output: RasterWriter, work: (output: RasterWriter) => Promise<void>): Promise<void> {
  try {
    await work(output);
  } catch (thrown) {
    abandonRaster(output);
    throw thrown;
  }
  output.close();
}
