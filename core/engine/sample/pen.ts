/** Draws shapes with exact antialiasing: every pixel gets the share of its area that the shape covers. */
import type { Canvas, Colour } from './canvas.ts';

/** Where shapes go; with `mirrorY` they are drawn upside down about that scene height, as water shows them. */
export interface Pen {
  readonly canvas: Canvas;
  readonly mirrorY: number | null;
}

/** Puts the linear light at a point of the scene (never mirrored) into `out`. */
export type Texture = (x: number, y: number, out: Float64Array) => void;

let areas = new Float32Array(1 << 16);
let corners = new Float64Array(64);
const textured = new Float64Array(3);

/**
 * Adds a directed edge to `areas`, a grid of `stride` cells a row: after a running sum along a row each cell
 * holds the signed share of it to the right of the edges. Coordinates in cells; x beyond the grid is clamped,
 * y must lie inside.
 */
function addEdge(x0: number, y0: number, x1: number, y1: number, stride: number): void {
  // Flatter than this, an edge bounds no area that could be seen, and its slope no longer is a number.
  if (Math.abs(y1 - y0) < 1e-9) return;
  const direction = y0 < y1 ? 1 : -1;
  const fromX = direction > 0 ? x0 : x1;
  const fromY = direction > 0 ? y0 : y1;
  const toY = direction > 0 ? y1 : y0;
  const slope = (x1 - x0) / (y1 - y0);
  const limit = stride - 2;
  for (let row = Math.floor(fromY); row < toY; row += 1) {
    const start = Math.max(row, fromY);
    const end = Math.min(row + 1, toY);
    const climb = (end - start) * direction;
    let left = fromX + (start - fromY) * slope;
    let right = fromX + (end - fromY) * slope;
    if (left > right) {
      const held = left;
      left = right;
      right = held;
    }
    left = left < 0 ? 0 : left > limit ? limit : left;
    right = right < 0 ? 0 : right > limit ? limit : right;
    const first = Math.floor(left);
    const last = Math.floor(right);
    const at = row * stride + first;
    if (first === last) {
      const middle = (left + right) / 2 - first;
      areas[at]! += climb * (1 - middle);
      areas[at + 1]! += climb * middle;
      continue;
    }
    // The edge crosses several cells: a triangle in the first, trapezoids between, the rest in the last.
    const perCell = climb / (right - left);
    const entry = first + 1 - left;
    let given = 0.5 * perCell * entry * entry;
    areas[at]! += given;
    let covered = given;
    for (let cell = first + 1; cell < last; cell += 1) {
      const total = perCell * (cell + 0.5 - left);
      given = total - covered;
      areas[row * stride + cell]! += given;
      covered = total;
    }
    const exit = right - last;
    const total = climb - 0.5 * perCell * exit * exit;
    areas[row * stride + last]! += total - covered;
    areas[row * stride + last + 1]! += climb - total;
  }
}

/**
 * Fills a polygon given as x, y, x, y … in scene units. Parts of it that overlap each other in the same
 * direction count once. `opacity` 0..1.
 */
export function fillPolygon(pen: Pen, points: ArrayLike<number>, paint: Colour | Texture, opacity = 1): void {
  const { canvas, mirrorY } = pen;
  const count = points.length >> 1;
  if (corners.length < points.length) corners = new Float64Array(points.length * 2);
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (let index = 0; index < count; index += 1) {
    const sceneY = points[2 * index + 1]!;
    const x = (points[2 * index]! - canvas.left) * canvas.scale;
    const y = ((mirrorY === null ? sceneY : 2 * mirrorY - sceneY) - canvas.top) * canvas.scale;
    corners[2 * index] = x;
    corners[2 * index + 1] = y;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  const left = Math.max(0, Math.floor(minX));
  const right = Math.min(canvas.width, Math.floor(maxX) + 1);
  const top = Math.max(0, Math.floor(minY));
  const bottom = Math.min(canvas.height, Math.floor(maxY) + 1);
  if (!(left < right && top < bottom)) return;
  const stride = right - left + 2;
  const size = stride * (bottom - top);
  if (areas.length < size) areas = new Float32Array(size * 2);
  for (let index = 0; index < count; index += 1) {
    const next = index + 1 === count ? 0 : index + 1;
    let x0 = corners[2 * index]! - left;
    let y0 = corners[2 * index + 1]! - top;
    let x1 = corners[2 * next]! - left;
    let y1 = corners[2 * next + 1]! - top;
    const rows = bottom - top;
    if ((y0 <= 0 && y1 <= 0) || (y0 >= rows && y1 >= rows) || y0 === y1) continue;
    const slope = (x1 - x0) / (y1 - y0);
    const startX = x0;
    const startY = y0;
    if (y0 < 0 || y0 > rows) {
      y0 = y0 < 0 ? 0 : rows;
      x0 = startX + (y0 - startY) * slope;
    }
    if (y1 < 0 || y1 > rows) {
      y1 = y1 < 0 ? 0 : rows;
      x1 = startX + (y1 - startY) * slope;
    }
    addEdge(x0, y0, x1, y1, stride);
  }
  blend(pen, left, top, stride, bottom - top, paint, opacity);
  areas.fill(0, 0, size);
}

function blend(
  pen: Pen,
  left: number,
  top: number,
  stride: number,
  rows: number,
  paint: Colour | Texture,
  opacity: number,
): void {
  const { canvas, mirrorY } = pen;
  const { light, width, scale } = canvas;
  const texture = typeof paint === 'function' ? paint : null;
  let red = 0;
  let green = 0;
  let blue = 0;
  if (typeof paint !== 'function') [red, green, blue] = paint;
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    const pictureY = canvas.top + (top + row + 0.5) / scale;
    const y = mirrorY === null ? pictureY : 2 * mirrorY - pictureY;
    let at = ((top + row) * width + left) * 3;
    for (let column = 0; column < stride - 2; column += 1, at += 3) {
      sum += areas[row * stride + column]!;
      const area = sum < 0 ? -sum : sum;
      if (area < 1e-4) continue;
      const share = (area > 1 ? 1 : area) * opacity;
      if (texture !== null) {
        texture(canvas.left + (left + column + 0.5) / scale, y, textured);
        red = textured[0]!;
        green = textured[1]!;
        blue = textured[2]!;
      }
      light[at]! += (red - light[at]!) * share;
      light[at + 1]! += (green - light[at + 1]!) * share;
      light[at + 2]! += (blue - light[at + 2]!) * share;
    }
  }
}

const quad = new Float64Array(8);

/** A straight stroke whose width goes from `width0` to `width1`, all in scene units. */
export function stroke(
  pen: Pen,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  width0: number,
  width1: number,
  paint: Colour | Texture,
  opacity = 1,
): void {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length === 0) return;
  const acrossX = -(y1 - y0) / length / 2;
  const acrossY = (x1 - x0) / length / 2;
  quad[0] = x0 + acrossX * width0;
  quad[1] = y0 + acrossY * width0;
  quad[2] = x1 + acrossX * width1;
  quad[3] = y1 + acrossY * width1;
  quad[4] = x1 - acrossX * width1;
  quad[5] = y1 - acrossY * width1;
  quad[6] = x0 - acrossX * width0;
  quad[7] = y0 - acrossY * width0;
  fillPolygon(pen, quad, paint, opacity);
}
