/** The land beyond the lake as a height field. Kilometres: x to the right, z away from the viewer, height above the lake. */
import { clamp01, smoothstep } from './canvas.ts';
import { noise, octaves, ridges } from './noise.ts';

/** Nearest and farthest land that is drawn. */
export const nearestLand = 3.1;
export const farthestLand = 19;

/** Altitudes above the lake. */
export const treeLine = 0.62;
export const snowLine = 1.25;

function bell(x: number, z: number, peakX: number, peakZ: number, widthX: number, widthZ: number): number {
  const dx = (x - peakX) / widthX;
  const dz = (z - peakZ) / widthZ;
  return Math.exp(-dx * dx - dz * dz);
}

/** Height of the great forms, negative under water. */
function roughHeight(x: number, z: number): number {
  const shore = 3.7 + 0.35 * noise(x * 0.9 + 4.5, 0.5) + 0.12 * noise(x * 3.1, 8.5);
  const inland = z - shore;
  const rise = smoothstep(-0.2, 4.5, inland);
  const wall = smoothstep(0.3, 4.2, Math.abs(x - 0.5 - 0.1 * z));
  const main = bell(x, z, -1.25, 9.2, 1.5, 2.4);
  const right = bell(x, z, 3.1, 8.6, 1.3, 2);
  const shoulder = bell(x, z, -3.6, 7.4, 1.2, 1.7);
  const back = smoothstep(11, 15.5, z);
  const mass = 0.22 + 0.75 * wall + 1.45 * main + 1.0 * right + 0.75 * shoulder + 1.35 * back;
  const crests = ridges(x * 0.42 + 1.7, z * 0.42 + 3.1, 3, 0);
  return (
    -0.03 +
    0.22 * clamp01(inland * 1.5 + 0.2) * (0.4 + 0.5 * noise(x * 1.7, z * 1.7)) * rise +
    rise * mass * (0.34 + 0.9 * crests)
  );
}

/** Height of the great forms at a place. */
export type Terrain = (x: number, z: number) => number;

const gridX = 420;
const gridZ = 400;
const reach = 9.5;

/** The great forms, smoothed from a grid by a quadratic B-spline: as smooth as they are, and many times faster. */
export function terrain(): Terrain {
  return (land ??= smoothedGrid());
}

let land: Terrain | undefined;

function smoothedGrid(): Terrain {
  const stepX = (2 * reach) / (gridX - 1);
  const stepZ = (farthestLand + 1 - nearestLand) / (gridZ - 1);
  const grid = new Float64Array(gridX * gridZ);
  for (let row = 0; row < gridZ; row += 1) {
    for (let column = 0; column < gridX; column += 1)
      grid[row * gridX + column] = roughHeight(column * stepX - reach, nearestLand + row * stepZ);
  }
  return (x, z) => {
    const px = Math.max(1, Math.min(gridX - 2, (x + reach) / stepX));
    const pz = Math.max(1, Math.min(gridZ - 2, (z - nearestLand) / stepZ));
    const column = Math.round(px);
    const row = Math.round(pz);
    const fx = px - column + 0.5;
    const fz = pz - row + 0.5;
    const x0 = 0.5 * (1 - fx) * (1 - fx);
    const x2 = 0.5 * fx * fx;
    const x1 = 1 - x0 - x2;
    const z0 = 0.5 * (1 - fz) * (1 - fz);
    const z2 = 0.5 * fz * fz;
    let at = (row - 1) * gridX + column - 1;
    const near = grid[at]! * x0 + grid[at + 1]! * x1 + grid[at + 2]! * x2;
    at += gridX;
    const here = grid[at]! * x0 + grid[at + 1]! * x1 + grid[at + 2]! * x2;
    at += gridX;
    return near * z0 + here * (1 - z0 - z2) + (grid[at]! * x0 + grid[at + 1]! * x1 + grid[at + 2]! * x2) * z2;
  };
}

/** How much `height` can exceed `roughHeight`. */
export const detailBound = 0.42;

/** Height with all that can be seen at a pixel of `pixel` kilometres. */
export function height(x: number, z: number, rough: number, pixel: number): number {
  const wild = smoothstep(0.05, 1.1, rough);
  const crags = ridges(x * 1.9 + 9.1, z * 1.9 + 2.2, 7, pixel * 1.9) - 0.35;
  const hills = octaves(x * 2.3, z * 2.3, 9, pixel * 2.3);
  const wood = rough > 0.004 && rough < treeLine + 0.25 ? 0.018 * (1 - smoothstep(treeLine - 0.2, treeLine + 0.25, rough)) : 0;
  const trees = wood === 0 ? 0 : wood * Math.abs(octaves(x * 42, z * 42, 3, pixel * 42)) * 2;
  return rough + (0.03 + 0.5 * wild) * crags * 0.62 + 0.085 * hills * clamp01(rough * 8) + trees * clamp01(rough * 20);
}
