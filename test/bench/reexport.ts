/** Section `reexport`: a stored result becomes another file, against encoding the same pixels and nothing else. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeRaster } from '../../core/engine/encode/encode.ts';
import type { RasterShape } from '../../core/engine/raster/raster.ts';
import { createRaster } from '../../core/engine/raster/tiff-raster-writer.ts';
import { encodeResult } from '../../core/engine/result/encode-result.ts';
import { sharp } from '../../core/engine/sharp.ts';
import type { OutputFormat } from '../../core/photo/recipe.ts';
import { formatTraits } from '../../core/photo/formats.ts';
import { writeEngineResult } from '../fixtures/engine-result.ts';
import { fillRows } from '../fixtures/fill-rows.ts';
import { twelveMegapixelJpeg } from '../fixtures/large-photos.ts';
import type { BenchPlace } from './bench-place.ts';
import { median, seconds, span, type Row, type Section } from './table.ts';

/** What 12 megapixels become at ×2. */
const shape: RasterShape = { width: 8000, height: 6000, channels: 3, bitDepth: 8 };
const quiet = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };

export async function reexportSection(place: BenchPlace): Promise<Section> {
  const resultDirectory = join(place.directory, 'result');
  const strips = join(place.directory, 'strips.tif');
  await mkdir(resultDirectory);
  place.say('writing a result of 48 megapixels');
  const photo = sharp(await twelveMegapixelJpeg()).resize(shape.width, shape.height, { fit: 'fill' });
  const pixels = new Uint8Array(await photo.raw().toBuffer());
  await writeEngineResult(resultDirectory, shape, pixels);
  fillRows(createRaster(strips, shape), pixels);
  const path = join(place.directory, 'out');
  const bare = async (format: OutputFormat, quality: number | null): Promise<void> => {
    await encodeRaster({ raster: strips, shape, sourceBits: 8, path, format, quality, density: null });
  };
  const again = async (format: OutputFormat, quality: number | null): Promise<void> => {
    const provenance = {
      software: 'Enlarger bench',
      softwareVersion: '0',
      modelId: 'none',
      modelVersion: '0.0.0',
      scale: 2,
      sourceSha256: 'a'.repeat(64),
      recipeDigest: '',
    };
    const output = { path, format, quality };
    const whole = { resultDirectory, output, size: null, densityDpi: null, strip: 'none' as const, provenance };
    await encodeResult({ ...whole, scratchDirectory: place.directory }, quiet);
  };
  const formats: OutputFormat[] = place.long ? ['jpeg', 'png', 'tiff', 'webp'] : ['jpeg', 'png'];
  const rows: Row[] = [];
  for (const format of formats) {
    const quality = formatTraits[format].defaultQuality;
    const times = { bare: [] as number[], again: [] as number[] };
    for (let repeat = 0; repeat <= place.repeats; repeat += 1) {
      place.say(`${format}, ${repeat === 0 ? 'to warm up' : `run ${String(repeat)} of ${String(place.repeats)}`}`);
      const measured = {
        bare: await timed(path, () => bare(format, quality)),
        again: await timed(path, () => again(format, quality)),
      };
      if (repeat === 0) continue;
      times.bare.push(measured.bare);
      times.again.push(measured.again);
    }
    const ratios = times.again.map((ms, index) => ms / (times.bare[index] ?? NaN));
    rows.push({
      figure: `${formatTraits[format].name}: export again ÷ encode`,
      measured: `${(median(times.again) / median(times.bare)).toFixed(3)} (${span(ratios, (ratio) => ratio.toFixed(2))})`,
      target: '≤ 1.1',
    });
    rows.push({ figure: `${formatTraits[format].name}: export again`, measured: seconds(median(times.again)), target: '' });
  }
  await rm(strips);
  await rm(resultDirectory, { recursive: true });
  return {
    title: 'Exporting a stored result of 48 megapixels again',
    rows,
    notes: [
      `Medians of ${String(place.repeats)} runs by turns, and in brackets how far the ratios of single runs lay apart. Exporting checks every tile, adds the metadata and hashes the file; encoding alone is one plain call of the encoder, which reads the same pixels from a raster of strips. A JPEG is exported in bands, side by side.`,
    ],
  };
}

async function timed(path: string, work: () => Promise<void>): Promise<number> {
  await writeFile(path, '');
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
