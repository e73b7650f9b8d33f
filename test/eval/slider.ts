/** Table `slider`: as the strength rises, noise must fall, and detail may only fall. */
import { drawSample } from '../../core/engine/sample/draw-sample.ts';
import { withNoise } from './damage.ts';
import { enlarge, hasStrength } from './eval-model.ts';
import { verdict, type Table } from './markdown.ts';
import { lumaBt601 } from './psnr.ts';
import { strengths } from './sweep.ts';
import type { Picture } from './super-resolution-sets.ts';
import { drawn } from './test-charts.ts';
import type { Workplace } from './workplace.ts';

export interface SliderResult {
  readonly what: string;
  readonly kind: 'noise' | 'detail';
  /** Standard deviation in codes of luma by strength: of all of a noisy flat field, of the fine part of a textured picture. */
  readonly byStrength: readonly { readonly strength: number; readonly deviation: number }[];
}

const side = 128;
/** Pixels of the result left out on every side, where padding shows. */
const border = 16;
/** A rise of this share is measurement, not a slider that goes the wrong way. */
const tolerance = 0.005;

/** Measures with the int8 file; empty for a model without strength. */
export async function measureSlider(place: Workplace): Promise<SliderResult[]> {
  const { card } = place.model;
  if (!hasStrength(card)) return [];
  place.say('slider');
  const grey = drawn(side, side, () => [120, 120, 120]);
  const skin = drawn(side, side, () => [208, 160, 132]);
  const noisy = (flat: Picture, sigma: number): Picture => ({ ...flat, rgb: withNoise(flat.rgb, sigma, `slider ${sigma}`) });
  const cases = [
    { what: 'noise σ 5 on grey', kind: 'noise', picture: noisy(grey, 5) },
    { what: 'noise σ 15 on grey', kind: 'noise', picture: noisy(grey, 15) },
    { what: 'noise σ 10 on a skin tone', kind: 'noise', picture: noisy(skin, 10) },
    { what: 'detail of a clean drawn landscape', kind: 'detail', picture: texture() },
  ] as const;
  const results: SliderResult[] = [];
  for (const { what, kind, picture } of cases) {
    const byStrength: SliderResult['byStrength'][number][] = [];
    for (const strength of strengths) {
      const luma = lumaBt601(await enlarge(place.int8, picture, strength));
      const width = picture.width * card.scale;
      byStrength.push({ strength, deviation: deviation(kind === 'noise' ? luma : fine(luma, width), width, border) });
    }
    results.push({ what, kind, byStrength });
  }
  return results;
}

/** Trees, grass and stones of the drawn sample. */
function texture(): Picture {
  const [width, height] = [512, 384];
  const rgb = drawSample(width, height);
  const [left, top] = [96, height - side];
  return drawn(side, side, (x, y) => {
    const at = ((top + y) * width + left + x) * 3;
    return [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
  });
}

/** A plane less its mean over 5 × 5; the outermost two pixels are 0. */
export function fine(plane: Float64Array, width: number): Float64Array {
  const height = plane.length / width;
  const result = new Float64Array(plane.length);
  for (let y = 2; y < height - 2; y += 1) {
    for (let x = 2; x < width - 2; x += 1) {
      let sum = 0;
      for (let dy = -2; dy <= 2; dy += 1) for (let dx = -2; dx <= 2; dx += 1) sum += plane[(y + dy) * width + x + dx]!;
      result[y * width + x] = plane[y * width + x]! - sum / 25;
    }
  }
  return result;
}

/** Standard deviation of a plane without its outermost `margin` pixels. */
export function deviation(plane: Float64Array, width: number, margin: number): number {
  const height = plane.length / width;
  let [sum, squares, count] = [0, 0, 0];
  for (let y = margin; y < height - margin; y += 1) {
    for (let x = margin; x < width - margin; x += 1) {
      const value = plane[y * width + x]!;
      sum += value;
      squares += value * value;
      count += 1;
    }
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** Whether the last value lies under the first, and none rises above the least before it by more than the tolerance. */
export function falls(values: readonly number[]): boolean {
  let least = Infinity;
  for (const value of values) {
    if (value > least * (1 + tolerance)) return false;
    least = Math.min(least, value);
  }
  return (values.at(-1) ?? 0) < (values[0] ?? 0);
}

export function sliderTable(place: Workplace, results: readonly SliderResult[]): Table {
  const { card } = place.model;
  const head = ['what is left', ...strengths.map(String), 'falls'];
  if (results.length === 0)
    return { title: `${card.id}: the slider`, head, rows: [['no strength to set', ...head.slice(1).map(() => '–')]], notes: [] };
  return {
    title: `${card.id}: the slider, by strength`,
    head,
    rows: results.map(({ what, byStrength }) => {
      const values = byStrength.map(({ deviation: value }) => value);
      return [what, ...values.map((value) => value.toFixed(2)), verdict(falls(values))];
    }),
    notes: [
      `Standard deviation of luma in codes of the result; for detail, of what a mean over 5 × 5 leaves. It must end lower than it began; a rise of ${tolerance * 100} % on the way counts as level.`,
    ],
  };
}
