/** Part of an enlarged picture, from only the tiles that it needs: those of the last pass, of the pass before for what these look at, and so on. */
import { setImmediate } from 'node:timers/promises';
import { EnlargerError } from '../../photo/failure.ts';
import type { Axis } from '../../photo/tiles.ts';
import type { LoadedModel } from '../network/loaded-model.ts';
import type { Band } from '../network/planes.ts';
import { coreLength, corePatch, cutCore, type CorePlace } from '../network/tile-cores.ts';
import { bandRows, tallestCore, tileWork, type TileWork } from '../network/tile-work.ts';
import type { TileWorker } from '../network/tile-worker.ts';
import { copyOverlap, type Patch } from '../raster/copy-overlap.ts';
import { allocateRows, type RasterReader, type RasterShape, type Samples } from '../raster/raster.ts';
import type { TileLog } from './tile-log.ts';

export interface PreviewWork {
  /** The decoded photo. */
  readonly input: RasterReader;
  /** Null when nothing is enlarged. */
  readonly model: LoadedModel | null;
  readonly passes: number;
  readonly tileSide: number;
  /** 0..1, of the first pass. */
  readonly strength: number;
  /** The photo is grey, in however many channels. */
  readonly neutral: boolean;
  readonly log: TileLog;
  readonly signal: AbortSignal;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Pass {
  readonly scale: number;
  readonly input: RasterShape;
  readonly output: RasterShape;
  readonly work: TileWork;
  readonly worker: TileWorker;
}

export class PreviewTiles {
  /** Tiles that were run. */
  made = 0;
  readonly #options: PreviewWork;
  readonly #passes: Pass[] = [];
  readonly #touched = new Set<string>();

  constructor(options: PreviewWork) {
    const { input, model, passes, tileSide, strength, neutral } = options;
    this.#options = options;
    // As a whole run has it: what was grey before the first pass is grey for good, and what it cleaned is clean.
    let { shape } = input;
    for (let pass = 0; pass < passes && model !== null; pass += 1) {
      const { scale } = model.network;
      const output = { ...shape, width: shape.width * scale, height: shape.height * scale };
      const work = tileWork({ ...model, shape, tileSide, strength: pass === 0 ? strength : 0, neutral });
      this.#passes.push({ scale, input: shape, output, work, worker: work.newWorker() });
      shape = output;
    }
  }

  /** Tiles that were needed and known. */
  get reused(): number {
    return this.#touched.size - this.made;
  }

  /** Samples of a rectangle inside the picture that the last pass makes. Throws `cancelled`, and what network and log throw. */
  async pixels({ x, y, width, height }: Rectangle): Promise<Samples> {
    const shape = { ...(this.#passes.at(-1)?.output ?? this.#options.input.shape), width, height };
    const samples = allocateRows(shape, height);
    await this.#fill(this.#passes.length, { samples, left: x, top: y, width, height }, x, x + width);
    return samples;
  }

  /** Fills columns `left` to `right` of a patch of the picture before pass `stage`: of the photo itself for the first. */
  async #fill(stage: number, patch: Patch, left: number, right: number): Promise<void> {
    const pass = this.#passes[stage - 1];
    if (pass === undefined) {
      this.#readPhoto(patch);
      return;
    }
    const { scale } = pass;
    const { plan } = pass.work;
    const columns = coresWithin(plan.columns, left / scale, right / scale);
    for (const row of coresWithin(plan.rows, patch.top / scale, (patch.top + patch.height) / scale)) {
      for (const core of await this.#coresOfRow(stage - 1, pass, columns, row)) copyOverlap(core, patch, pass.output.channels);
    }
  }

  #readPhoto(patch: Patch): void {
    const { input } = this.#options;
    const { width, channels } = input.shape;
    const samples = allocateRows(input.shape, patch.height);
    input.readRows(patch.top, patch.height, samples);
    copyOverlap({ samples, left: 0, top: patch.top, width, height: patch.height }, patch, channels);
  }

  /** Takes the tiles that are known and makes the others. */
  async #coresOfRow(index: number, pass: Pass, columns: readonly number[], y: number): Promise<Patch[]> {
    const { log, signal } = this.#options;
    const { scale, output } = pass;
    const { plan } = pass.work;
    const cores: Patch[] = [];
    const missing: { x: number; place: CorePlace }[] = [];
    for (const x of columns) {
      const place = { column: plan.columns.span(x), row: plan.rows.span(y), scale, output };
      const known = log.take({ pass: index, x, y }, coreLength(place), output.bitDepth);
      this.#touched.add(`${String(index)}:${String(x)}:${String(y)}`);
      if (known === null) missing.push({ x, place });
      else cores.push(corePatch(place, known));
    }
    if (missing.length === 0) return cores;
    const band = await this.#inputBand(index, pass, missing);
    const out = allocateRows(output, tallestCore(plan) * scale);
    for (const { x, place } of missing) {
      if (signal.aborted) throw new EnlargerError('cancelled', 'Stopped as asked.');
      await pass.worker.enlarge(band, place.column, place.row, out);
      const core = cutCore(place, out);
      log.put({ pass: index, x, y }, core);
      this.made += 1;
      cores.push(corePatch(place, core));
      await setImmediate();
    }
    return cores;
  }

  /** What these tiles of one row look at, as rows of the whole picture of which only that part is filled. */
  async #inputBand(index: number, { input, work }: Pass, tiles: readonly { readonly place: CorePlace }[]): Promise<Band> {
    const [first, last] = [tiles[0]?.place, tiles.at(-1)?.place];
    if (first === undefined || last === undefined) throw new RangeError('no tiles');
    const { top, rows } = bandRows(first.row, work.reach, input.height);
    const samples = allocateRows(input, rows);
    const left = Math.max(0, first.column.start - work.reach);
    const right = Math.min(input.width, last.column.start + last.column.size + work.reach);
    await this.#fill(index, { samples, left: 0, top, width: input.width, height: rows }, left, right);
    return { samples, width: input.width, channels: input.channels, top, rows };
  }
}

/** Indices of the spans whose cores have a part in `from`..`to`. */
function coresWithin(axis: Axis, from: number, to: number): number[] {
  const found: number[] = [];
  for (let index = 0; index < axis.count; index += 1) {
    const { coreStart, coreSize } = axis.span(index);
    if (coreStart < to && coreStart + coreSize > from) found.push(index);
  }
  return found;
}
