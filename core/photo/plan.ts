/**
 * Recipe + photo + model card → what will be done and what it costs. Pure, so that every host can show
 * it before anything runs.
 */
import { EnlargerError } from './failure.ts';
import { rasterShape, type PhotoFacts, type SampleDepth } from './facts.ts';
import { chooseModel, networkWork, passesFor, type NetworkTraits } from './choose-model.ts';
import type { ModelCard } from './model-card.ts';
import { dimensions, planFile, type PlanLimits } from './plan-file.ts';
import type { PlanNote } from './plan-note.ts';
import { levelSize } from './zoom-levels.ts';
import type { ExportRecipe, OutputFormat, Recipe, Target } from './recipe.ts';

/** What becomes of the pixels, whatever file they are for. */
export interface RenderPlan {
  /** Null when the photo is only shrunk. */
  readonly model: ModelCard | null;
  /** Runs of the network, each over the result of the last. */
  readonly passes: number;
  /** Final Lanczos shrink, or null. */
  readonly resize: { readonly width: number; readonly height: number } | null;
  /** 0..1, or `auto` where it is to be chosen from the photo's pixels. 0 for models without strength. */
  readonly strength: number | 'auto';
  /** Of the result, in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Output pixels of all passes together: what the network's time is proportional to. */
  readonly networkPixels: number;
  /** Disk for uncompressed intermediates at their peak, in the scratch folder; the result itself is among them. */
  readonly scratchBytes: number;
  /** Disk for the stored result with its smaller levels. */
  readonly resultBytes: number;
  /** What the size changes. */
  readonly notes: readonly PlanNote[];
}

export interface Plan extends RenderPlan {
  readonly output: {
    readonly width: number;
    readonly height: number;
    readonly format: OutputFormat;
    readonly quality: number | null;
  };
  /** Estimated size of the file. */
  readonly outputBytes: number;
  /** Sentences for the user about what the format changes. */
  readonly fileNotes: readonly string[];
}

export const maxEnlargement = 8;

/**
 * Which network makes a photo of this upright size, and how often it runs: each pass over the result of the last. Null and 0 when the photo is only
 * shrunk. Throws `too-large` when more is asked for than can be made, `model-missing` when no model serves.
 */
export function planNetwork<Card extends NetworkTraits>(
  facts: { readonly width: number; readonly height: number },
  recipe: Pick<Recipe, 'model' | 'target'>,
  cards: readonly Card[],
): { readonly model: Card | null; readonly passes: number } {
  const size = targetSize(facts, recipe.target);
  const enlargement = Math.max(size.width / facts.width, size.height / facts.height);
  if (enlargement > maxEnlargement + 1e-9) {
    throw new EnlargerError(
      'too-large',
      `A photo of ${dimensions(facts)} can become at most ${String(facts.width * maxEnlargement)} × ${String(facts.height * maxEnlargement)}; ${dimensions(size)} was asked for. Ask for a smaller size.`,
    );
  }
  if (recipe.target.kind !== 'scale' && enlargement <= 1) return { model: null, passes: 0 };
  const model = chooseModel(cards, recipe, enlargement);
  return { model, passes: passesFor(model, enlargement, recipe.target) };
}

/** Plans the pixels. Throws what `planNetwork` throws, and `model-invalid` for a strength that the network does not have. */
export function planRender(facts: PhotoFacts, recipe: Recipe, cards: readonly ModelCard[]): RenderPlan {
  const size = targetSize(facts, recipe.target);
  const { model, passes } = planNetwork(facts, recipe, cards);
  const factor = model === null ? 1 : model.scale ** passes;
  const grown = { width: facts.width * factor, height: facts.height * factor };
  const resize = grown.width === size.width && grown.height === size.height ? null : size;
  const { channels, bitDepth } = rasterShape(facts);
  return {
    model,
    passes,
    resize,
    strength: strengthFor(model, recipe),
    size,
    networkPixels: facts.width * facts.height * networkWork(model?.scale ?? 1, passes),
    scratchBytes: scratchBytes(facts, channels, bitDepth, model?.scale ?? 1, passes, resize),
    resultBytes: storedBytes(size, channels * (bitDepth / 8)),
    notes: model === null && resize !== null ? [{ code: 'shrunk', ...size }] : [],
  };
}

/** Makes the plan. Throws `too-large` when the format cannot hold the result, `model-missing` when no model serves. */
export function planPhoto(
  facts: PhotoFacts,
  recipe: Recipe,
  exported: ExportRecipe,
  cards: readonly ModelCard[],
  limits: PlanLimits,
): Plan {
  const render = planRender(facts, recipe, cards);
  const { size } = render;
  const file = planFile(facts, size, exported, limits);
  return {
    ...render,
    output: { ...size, format: file.format, quality: file.quality },
    outputBytes: file.bytes,
    fileNotes: file.notes,
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

/** Side of the tiles that a result is stored in; those at its edges are as large as the others. */
const storedTileSide = 512;
/** Headers, checksums and what the photo carries besides pixels. */
const storedExtraBytes = 1e6;

/** The picture and its smaller levels, as the engine stores them: none of half the side, and none behind the first that is a single tile. */
function storedBytes(size: { width: number; height: number }, pixelBytes: number): number {
  const tiles = (level: number): number =>
    Math.ceil(levelSize(size, level).width / storedTileSide) * Math.ceil(levelSize(size, level).height / storedTileSide);
  let count = tiles(0);
  for (let level = 2; tiles(level - 1) > 1; level += 1) count += tiles(level);
  return count * storedTileSide ** 2 * pixelBytes + storedExtraBytes;
}
