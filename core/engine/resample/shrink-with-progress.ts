import type { RasterReader, RasterWriter } from '../raster/raster.ts';
import type { EngineContext } from '../serve.ts';
import { shrinkRaster } from './shrink-raster.ts';

/** Shrinks, telling the host how far it is. Throws `cancelled`. */
export async function shrink(
  input: RasterReader,
  output: RasterWriter,
  icc: Uint8Array | null,
  { signal, progress }: EngineContext,
): Promise<void> {
  await shrinkRaster({
    input,
    output,
    icc,
    signal,
    onProgress: (fraction) => {
      progress('resize', fraction);
    },
  });
}
