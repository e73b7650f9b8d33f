/** An engine that only looks, shows and encodes stays small: the network's library is not even loaded. */
import { expect, it } from 'vitest';
import { handlers } from '../../../core/engine/handlers.ts';
import type { RasterShape } from '../../../core/engine/raster/raster.ts';
import { writeEngineResult } from '../../fixtures/engine-result.ts';
import { phoneJpeg } from '../../fixtures/photos.ts';
import { noise } from '../../fixtures/pictures.ts';
import { encodeHere, quietContext, shippedModelDirectory } from '../../fixtures/real-engine.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const folder = temporaryFolder('light');

/** Native libraries of this process whose path holds the name. */
function loaded(name: string): string[] {
  const { sharedObjects } = process.report.getReport() as { sharedObjects: string[] };
  return sharedObjects.filter((path) => path.includes(name));
}

it('loads the network library with the first network, not before', async () => {
  const path = await phoneJpeg(folder.path);
  const shape: RasterShape = { width: 40, height: 30, channels: 3, bitDepth: 8 };
  const resultDirectory = folder.fresh();
  await writeEngineResult(resultDirectory, shape, noise(shape, 1));
  await handlers.inspect({ path }, quietContext);
  await handlers.look({ items: [{ path, thumbnail: folder.of('thumbnail'), thumbnailSide: 64 }] }, quietContext);
  await handlers.tile({ resultDirectory, level: 0, x: 0, y: 0, output: folder.of('tile.png') }, quietContext);
  await encodeHere(resultDirectory, { path: folder.of('out.jpg'), format: 'jpeg', quality: 90 });
  expect(loaded('sharp')).not.toEqual([]);
  expect(loaded('onnxruntime')).toEqual([]);
  await handlers.checkModel({ directory: shippedModelDirectory, file: 'int8.onnx' }, quietContext);
  expect(loaded('onnxruntime')).not.toEqual([]);
});
