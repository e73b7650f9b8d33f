/** The panel's fields as data: what the user typed, also what is not asked for right now, and the recipe that it means. */
import type { Recipe, Target } from '../../../core/photo/recipe.ts';
import { convertLength, printLength, printPixels, type LengthUnit } from './print-size.ts';

export const sizeChoices = [1, 2, 4, 'custom'] as const;
export type SizeChoice = (typeof sizeChoices)[number];

/** What a size of one's own is given by. */
export const customKinds = ['long-side', 'width', 'height', 'megapixels', 'print'] as const;
export type CustomKind = (typeof customKinds)[number];

/** A number is null while its field holds none. */
export interface RecipeForm {
  readonly size: SizeChoice;
  readonly custom: CustomKind;
  /** Of the long side, the width or the height. */
  readonly pixels: number | null;
  readonly megapixels: number | null;
  /** Of the print's long side. */
  readonly printLength: number | null;
  readonly printUnit: LengthUnit;
  readonly printDpi: number | null;
  /** Null: the best one for the size. */
  readonly model: string | null;
  /** Each photo is cleaned as much as it needs. */
  readonly automatic: boolean;
  /** 0..1, where it is not automatic. */
  readonly strength: number;
}

/** Right for nine photos in ten. */
export const usualForm: RecipeForm = {
  size: 2,
  custom: 'long-side',
  pixels: 6000,
  megapixels: 50,
  printLength: 30,
  printUnit: 'cm',
  printDpi: 300,
  model: null,
  automatic: true,
  strength: 0.3,
};

/** The form that shows a recipe; what the recipe says nothing of is as usual. */
export function formOf(recipe: Recipe | null): RecipeForm {
  if (recipe === null) return usualForm;
  const { target, model, denoise } = recipe;
  return {
    ...usualForm,
    ...targetFields(target),
    model,
    ...(denoise === 'auto' ? { automatic: true } : { automatic: false, strength: denoise }),
  };
}

/** Null while a number that is needed is missing or makes no size. */
export function recipeOf(form: RecipeForm): Recipe | null {
  const target = targetOf(form);
  if (target === null) return null;
  return { version: 1, model: form.model, target, denoise: form.automatic ? 'auto' : form.strength };
}

/** Null while a number that is needed is missing or makes no size. */
export function targetOf(form: RecipeForm): Target | null {
  if (form.size !== 'custom') return { kind: 'scale', scale: form.size };
  if (form.custom === 'megapixels') {
    const { megapixels } = form;
    return megapixels !== null && megapixels > 0 ? { kind: 'megapixels', megapixels } : null;
  }
  const pixels = form.custom === 'print' ? printedPixels(form) : wholePixels(form.pixels);
  if (pixels === null) return null;
  return { kind: form.custom === 'print' ? 'long-side' : form.custom, pixels };
}

/** A size that is given in another way from here on: between the long side in pixels and the print it stays the same. */
export function givenBy(form: RecipeForm, custom: CustomKind): RecipeForm {
  const target = targetOf({ ...form, size: 'custom' });
  const { printUnit, printDpi } = form;
  if (target?.kind !== 'long-side' || custom === form.custom) return { ...form, custom };
  if (custom === 'long-side') return { ...form, custom, pixels: target.pixels };
  if (custom !== 'print' || printDpi === null || !(printDpi > 0)) return { ...form, custom };
  return { ...form, custom, printLength: hundredths(printLength(target.pixels, printUnit, printDpi)) };
}

/** The same print, measured in another unit. */
export function measuredIn(form: RecipeForm, printUnit: LengthUnit): RecipeForm {
  const { printLength: length } = form;
  return {
    ...form,
    printUnit,
    printLength: length === null ? null : hundredths(convertLength(length, form.printUnit, printUnit)),
  };
}

/** As exact as anybody measures paper, and never nothing. */
function hundredths(length: number): number {
  return Math.max(1, Math.round(length * 100)) / 100;
}

function targetFields(target: Target): Partial<RecipeForm> {
  switch (target.kind) {
    case 'scale':
      return { size: target.scale };
    case 'megapixels':
      return { size: 'custom', custom: 'megapixels', megapixels: target.megapixels };
    default:
      return { size: 'custom', custom: target.kind, pixels: target.pixels };
  }
}

function printedPixels({ printLength, printUnit, printDpi }: RecipeForm): number | null {
  if (printLength === null || printDpi === null || !(printLength > 0) || !(printDpi > 0)) return null;
  return wholePixels(printPixels({ length: printLength, unit: printUnit, dpi: printDpi }));
}

function wholePixels(pixels: number | null): number | null {
  return pixels !== null && Number.isSafeInteger(Math.round(pixels)) && Math.round(pixels) > 0 ? Math.round(pixels) : null;
}
