/** Which of the installed networks makes a photo, and how often it runs. */
import { EnlargerError } from './failure.ts';
import type { ModelCard } from './model-card.ts';
import type { Recipe, Target } from './recipe.ts';

/** What of a network decides whether it is chosen, and how often it runs. */
export type NetworkTraits = Pick<ModelCard, 'id' | 'task'> & { readonly scale: number };

/** The models that a recipe without a name means, before any other that would do the same. */
const defaultIds: readonly string[] = ['photo-x2', 'photo-x4', 'clean-x1'];

/**
 * Model for a recipe among the installed ones: the one named, or else the one that reaches `enlargement` with the least work: ×2 for up to twice the
 * size, a native ×4 beyond that, ×2 three times for ×8. Of several with equal work the default one, then the first. Crisp models invent detail and are only
 * taken by name. Throws `model-missing`.
 */
export function chooseModel<Card extends NetworkTraits>(
  cards: readonly Card[],
  recipe: Pick<Recipe, 'model'>,
  enlargement: number,
): Card {
  if (recipe.model !== null) {
    const named = cards.find((card) => card.id === recipe.model);
    if (named !== undefined) return named;
    throw new EnlargerError(
      'model-missing',
      `There is no model "${recipe.model}". Installed: ${cards.map((card) => card.id).join(', ') || 'none'}.`,
    );
  }
  const cleans = enlargement <= 1;
  const usable = cards.filter((card) =>
    cleans ? card.task === 'clean' && card.scale === 1 : card.task === 'enlarge' && card.scale > 1,
  );
  const work = (card: Card): number => networkWork(card.scale, passesTo(card.scale, enlargement));
  const rank = (card: Card): number => (defaultIds.includes(card.id) ? 0 : 1);
  const best = usable.toSorted((a, b) => work(a) - work(b) || rank(a) - rank(b))[0];
  if (best === undefined) {
    throw new EnlargerError(
      'model-missing',
      cleans
        ? 'No installed model cleans a photo without enlarging it. Choose scale 2 or 4.'
        : 'No installed model enlarges. Run "enlarger models list" to see what is installed.',
    );
  }
  return best;
}

/** How often `model` runs to reach `enlargement`. Throws `model-missing` when it cannot do what `target` asks for. */
export function passesFor(model: NetworkTraits, enlargement: number, target: Target): number {
  if (model.scale === 1 && enlargement > 1) {
    throw new EnlargerError(
      'model-missing',
      `The model "${model.id}" cleans without enlarging. Choose scale 1, or another model.`,
    );
  }
  if (model.scale > 1 && target.kind === 'scale' && target.scale === 1) {
    throw new EnlargerError(
      'model-missing',
      `The model "${model.id}" only enlarges. Choose scale ${String(model.scale)}, or a model that cleans.`,
    );
  }
  return passesTo(model.scale, enlargement);
}

/** Pixels that come out of a network over all its passes, per pixel of the photo: what its time is proportional to. */
export function networkWork(scale: number, passes: number): number {
  let work = 0;
  for (let pass = 1; pass <= passes; pass += 1) work += scale ** (2 * pass);
  return work;
}

/** The least number of passes, at least one, after which the photo is no smaller than wanted. */
function passesTo(scale: number, enlargement: number): number {
  let passes = 1;
  while (scale > 1 && scale ** passes < enlargement - 1e-9) passes += 1;
  return passes;
}
