/** A small sailing boat at its mooring: clinker hull, bare mast, rigging, furled sail. */
import { mix, srgb, type Colour } from './canvas.ts';
import { fillPolygon, stroke, type Pen } from './pen.ts';

const hull = srgb(0xf1ece0);
const hullShade = srgb(0x8d97a3);
const keel = srgb(0x7d2a22);
const stripe = srgb(0x1f3f66);
const wood = srgb(0xb07a42);
const spar = srgb(0xdcc8a2);
const sail = srgb(0xe9dfcc);
const rope = srgb(0x2b2a2c);
const flag = srgb(0xc9342a);

/** Draws the boat with the middle of its waterline at (`x`, `y`), `size` scene units long. */
export function drawBoat(pen: Pen, x: number, y: number, size: number): void {
  const px = (u: number): number => x + u * size;
  const py = (v: number): number => y - v * size;
  const line = (u0: number, v0: number, u1: number, v1: number, width0: number, width1: number, paint: Colour): void => {
    stroke(pen, px(u0), py(v0), px(u1), py(v1), width0 * size, width1 * size, paint);
  };
  // Sheer of the deck and curve of the waterline, stern left, bow right.
  const sheer = (t: number): [number, number] => [-0.5 + 1.06 * t, 0.13 + 0.09 * (t - 0.35) ** 2 + 0.05 * t ** 4];
  const bottom = (t: number): [number, number] => [-0.45 + 0.92 * t, 0.012 * Math.sin(Math.PI * t) - 0.012];
  const band = (from: number, to: number, paint: (t: number) => Colour): void => {
    const parts = 24;
    for (let part = 0; part < parts; part += 1) {
      const corners: number[] = [];
      // A little overlap keeps the seams shut.
      for (const [t, share] of [
        [part, from],
        [part + 1.04, from],
        [part + 1.04, to],
        [part, to],
      ] as const) {
        const place = Math.min(1, t / parts);
        const [topU, topV] = sheer(place);
        const [lowU, lowV] = bottom(place);
        corners.push(px(lowU + (topU - lowU) * share), py(lowV + (topV - lowV) * share));
      }
      fillPolygon(pen, corners, paint((part + 0.5) / parts));
    }
  };
  const lit = (t: number): number => 0.25 + 0.75 * t ** 1.5;
  for (let strake = 0; strake < 7; strake += 1) {
    const from = strake / 7;
    band(from, from + 1 / 7, (t) => (strake === 0 ? mix(keel, hullShade, 0.1) : mix(hullShade, hull, lit(t))));
    band(from + 0.115, from + 1 / 7, (t) => (strake === 5 ? stripe : mix(hullShade, hull, lit(t) * 0.55)));
  }
  band(0.96, 1.03, () => wood);
  fillPolygon(
    pen,
    [px(-0.16), py(0.14), px(0.2), py(0.145), px(0.16), py(0.225), px(-0.13), py(0.215)],
    mix(hull, hullShade, 0.15),
  );
  fillPolygon(pen, [px(-0.17), py(0.212), px(0.2), py(0.225), px(0.19), py(0.24), px(-0.17), py(0.228)], wood);
  for (const port of [-0.08, 0, 0.08])
    fillPolygon(pen, [px(port), py(0.17), px(port + 0.045), py(0.17), px(port + 0.045), py(0.2), px(port), py(0.2)], stripe);

  line(0.08, 0.15, 0.08, 1.22, 0.02, 0.011, spar);
  line(0.09, 0.32, -0.44, 0.3, 0.014, 0.011, spar);
  // Sail, furled along the boom with its ties.
  fillPolygon(
    pen,
    [
      px(0.07),
      py(0.322),
      px(-0.43),
      py(0.315),
      px(-0.435),
      py(0.33),
      px(-0.3),
      py(0.352),
      px(-0.1),
      py(0.37),
      px(0.04),
      py(0.385),
      px(0.07),
      py(0.375),
    ],
    mix(sail, hullShade, 0.3),
  );
  for (let fold = 0; fold < 9; fold += 1) {
    const u = 0.06 - fold * 0.053;
    fillPolygon(
      pen,
      [
        px(u),
        py(0.325),
        px(u - 0.05),
        py(0.322),
        px(u - 0.052),
        py(0.358 - fold * 0.004),
        px(u - 0.02),
        py(0.366 - fold * 0.004),
        px(u - 0.004),
        py(0.352 - fold * 0.003),
      ],
      mix(sail, hullShade, fold % 2 === 0 ? 0.1 : 0.3),
    );
    line(u, 0.315, u, 0.36 - fold * 0.002, 0.004, 0.004, rope);
  }
  line(0.08, 1.2, 0.555, 0.2, 0.0045, 0.0045, rope);
  line(0.08, 1.2, -0.5, 0.16, 0.0045, 0.0045, rope);
  line(0.08, 1.2, -0.44, 0.3, 0.003, 0.003, rope);
  line(0.08, 0.86, 0.2, 0.15, 0.0035, 0.0035, rope);
  line(0.08, 0.86, -0.04, 0.15, 0.0035, 0.0035, rope);
  line(-0.02, 0.855, 0.18, 0.865, 0.008, 0.008, spar);
  line(0.08, 1.2, 0.18, 0.865, 0.003, 0.003, rope);
  line(0.08, 1.2, -0.02, 0.855, 0.003, 0.003, rope);
  fillPolygon(pen, [px(0.08), py(1.27), px(-0.06), py(1.245), px(-0.045), py(1.225), px(0.08), py(1.215)], flag);
  line(0.08, 1.2, 0.08, 1.28, 0.005, 0.004, spar);
}
