/** Writes the built-in sample photo to a file. */
import { sharp } from '../sharp.ts';
import { drawSample } from './draw-sample.ts';

/** Draws the sample at `width` × `height` pixels and writes it to `path` as an 8-bit PNG, whatever the extension. */
export async function writeSample(path: string, width: number, height: number): Promise<void> {
  const raw = { width, height, channels: 3 as const };
  await sharp(drawSample(width, height), { raw, limitInputPixels: false }).png().toFile(path);
}
