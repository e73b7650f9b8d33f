/** Section `tiles`: how long the screen waits for a tile of a large result, on every level. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RasterShape } from '../../core/engine/raster/raster.ts';
import { sharp } from '../../core/engine/sharp.ts';
import { createEngine } from '../../core/jobs/engine-client.ts';
import { nodeEngine } from '../../core/jobs/spawn-engine.ts';
import { levelCount, levelSize } from '../../core/photo/zoom-levels.ts';
import { writeEngineResult } from '../fixtures/engine-result.ts';
import { twelveMegapixelJpeg } from '../fixtures/large-photos.ts';
import { randomStream } from '../fixtures/pictures.ts';
import type { BenchPlace } from './bench-place.ts';
import { median, type Row, type Section } from './table.ts';
import { p3Profile } from '../fixtures/p3-profile.ts';

/** 201 megapixels. */
const shape: RasterShape = { width: 16384, height: 12288, channels: 3, bitDepth: 8 };
const targetMs = 30;
/** Beside the first and the last tile of a level. */
const othersPerLevel = 6;

export async function tilesSection(place: BenchPlace): Promise<Section> {
  const directory = join(place.directory, 'large-result');
  const cwd = join(place.directory, 'empty');
  for (const folder of [directory, cwd]) await mkdir(folder, { recursive: true });
  place.say('writing a result of 201 megapixels');
  const storeMs = await writeLarge(directory);
  const engine = createEngine(nodeEngine({ entry: new URL('../../core/engine/main.ts', import.meta.url), cwd }));
  const output = join(place.directory, 'tile.png');
  const ask = async (level: number, x: number, y: number): Promise<number> => {
    await writeFile(output, '');
    const startMs = performance.now();
    await engine.call('tile', { resultDirectory: directory, level, x, y, output });
    return performance.now() - startMs;
  };
  const rows: Row[] = [];
  try {
    // Starting the engine and compiling its code is not what is measured.
    for (let warm = 0; warm < 20; warm += 1) await ask(warm % 3, 0, 0);
    const random = randomStream(1);
    for (let level = 0; level < levelCount(shape); level += 1) {
      place.say(`tiles of level ${String(level)}`);
      const { width, height } = levelSize(shape, level);
      const [columns, lines] = [Math.ceil(width / 512), Math.ceil(height / 512)];
      const places = [[0, 0] as const, [columns - 1, lines - 1] as const];
      for (let more = 0; more < othersPerLevel; more += 1)
        places.push([Math.floor(random() * columns), Math.floor(random() * lines)]);
      const times: number[] = [];
      for (const [x, y] of places) {
        const repeated: number[] = [];
        for (let repeat = 0; repeat < place.repeats; repeat += 1) repeated.push(await ask(level, x, y));
        times.push(median(repeated));
      }
      rows.push({
        figure: `Level ${String(level)}, ${String(width)} × ${String(height)}`,
        measured: `${median(times).toFixed(1)} ms, slowest ${Math.max(...times).toFixed(1)} ms`,
        target: `≤ ${String(targetMs)} ms`,
      });
    }
  } finally {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  }
  const megapixels = (shape.width * shape.height) / 1e6;
  return {
    title: 'Tiles of a result of 201 megapixels',
    rows,
    notes: [
      `First, last and ${String(othersPerLevel)} other tiles of each level, the median of ${String(place.repeats)} runs of each, from the call to the answer of the engine process, with a P3 profile to be converted.`,
      `Storing it with its levels took ${(megapixels / (storeMs / 1000)).toFixed(0)} megapixels a second.`,
    ],
  };
}

/** A photo laid side by side. Returns milliseconds inside the writer. */
async function writeLarge(directory: string): Promise<number> {
  const profile = await p3Profile();
  const across = shape.width / 4;
  const down = shape.height / 4;
  const photo = await sharp(await twelveMegapixelJpeg())
    .resize(across, down, { fit: 'fill' })
    .raw()
    .toBuffer();
  let writtenMs = 0;
  await writeEngineResult(
    directory,
    shape,
    (writer) => {
      const row = new Uint8Array(shape.width * 3);
      for (let y = 0; y < shape.height; y += 1) {
        const from = (y % down) * across * 3;
        for (let copy = 0; copy < 4; copy += 1) row.set(photo.subarray(from, from + across * 3), copy * across * 3);
        const startMs = performance.now();
        writer.writeRows(y, 1, row);
        writtenMs += performance.now() - startMs;
      }
    },
    { profile },
  );
  return writtenMs;
}
