/** Print sizes as pixels. */

export const lengthUnits = ['cm', 'inch'] as const;
export type LengthUnit = (typeof lengthUnits)[number];

export interface PrintSize {
  /** Of one side of the print, above 0. */
  readonly length: number;
  readonly unit: LengthUnit;
  /** Dots an inch, above 0. */
  readonly dpi: number;
}

const unitsPerInch: Readonly<Record<LengthUnit, number>> = { cm: 2.54, inch: 1 };

/** Pixels along the side, at least 1. */
export function printPixels({ length, unit, dpi }: PrintSize): number {
  return Math.max(1, Math.round((length / unitsPerInch[unit]) * dpi));
}

/** Length of a side of so many pixels, above 0. */
export function printLength(pixels: number, unit: LengthUnit, dpi: number): number {
  return (pixels / dpi) * unitsPerInch[unit];
}

/** The same length in another unit. */
export function convertLength(length: number, from: LengthUnit, to: LengthUnit): number {
  return (length / unitsPerInch[from]) * unitsPerInch[to];
}
