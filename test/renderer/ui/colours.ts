/** Colours of the page as numbers, and how well they are told apart. */

/** Red, green, blue 0..255, alpha 0..1; sRGB. */
export type Colour = readonly [number, number, number, number];

/** What the page shows for a token, `accent`, or for any other colour of CSS, in the theme of now. */
export function tokenColour(name: string): Colour {
  const probe = document.createElement('i');
  probe.style.color = /^[\w-]+$/.test(name) ? `var(--${name})` : name;
  document.body.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  // A canvas turns every notation, oklab too, into bytes.
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (context === null) throw new Error('There is no canvas to read a colour with.');
  context.fillStyle = computed;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

/** A translucent colour on an opaque one. */
export function over([red, green, blue, alpha]: Colour, below: Colour): Colour {
  const mixed = [red, green, blue].map((value, index) => value * alpha + (below[index] ?? 0) * (1 - alpha));
  return [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0, 1];
}

/** Contrast ratio of two opaque colours, 1..21, as WCAG 2.2 defines it. */
export function contrast(a: Colour, b: Colour): number {
  const [darker = 0, lighter = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance 0..1, WCAG 2.2. */
function luminance([red, green, blue]: Colour): number {
  const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
