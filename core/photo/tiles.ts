/**
 * Tile geometry. A photo is cut into cores that cover it exactly once; each tile is a core with enough
 * of its surroundings (the halo) that a network sees there what it would see in the whole photo.
 * Everything is in input pixels.
 */

/** One tile along one axis. `start`..`start+size` is what the network gets, the core is what is kept of it. */
export interface Span {
  readonly start: number;
  /** The same for all spans of an axis. Reaches beyond the photo only where the photo is no multiple of `multiple`. */
  readonly size: number;
  readonly coreStart: number;
  readonly coreSize: number;
}

export interface Axis {
  readonly count: number;
  /** Size of every tile along this axis. */
  readonly size: number;
  span(index: number): Span;
}

export interface TilePlan {
  readonly columns: Axis;
  readonly rows: Axis;
  readonly count: number;
  /** Row by row, left to right; made one at a time, because a plan can have millions. */
  tiles(): Generator<{ readonly column: Span; readonly row: Span }>;
}

export interface TileOptions {
  readonly width: number;
  readonly height: number;
  /** Largest tile side, halo included. */
  readonly tileSide: number;
  /** Pixels a tile must see beyond its core, except at the photo's own edges: at least the receptive-field radius. */
  readonly halo: number;
  /** Starts and sizes of tiles are multiples of this. */
  readonly multiple: number;
}

/** Plans both axes. Throws RangeError when `tileSide` leaves no room between two halos. */
export function planTiles(options: TileOptions): TilePlan {
  const columns = planAxis(options.width, options);
  const rows = planAxis(options.height, options);
  return {
    columns,
    rows,
    count: columns.count * rows.count,
    *tiles() {
      for (let y = 0; y < rows.count; y += 1) {
        const row = rows.span(y);
        for (let x = 0; x < columns.count; x += 1) yield { column: columns.span(x), row };
      }
    },
  };
}

/**
 * Plans one axis: the fewest tiles that fit `tileSide`, then cores as equal as whole units allow and the
 * smallest common tile size for them, so that little is computed twice. A tile that would stand over the
 * far edge is shifted inward.
 */
export function planAxis(
  extent: number,
  { tileSide, halo, multiple }: Pick<TileOptions, 'tileSide' | 'halo' | 'multiple'>,
): Axis {
  for (const [name, value, least] of [
    ['extent', extent, 1],
    ['tileSide', tileSide, 1],
    ['halo', halo, 0],
    ['multiple', multiple, 1],
  ] as const) {
    if (!Number.isSafeInteger(value) || value < least)
      throw new RangeError(`${name} must be a whole number of at least ${String(least)}, not ${String(value)}`);
  }
  // From here on in units of `multiple` pixels.
  const total = Math.ceil(extent / multiple);
  const largest = Math.floor(tileSide / multiple);
  const margin = Math.ceil(halo / multiple);
  if (total > largest && largest <= 2 * margin) {
    throw new RangeError(`A tile of ${String(tileSide)} pixels has no core between two halos of ${String(halo)}`);
  }
  const count = tileCount(total, largest, margin);
  const unitSize = count === 1 ? total : Math.ceil(total / count) + margin * (count === 2 ? 1 : 2);
  const size = unitSize * multiple;
  return {
    count,
    size,
    span(index) {
      const from = Math.floor((index * total) / count);
      const to = Math.floor(((index + 1) * total) / count);
      const start = Math.min(Math.max(from - margin, 0), total - unitSize) * multiple;
      const coreStart = from * multiple;
      return { start, size, coreStart, coreSize: Math.min(to * multiple, extent) - coreStart };
    },
  };
}

/** Two tiles need a halo on one side each; of three and more, the inner ones need both. */
function tileCount(total: number, largest: number, margin: number): number {
  if (total <= largest) return 1;
  if (Math.ceil(total / 2) + margin <= largest) return 2;
  return Math.ceil(total / (largest - 2 * margin));
}
