/** Writes a result's picture and its stored levels in one pass over the rows. */
import { join } from 'node:path';
import type { ResultLevel } from '../../photo/result.ts';
import { levelSize } from '../../photo/zoom-levels.ts';
import { allocateRows, rowSamples, type RasterShape, type RasterWriter, type Samples } from '../raster/raster.ts';
import { checkRowRequest } from '../raster/row-request.ts';
import type { RasterExtra } from '../raster/tiff-fields.ts';
import { halfShape, halveRow } from './halve-rows.ts';
import { storedLevels } from './levels.ts';
import { tiledLayout, type TiledLayout } from './tiled-layout.ts';
import { TiledWriter } from './tiled-writer.ts';

export interface PyramidWriter extends RasterWriter {
  /** What was written; complete when the writer is closed. */
  readonly levels: readonly ResultLevel[];
  /** Milliseconds inside the writer so far. */
  readonly storeMs: number;
}

/** Name of a level's file. */
function levelFile(level: number): string {
  return level === 0 ? 'pixels.tif' : `level-${String(level)}.tif`;
}

/**
 * Takes the rows of a picture, in order, and writes `pixels.tif` and the smaller levels into `directory`. Memory: a row of tiles of each level.
 * Throws `disk-full` or `not-writable`; `close()` throws when rows are missing.
 */
export function createPyramid(directory: string, shape: RasterShape, tileSide: number, extra: RasterExtra): PyramidWriter {
  const stored = storedLevels(shape, tileSide).map((level) => {
    const layout = tiledLayout({ ...shape, ...levelSize(shape, level) }, tileSide, extra);
    return { level, layout, writer: new TiledWriter(join(directory, levelFile(level)), layout) };
  });
  const last = stored.at(-1)?.level ?? 0;
  const sink = (level: number, levelShape: RasterShape): RasterWriter => {
    const own = stored.find((candidate) => candidate.level === level)?.writer;
    if (level >= last && own !== undefined) return own;
    return new Fork(levelShape, own ?? null, sink(level + 1, halfShape(levelShape)));
  };
  return new Pyramid(sink(0, shape), stored);
}

interface StoredLevel {
  readonly level: number;
  readonly layout: TiledLayout;
  readonly writer: TiledWriter;
}

class Pyramid implements PyramidWriter {
  readonly shape: RasterShape;
  readonly #top: RasterWriter;
  readonly #stored: readonly StoredLevel[];
  #storeMs = 0;

  constructor(top: RasterWriter, stored: readonly StoredLevel[]) {
    this.shape = top.shape;
    this.#top = top;
    this.#stored = stored;
  }

  get levels(): ResultLevel[] {
    return this.#stored.map(({ level, layout, writer }) => ({
      file: levelFile(level),
      level,
      width: layout.shape.width,
      height: layout.shape.height,
      fileBytes: layout.fileBytes,
      tileCrc32: writer.tileCrc32,
    }));
  }

  get storeMs(): number {
    return this.#storeMs;
  }

  writeRows(y: number, rows: number, from: Samples): void {
    const startedMs = performance.now();
    this.#top.writeRows(y, rows, from);
    this.#storeMs += performance.now() - startedMs;
  }

  close(): void {
    const failures: unknown[] = [];
    for (const { writer } of this.#stored) {
      try {
        writer.close();
      } catch (thrown) {
        // Where rows are missing, they are missing everywhere: that is said once, after all files are closed.
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Hands rows on as they are and halved. Closing is the matter of those who made the ends. */
class Fork implements RasterWriter {
  readonly shape: RasterShape;
  readonly #whole: RasterWriter | null;
  readonly #half: RasterWriter;
  /** The upper row of a pair whose lower one is still to come, and the two together. */
  readonly #pair: Samples;
  readonly #halved: Samples;

  constructor(shape: RasterShape, whole: RasterWriter | null, half: RasterWriter) {
    this.shape = shape;
    this.#whole = whole;
    this.#half = half;
    this.#pair = allocateRows(shape, 2);
    this.#halved = allocateRows(half.shape, 1);
  }

  writeRows(y: number, rows: number, from: Samples): void {
    checkRowRequest(this.shape, y, rows, from);
    this.#whole?.writeRows(y, rows, from);
    const row = rowSamples(this.shape);
    for (let index = 0; index < rows; index += 1) {
      const at = y + index;
      const isLast = at === this.shape.height - 1;
      if (at % 2 === 1) this.#halve(at >> 1, from, index * row);
      else if (isLast) this.#halveAlone(at >> 1, from, index * row);
      else this.#pair.set(from.subarray(index * row, (index + 1) * row));
    }
  }

  #halve(y: number, from: Samples, lower: number): void {
    const row = rowSamples(this.shape);
    this.#pair.set(from.subarray(lower, lower + row), row);
    halveRow(this.#pair, 0, row, this.shape.width, this.shape.channels, this.#halved, 0);
    this.#half.writeRows(y, 1, this.#halved);
  }

  #halveAlone(y: number, from: Samples, start: number): void {
    halveRow(from, start, start, this.shape.width, this.shape.channels, this.#halved, 0);
    this.#half.writeRows(y, 1, this.#halved);
  }

  close(): void {
    this.#whole?.close();
    this.#half.close();
  }
}
