/**
 * Tile geometry. A photo is cut into cores that cover it exactly once; each tile is a core with enough
 * of its surroundings (the halo) that a network sees there what it would see in the whole photo. At the
 * photo's own edges the halo lies outside it, where the edge is repeated: the zeros that a network puts
 * around its input are then never seen from a core. Everything is in input pixels.
 */

/**
 * One tile along one axis. `start`..`start+size` is what the network gets, the core is what is kept of it. The first
 * span starts before the photo, at a negative multiple of `multiple`, and the last ends behind it.
 */
export interface Span {
  readonly start: number;
  /** The same for all spans of an axis. */
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
  /** Pixels a tile must see beyond its core on every side: at least the receptive-field radius, see `networkHalo`. */
  readonly halo: number;
  /** Starts and sizes of tiles are multiples of this. */
  readonly multiple: number;
  /** Every tile has the side `tileSide`, rounded down to whole multiples, however small the picture is. Default: no more than cores of like size need. */
  readonly fixedSide?: boolean;
}

/**
 * The halo for a network that sees `receptiveFieldRadius` pixels around. At least 1, so that the 3 × 3 neighbourhood
 * of every core pixel is inside its tile.
 */
export function networkHalo(receptiveFieldRadius: number): number {
  return Math.max(receptiveFieldRadius, 1);
}

/** The smallest `tileSide` that leaves room for a core between two halos. */
export function leastTileSide({ halo, multiple }: Pick<TileOptions, 'halo' | 'multiple'>): number {
  return (2 * Math.ceil(halo / multiple) + 1) * multiple;
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
 * smallest common tile size for them, so that little is computed twice.
 */
export function planAxis(
  extent: number,
  { tileSide, halo, multiple, fixedSide = false }: Pick<TileOptions, 'tileSide' | 'halo' | 'multiple' | 'fixedSide'>,
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
  if (tileSide < leastTileSide({ halo, multiple })) {
    throw new RangeError(`A tile of ${String(tileSide)} pixels has no core between two halos of ${String(halo)}`);
  }
  const count = Math.ceil(total / (largest - 2 * margin));
  const size = fixedSide ? largest * multiple : (Math.ceil(total / count) + 2 * margin) * multiple;
  return {
    count,
    size,
    span(index) {
      const from = Math.floor((index * total) / count);
      const to = Math.floor(((index + 1) * total) / count);
      const coreStart = from * multiple;
      return { start: coreStart - margin * multiple, size, coreStart, coreSize: Math.min(to * multiple, extent) - coreStart };
    },
  };
}
