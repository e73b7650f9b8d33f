/** What tests ask of a page that shows pictures: which place of which picture is where on the screen. */
import { expect, vi } from 'vitest';

/** Colour of a canvas at a place that is counted in CSS pixels from its corner. */
export function colourAt(
  canvas: HTMLCanvasElement,
  x: number,
  y: number,
): [red: number, green: number, blue: number, alpha: number] {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(
    Math.floor(x * devicePixelRatio),
    Math.floor(y * devicePixelRatio),
    1,
    1,
  ).data;
  return [red, green, blue, alpha];
}

/** What a picture of the fake media handler tells by its colour: 0..1 across and down, and which picture it is. Null where nothing is drawn. */
export function placeAt(canvas: HTMLCanvasElement, x: number, y: number): { across: number; down: number; blue: number } | null {
  const [red, green, blue, alpha] = colourAt(canvas, x, y);
  return alpha === 0 ? null : { across: red / 255, down: green / 255, blue };
}

export function canvases(container: ParentNode): HTMLCanvasElement[] {
  return [...container.querySelectorAll('canvas')];
}

/** Until two frames were drawn: what changed is on the screen then. */
export async function drawn(): Promise<void> {
  for (let count = 0; count < 3; count++) await new Promise((resolve) => requestAnimationFrame(resolve));
}

/** Until it is true; what it throws counts as not yet. */
export async function until(check: () => unknown): Promise<void> {
  await vi.waitFor(async () => expect(await check()).toBeTruthy(), { timeout: 10_000, interval: 20 });
}

/** An element of this size, in CSS pixels. */
export function sized(width: number, height: number): HTMLElement {
  const element = document.createElement('div');
  element.style.cssText = `position: relative; width: ${width}px; height: ${height}px`;
  document.body.append(element);
  return element;
}
