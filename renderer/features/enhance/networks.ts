/** Which of the installed networks can make a size, and which ones will. */
import type { ModelView } from '../../../core/api/host-views.ts';
import { isFailureCode } from '../../../core/photo/failure.ts';
import { planNetwork, targetSize } from '../../../core/photo/plan.ts';
import type { Recipe, Target } from '../../../core/photo/recipe.ts';

/** Upright size of an original, in pixels. */
export interface Original {
  readonly width: number;
  readonly height: number;
}

/** A network that makes at least twice what is wanted along each side does most of its work for nothing. */
const mostOvershoot = 2;

/**
 * The networks that are worth asking for by name, those that invent nothing first: those that make the size of any of the originals without computing twice as much
 * along each side. None where all originals are only made smaller. Without originals, every network that enlarges may serve a size in pixels.
 */
export function servingNetworks(
  models: readonly ModelView[],
  target: Target,
  originals: readonly Original[],
): readonly ModelView[] {
  if (target.kind === 'scale' && target.scale === 1) return models.filter(cleans);
  const enlarging = models.filter(({ scale }) => scale > 1).sort((a, b) => rank(a) - rank(b));
  const wanted = enlargements(target, originals);
  if (wanted === null) return enlarging;
  const toMake = wanted.filter((enlargement) => enlargement > 1);
  const fitting = enlarging.filter(({ scale }) => toMake.some((enlargement) => overshoot(scale, enlargement) < mostOvershoot));
  return fitting.length === 0 && toMake.length > 0 ? enlarging : fitting;
}

/** What a recipe comes to for originals of these sizes. */
export interface UsedNetworks {
  /** In the order of the originals, each once. */
  readonly models: readonly ModelView[];
  /** Some are only made smaller: no network runs. */
  readonly shrinks: boolean;
}

/** Those that will run; originals that cannot be made are left out. Null where nothing is known of the originals and it depends on them. */
export function usedNetworks(
  models: readonly ModelView[],
  recipe: Pick<Recipe, 'model' | 'target'>,
  originals: readonly Original[],
): UsedNetworks | null {
  const known = originals.length > 0 ? originals : recipe.target.kind === 'scale' ? [{ width: 1, height: 1 }] : null;
  if (known === null) return null;
  const used = new Set<ModelView>();
  let shrinks = false;
  for (const original of known) {
    const model = networkOf(models, recipe, original)?.model;
    if (model === null) shrinks = true;
    else if (model !== undefined) used.add(model);
  }
  return { models: [...used], shrinks };
}

export interface NetworkForPhoto {
  /** Null where the photo is only made smaller. */
  readonly model: ModelView | null;
  /** How many times as long each side comes out of all its runs; 1 without a network. */
  readonly factor: number;
}

/** What makes one original; null where it cannot be made. */
export function networkOf(
  models: readonly ModelView[],
  recipe: Pick<Recipe, 'model' | 'target'>,
  original: Original,
): NetworkForPhoto | null {
  try {
    const { model, passes } = planNetwork(original, recipe, models);
    return { model, factor: (model?.scale ?? 1) ** passes };
  } catch (error) {
    // The plan says so, with the reason.
    if (isFailureCode(error, 'too-large') || isFailureCode(error, 'model-missing')) return null;
    throw error;
  }
}

function cleans({ task, scale }: ModelView): boolean {
  return task === 'clean' && scale === 1;
}

function rank({ task }: ModelView): number {
  return task === 'enlarge-crisp' ? 1 : 0;
}

function enlargements(target: Target, originals: readonly Original[]): readonly number[] | null {
  if (target.kind === 'scale') return [target.scale];
  if (originals.length === 0) return null;
  return originals.map((original) => {
    const { width, height } = targetSize(original, target);
    return Math.max(width / original.width, height / original.height);
  });
}

/** How much larger than wanted the network's own size is, along each side. */
function overshoot(scale: number, enlargement: number): number {
  let factor = scale;
  while (factor < enlargement - 1e-9) factor *= scale;
  return factor / enlargement;
}
