/** Shadows that the mountains throw on each other, from a coarse grid of their heights. */
import { clamp01 } from './canvas.ts';
import { farthestLand, height, nearestLand, type Terrain } from './terrain.ts';

const cells = 320;
const reach = 8.5;
/** Fall of a shadow's edge, kilometres a kilometre: the sun's elevation. */
const sunSlope = 0.42;
/** Kilometres that the sunlight moves towards z for each kilometre of x. */
const sunDrift = 0.4;
const softness = 0.05;

/** Returns the share of sunlight, 0..1, that reaches a point; the sun stands on the right. */
export function castShadows(land: Terrain): (x: number, z: number, altitude: number) => number {
  const stepX = (2 * reach) / (cells - 1);
  const stepZ = (farthestLand + 1 - nearestLand) / (cells - 1);
  const edge = new Float32Array(cells * cells);
  for (let column = cells - 1; column >= 0; column -= 1) {
    const x = -reach + column * stepX;
    for (let row = 0; row < cells; row += 1) {
      const z = nearestLand + row * stepZ;
      const own = height(x, z, land(x, z), stepX);
      let cast = -1;
      if (column < cells - 1) {
        // The light comes from the column on the right, from a little nearer to the viewer.
        const from = clamp01((row - (sunDrift * stepX) / stepZ) / (cells - 1)) * (cells - 1);
        const first = Math.min(cells - 2, Math.floor(from));
        const at = (column + 1) * cells + first;
        cast = edge[at]! + (edge[at + 1]! - edge[at]!) * (from - first) - sunSlope * stepX;
      }
      edge[column * cells + row] = Math.max(own, cast);
    }
  }
  return (x, z, altitude) => {
    const column = clamp01((x + reach) / (2 * reach)) * (cells - 1);
    const row = clamp01((z - nearestLand) / (farthestLand + 1 - nearestLand)) * (cells - 1);
    const left = Math.min(cells - 2, Math.floor(column));
    const near = Math.min(cells - 2, Math.floor(row));
    const at = left * cells + near;
    const shareX = column - left;
    const shareZ = row - near;
    const first = edge[at]! + (edge[at + 1]! - edge[at]!) * shareZ;
    const second = edge[at + cells]! + (edge[at + cells + 1]! - edge[at + cells]!) * shareZ;
    const shadow = first + (second - first) * shareX;
    return clamp01((altitude - shadow) / softness + 1.2);
  };
}
