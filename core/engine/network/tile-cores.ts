/** Cores of tiles by themselves: cut out of the band of output rows that they were made in, and put back into one. */
import type { Span } from '../../photo/tiles.ts';
import { copyOverlap, type Patch } from '../raster/copy-overlap.ts';
import { allocateRows, type RasterShape, type Samples } from '../raster/raster.ts';

/** Where a tile's core lies in the picture that is made. */
export interface CorePlace {
  readonly column: Span;
  readonly row: Span;
  readonly scale: number;
  /** Of that picture. */
  readonly output: RasterShape;
}

/** Samples in the core. */
export function coreLength({ column, row, scale, output }: CorePlace): number {
  return column.coreSize * row.coreSize * scale * scale * output.channels;
}

/** The core with its place. */
export function corePatch({ column, row, scale }: CorePlace, samples: Samples): Patch {
  return {
    samples,
    left: column.coreStart * scale,
    top: row.coreStart * scale,
    width: column.coreSize * scale,
    height: row.coreSize * scale,
  };
}

/** A copy of a core out of a band that begins with the core's first row. */
export function cutCore(place: CorePlace, band: Samples): Samples {
  const { column, row, scale, output } = place;
  const core = allocateRows({ ...output, width: column.coreSize * scale }, row.coreSize * scale);
  copyOverlap(bandPatch(place, band), corePatch(place, core), output.channels);
  return core;
}

/** Puts a core into such a band. */
export function pasteCore(place: CorePlace, core: Samples, band: Samples): void {
  copyOverlap(corePatch(place, core), bandPatch(place, band), place.output.channels);
}

function bandPatch({ row, scale, output }: CorePlace, samples: Samples): Patch {
  return { samples, left: 0, top: row.coreStart * scale, width: output.width, height: row.coreSize * scale };
}
