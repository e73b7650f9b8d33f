/**
 * Recipe + photo + model card → what will be done and what it costs. Pure, so that every host can show
 * it before anything runs.
 */
import { EnlargerError } from './failure.ts';
import { rasterShape, type PhotoFacts, type SampleDepth } from './facts.ts';
import { chooseModel, networkWork, passesFor } from './choose-model.ts';
import { fits, formatTraits, formatsThatHold, sameFormat } from './formats.ts';
import type { ModelCard } from './model-card.ts';
import type { ExportRecipe, OutputFormat, Recipe, Target } from './recipe.ts';

export interface Plan {
  /** Null when the photo is only shrunk. */
  readonly model: ModelCard | null;
  /** Runs of the network, each over the result of the last. */
  readonly passes: number;
  /** Final Lanczos shrink, or null. */
  readonly resize: { readonly width: number; readonly height: number } | null;
  /** 0..1, or `auto` where it is to be chosen from the photo's pixels. 0 for models without strength. */
  readonly strength: number | 'auto';
  readonly output: {
    readonly width: number;
    readonly height: number;
    readonly format: OutputFormat;
    readonly quality: number | null;
  };
  /** Output pixels of all passes together: what the network's time is proportional to. */
  readonly networkPixels: number;
  /** Disk for uncompressed intermediates at their peak, in the scratch folder. */
  readonly scratchBytes: number;
  /** Estimated size of the file. */
  readonly outputBytes: number;
  /** Sentences for the user about what the format or size changes. */
  readonly notes: readonly string[];
}

export const maxEnlargement = 8;

/** What the machine allows. */
export interface PlanLimits {
  /** Memory that encoding one picture may take. */
  readonly encodeMemoryBytes: number;
}

/** Makes the plan. Throws `too-large` when the format cannot hold the result, `model-missing` when no model serves. */
export function planPhoto(
  facts: PhotoFacts,
  recipe: Recipe,
  exported: ExportRecipe,
  cards: readonly ModelCard[],
  limits: PlanLimits,
): Plan {
  const size = targetSize(facts, recipe.target);
  const enlargement = Math.max(size.width / facts.width, size.height / facts.height);
  if (enlargement > maxEnlargement + 1e-9) {
    throw new EnlargerError(
      'too-large',
      `A photo of ${dimensions(facts)} can become at most ${String(facts.width * maxEnlargement)} × ${String(facts.height * maxEnlargement)}; ${dimensions(size)} was asked for. Ask for a smaller size.`,
    );
  }
  const shrinksOnly = recipe.target.kind !== 'scale' && enlargement <= 1;
  const model = shrinksOnly ? null : chooseModel(cards, recipe, enlargement);
  const passes = model === null ? 0 : passesFor(model, enlargement, recipe.target);
  const factor = model === null ? 1 : model.scale ** passes;
  const grown = { width: facts.width * factor, height: facts.height * factor };
  const resize = grown.width === size.width && grown.height === size.height ? null : size;

  const notes: string[] = [];
  if (shrinksOnly && resize !== null)
    notes.push(`the photo is larger than ${dimensions(size)} already: it is shrunk, not enlarged`);
  const chosen = exported.format === 'same' ? sameFormat(facts.format) : { format: exported.format, note: null };
  if (chosen.note !== null) notes.push(chosen.note);
  const traits = formatTraits[chosen.format];
  const shape = rasterShape(facts);
  const picture = { ...size, bitDepth: shape.bitDepth };
  if (!fits(traits, picture, limits.encodeMemoryBytes)) {
    const others = formatsThatHold(picture, limits.encodeMemoryBytes);
    const limit =
      Math.max(size.width, size.height) > traits.maxSide
        ? `more than ${String(traits.maxSide)} pixels a side`
        : 'not within the memory of this machine';
    throw new EnlargerError(
      'too-large',
      `${traits.name} cannot hold ${dimensions(size)} (${limit})${others.length === 0 ? '. Choose a smaller size.' : `. These formats can: ${others.join(', ')} (--format), or choose a smaller size.`}`,
    );
  }
  if (shape.bitDepth === 16 && traits.maxDepth < 16) {
    notes.push(
      traits.maxDepth === 8
        ? `${traits.name} keeps 8 of ${String(facts.bitDepth)} bits: use PNG or TIFF to keep all`
        : `${traits.name} keeps ${String(traits.maxDepth)} bits`,
    );
  }
  if (facts.hasAlpha && !traits.alpha) notes.push(`${traits.name} has no transparency: transparent parts become white`);
  if (exported.quality !== null && traits.defaultQuality === null) notes.push(`${traits.name} is lossless: quality is ignored`);

  return {
    model,
    passes,
    resize,
    strength: strengthFor(model, recipe),
    output: {
      ...size,
      format: chosen.format,
      quality: traits.defaultQuality === null ? null : (exported.quality ?? traits.defaultQuality),
    },
    networkPixels: facts.width * facts.height * networkWork(model?.scale ?? 1, passes),
    scratchBytes: scratchBytes(facts, shape.channels, shape.bitDepth, model?.scale ?? 1, passes, resize),
    outputBytes: Math.ceil(
      (size.width * size.height * traits.typicalBitsPerPixel * (shape.bitDepth === 16 && traits.maxDepth === 16 ? 2 : 1)) / 8,
    ),
    notes,
  };
}

/** Size of the result, in pixels, at least 1 × 1. */
export function targetSize(facts: { width: number; height: number }, target: Target): { width: number; height: number } {
  switch (target.kind) {
    case 'scale':
      return { width: facts.width * target.scale, height: facts.height * target.scale };
    case 'width':
      return { width: target.pixels, height: side(facts.height, target.pixels / facts.width) };
    case 'height':
      return { width: side(facts.width, target.pixels / facts.height), height: target.pixels };
    case 'long-side':
      return facts.width >= facts.height
        ? targetSize(facts, { kind: 'width', pixels: target.pixels })
        : targetSize(facts, { kind: 'height', pixels: target.pixels });
    case 'megapixels': {
      const factor = Math.sqrt((target.megapixels * 1e6) / (facts.width * facts.height));
      return { width: side(facts.width, factor), height: side(facts.height, factor) };
    }
  }
}

function side(pixels: number, factor: number): number {
  return Math.max(1, Math.round(pixels * factor));
}

function strengthFor(model: ModelCard | null, recipe: Recipe): number | 'auto' {
  if (model === null) return 0;
  const settable = model.input.extraPlanes.includes('strength');
  if (recipe.denoise === 'auto') return settable ? 'auto' : 0;
  if (recipe.denoise > 0 && !settable) {
    throw new EnlargerError(
      'model-invalid',
      `The model "${model.id}" has no strength to set. Use --denoise auto or 0, or another model.`,
    );
  }
  return recipe.denoise;
}

/** The largest sum of two neighbouring intermediates: each step reads one picture and writes the next. */
function scratchBytes(
  facts: PhotoFacts,
  channels: number,
  bitDepth: SampleDepth,
  scale: number,
  passes: number,
  resize: { width: number; height: number } | null,
): number {
  const pixelBytes = channels * (bitDepth / 8);
  const sizes = [facts.width * facts.height];
  for (let pass = 1; pass <= passes; pass += 1) sizes.push(facts.width * facts.height * scale ** (2 * pass));
  if (resize !== null) sizes.push(resize.width * resize.height);
  let peak = sizes[0] ?? 0;
  for (let index = 1; index < sizes.length; index += 1) peak = Math.max(peak, (sizes[index - 1] ?? 0) + (sizes[index] ?? 0));
  return Math.ceil(peak * pixelBytes);
}

function dimensions(size: { width: number; height: number }): string {
  return `${String(size.width)} × ${String(size.height)}`;
}
