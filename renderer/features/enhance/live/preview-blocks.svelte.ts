/**
 * What a network makes of the part in view, block by block: each block is asked for once, those in the middle first. The pixels of an older recipe
 * stay below until those of the new one cover them.
 */
import type { MediaRegion } from '../../../../core/api/media.ts';
import { toFailure, type Failure } from '../../../../core/photo/failure.ts';
import type { LoadedTile, PaintedPicture } from '../../review/viewer/painter.ts';
import type { TileAddress } from '../../review/viewer/tile-geometry.ts';
import { blockRegion, gridSize, type BlockGrid } from './block-grid.ts';

/** One is computed, the next is on its way. More would keep the tiles of the original from coming. */
const mostRunning = 2;
/** Of one recipe; about a megabyte each. */
const mostKept = 80;
/** Recipes whose pixels lie over each other while somebody drags a slider. */
const mostLayers = 3;

/** All blocks of one photo with one recipe. */
export interface BlockPlan {
  /** Names the pixels. */
  readonly key: string;
  readonly grid: BlockGrid;
  /** Path of the media handler for a part of it. */
  readonly path: (region: MediaRegion) => string;
}

/** Blocks of one recipe, as a picture with those that there are. */
export interface BlockLayer extends PaintedPicture {
  readonly key: string;
  readonly tiles: readonly Block[];
}

interface Block extends TileAddress, LoadedTile {
  readonly bitmap: ImageBitmap;
}

/** Reads a small picture; rejects with an `EnlargerError`. */
export type ReadBlock = (path: string, signal: AbortSignal) => Promise<ImageBitmap>;

interface Layer {
  readonly plan: BlockPlan;
  /** By place; those that were wanted last at the end. */
  readonly blocks: Map<string, Block>;
}

export class PreviewBlocks {
  /** Those that are wanted now come last, and cover what lies below. */
  layers = $state.raw<readonly BlockLayer[]>([]);
  /** Why the rest cannot be had; another wish tries again. */
  failure = $state.raw<Failure | null>(null);
  readonly #read: ReadBlock;
  readonly #stack: Layer[] = [];
  #wanted: readonly TileAddress[] = [];
  readonly #running = new Map<string, AbortController>();

  constructor(read: ReadBlock) {
    this.#read = read;
  }

  /** Whether all of these are there. */
  has(plan: BlockPlan, blocks: readonly TileAddress[]): boolean {
    const layer = this.layers.at(-1);
    if (layer?.key !== plan.key) return false;
    const places = new Set(layer.tiles.map(placeOf));
    return blocks.every((block) => places.has(placeOf(block)));
  }

  /** Wants these blocks, the first ones first. What is not wanted any more is not computed any more. */
  want(plan: BlockPlan, blocks: readonly TileAddress[]): void {
    if (this.#stack.at(-1)?.plan.key !== plan.key) {
      this.#stopAll();
      this.#stack.push({ plan, blocks: new Map() });
      if (this.#stack.length > mostLayers) dispose(this.#stack.shift());
    }
    this.failure = null;
    this.#wanted = blocks;
    const places = new Set(blocks.map(placeOf));
    for (const [place, stop] of this.#running) if (!places.has(place)) stop.abort();
    this.#work();
    this.#show();
  }

  /** Nothing more is computed; what there is stays. */
  rest(): void {
    this.#wanted = [];
    this.#stopAll();
  }

  /** Frees everything. */
  close(): void {
    this.rest();
    for (const layer of this.#stack.splice(0)) dispose(layer);
    this.layers = [];
  }

  #stopAll(): void {
    for (const stop of this.#running.values()) stop.abort();
    this.#running.clear();
  }

  #work(): void {
    const layer = this.#stack.at(-1);
    if (layer === undefined) return;
    const missing = this.#wanted.filter((block) => !layer.blocks.has(placeOf(block)));
    if (missing.length === 0 && this.#wanted.length > 0) this.#complete(layer);
    if (this.failure !== null) return;
    for (const block of missing) {
      if (this.#running.size >= mostRunning) return;
      if (!this.#running.has(placeOf(block))) void this.#get(layer, block);
    }
  }

  async #get(layer: Layer, block: TileAddress): Promise<void> {
    const place = placeOf(block);
    const stop = new AbortController();
    this.#running.set(place, stop);
    const { grid, path } = layer.plan;
    const box = blockRegion(grid, block);
    try {
      const bitmap = await this.#read(path(box), stop.signal);
      if (stop.signal.aborted) bitmap.close();
      else layer.blocks.set(place, { ...block, box, bitmap });
    } catch (error) {
      if (!stop.signal.aborted) this.failure = toFailure(error);
    }
    // One that was stopped may have been asked for anew meanwhile.
    if (this.#running.get(place) === stop) this.#running.delete(place);
    this.#work();
    this.#show();
  }

  /** All in view is of the new recipe. */
  #complete(layer: Layer): void {
    for (const older of this.#stack.splice(0, this.#stack.length - 1)) dispose(older);
    for (const block of this.#wanted) {
      const place = placeOf(block);
      const kept = layer.blocks.get(place);
      if (kept !== undefined && layer.blocks.delete(place)) layer.blocks.set(place, kept);
    }
    for (const [place, { bitmap }] of layer.blocks) {
      if (layer.blocks.size <= Math.max(mostKept, this.#wanted.length)) break;
      layer.blocks.delete(place);
      bitmap.close();
    }
  }

  #show(): void {
    this.layers = this.#stack.map(({ plan, blocks }) => ({
      key: plan.key,
      ...gridSize(plan.grid),
      tiles: [...blocks.values()],
    }));
  }
}

function dispose(layer: Layer | undefined): void {
  for (const { bitmap } of layer?.blocks.values() ?? []) bitmap.close();
}

function placeOf({ x, y }: TileAddress): string {
  return `${x} ${y}`;
}
