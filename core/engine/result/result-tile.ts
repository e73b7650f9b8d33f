/** One tile of one zoom level of a stored result. */
import type { EngineResult, TileParams } from '../../photo/engine-protocol.ts';
import { EnlargerError } from '../../photo/failure.ts';
import { levelCount, levelSize } from '../../photo/zoom-levels.ts';
import { copyOverlap } from '../raster/copy-overlap.ts';
import { allocateRows, type RasterShape, type Samples } from '../raster/raster.ts';
import { writeScreenPicture } from '../screen-picture.ts';
import { halvePicture } from './halve-rows.ts';
import type { StoredLevel } from './stored-level.ts';
import { nearestLevel, openResult, openStoredLevel, type StoredResult } from './stored-result.ts';

/** Writes the tile to `output`. Throws `not-found` for a tile outside the picture, `damaged` when what it is made of is not as it was written. */
export async function writeResultTile(params: TileParams): Promise<EngineResult<'tile'>> {
  const result = await openResult(params.resultDirectory);
  const { samples, shape } = readTile(result, params);
  const bytes = await writeScreenPicture(params.output, shape, samples, result.metadata.profile);
  return { width: shape.width, height: shape.height, bytes };
}

interface Picture {
  readonly shape: RasterShape;
  readonly samples: Samples;
}

function readTile(result: StoredResult, { level, x, y }: TileParams): Picture {
  const { manifest } = result;
  const size = levelSize(manifest, level);
  const side = manifest.tileSide;
  if (level >= levelCount(manifest) || x * side >= size.width || y * side >= size.height)
    throw new EnlargerError('not-found', 'There is no such part of the picture.');
  const nearest = nearestLevel(result, level);
  const stored = openStoredLevel(result, nearest);
  try {
    const tilesAcross = 2 ** (level - nearest.level);
    let picture = readSquare(stored, x * tilesAcross, y * tilesAcross, tilesAcross);
    for (let at = nearest.level; at < level; at += 1) picture = halvePicture(picture.shape, picture.samples);
    return picture;
  } finally {
    stored.close();
  }
}

/** `across` × `across` tiles from column and row on, as far as there are any, cut to the picture. */
function readSquare(stored: StoredLevel, column: number, row: number, across: number): Picture {
  const { layout } = stored;
  const { tileSide } = layout;
  const columns = Math.min(across, layout.columns - column);
  const rows = Math.min(across, layout.rows - row);
  const shape = {
    ...layout.shape,
    width: Math.min(columns * tileSide, layout.shape.width - column * tileSide),
    height: Math.min(rows * tileSide, layout.shape.height - row * tileSide),
  };
  const samples = allocateRows(shape, shape.height);
  const tile = allocateRows({ ...shape, width: tileSide }, tileSide);
  for (let index = 0; index < rows * columns; index += 1) {
    const [tileX, tileY] = [index % columns, Math.floor(index / columns)];
    stored.readTiles((row + tileY) * layout.columns + column + tileX, 1, new Uint8Array(tile.buffer));
    const patch = { samples: tile, left: tileX * tileSide, top: tileY * tileSide, width: tileSide, height: tileSide };
    copyOverlap(patch, { samples, left: 0, top: 0, width: shape.width, height: shape.height }, shape.channels);
  }
  return { shape, samples };
}
