import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseModel, networkWork, passesFor } from '../../../core/photo/choose-model.ts';
import type { ModelCard } from '../../../core/photo/model-card.ts';
import { planPhoto } from '../../../core/photo/plan.ts';
import type { Target } from '../../../core/photo/recipe.ts';
import { exportRecipe, modelCard, photoFacts, recipe } from '../../fixtures/facts.ts';

const strength: Pick<ModelCard, 'input'> = { input: { ...modelCard().input, extraPlanes: ['strength'] } };
const shipped: readonly ModelCard[] = [
  modelCard({ id: 'clean-x1', scale: 1, task: 'clean', ...strength }),
  modelCard({ id: 'crisp-x2', scale: 2, task: 'enlarge-crisp', ...strength }),
  modelCard({ id: 'crisp-x4', scale: 4, task: 'enlarge-crisp', ...strength }),
  modelCard({ id: 'photo-x2', scale: 2, ...strength }),
  modelCard({ id: 'photo-x2-best', scale: 2 }),
  modelCard({ id: 'photo-x4', scale: 4, ...strength }),
];
const anyOrder = fc.shuffledSubarray([...shipped], { minLength: shipped.length });

function planned(
  target: Target,
  model: string | null = null,
  cards = shipped,
): { id: string | undefined; passes: number; resized: boolean } {
  const plan = planPhoto(photoFacts({ width: 1000, height: 800 }), recipe({ target, model }), exportRecipe(), cards, {
    encodeMemoryBytes: 8e9,
  });
  return { id: plan.model?.id, passes: plan.passes, resized: plan.resize !== null };
}

describe('the model for a size, of those that ship', () => {
  const expected: [Target, string, number, boolean][] = [
    [{ kind: 'scale', scale: 1 }, 'clean-x1', 1, false],
    [{ kind: 'scale', scale: 2 }, 'photo-x2', 1, false],
    [{ kind: 'scale', scale: 4 }, 'photo-x4', 1, false],
    [{ kind: 'long-side', pixels: 1500 }, 'photo-x2', 1, true],
    [{ kind: 'long-side', pixels: 2000 }, 'photo-x2', 1, false],
    [{ kind: 'long-side', pixels: 2001 }, 'photo-x4', 1, true],
    [{ kind: 'long-side', pixels: 4000 }, 'photo-x4', 1, false],
    // Twice ×4 would be four times the pixels, thrown away again.
    [{ kind: 'long-side', pixels: 4001 }, 'photo-x2', 3, true],
    [{ kind: 'long-side', pixels: 8000 }, 'photo-x2', 3, false],
  ];
  it.each(expected)('%j is %s, run %i times, shrunk: %s', (target, id, passes, resized) => {
    expect(planned(target)).toEqual({ id, passes, resized });
  });

  it('does not depend on the order of the folders', () => {
    fc.assert(
      fc.property(anyOrder, fc.constantFrom(...expected), (cards, [target, id]) => {
        expect(planned(target, null, cards).id).toBe(id);
      }),
    );
  });

  it('is the one that is named, whatever the size: it runs until the photo is large enough', () => {
    expect(planned({ kind: 'scale', scale: 4 }, 'crisp-x4')).toEqual({ id: 'crisp-x4', passes: 1, resized: false });
    expect(planned({ kind: 'scale', scale: 2 }, 'crisp-x4')).toEqual({ id: 'crisp-x4', passes: 1, resized: true });
    expect(planned({ kind: 'scale', scale: 4 }, 'photo-x2-best')).toEqual({ id: 'photo-x2-best', passes: 2, resized: false });
    expect(planned({ kind: 'long-side', pixels: 3000 }, 'crisp-x2')).toEqual({ id: 'crisp-x2', passes: 2, resized: true });
    expect(() => planned({ kind: 'scale', scale: 2 }, 'clean-x1')).toThrow(/cleans without enlarging/);
    expect(() => planned({ kind: 'scale', scale: 1 }, 'photo-x4')).toThrow(/only enlarges/);
  });

  it('is never a crisp one that nobody named', () => {
    const crisp = shipped.filter((card) => card.task === 'enlarge-crisp');
    expect(() => planned({ kind: 'scale', scale: 2 }, null, crisp)).toThrow(/No installed model enlarges/);
    expect(() => planned({ kind: 'scale', scale: 1 }, null, crisp)).toThrow(/No installed model cleans/);
  });

  it('is another one for the task where a default is not installed', () => {
    const others = shipped.filter((card) => card.id !== 'photo-x2' && card.id !== 'photo-x4');
    expect(planned({ kind: 'scale', scale: 4 }, null, others)).toEqual({ id: 'photo-x2-best', passes: 2, resized: false });
    expect(planned({ kind: 'scale', scale: 2 }, null, shipped.slice(5))).toEqual({ id: 'photo-x4', passes: 1, resized: true });
  });
});

it('no other installed model would reach the size with less work', () => {
  const enlargement = fc.double({ min: 1.01, max: 8, noNaN: true });
  fc.assert(
    fc.property(enlargement, anyOrder, (factor, cards) => {
      const target: Target = { kind: 'megapixels', megapixels: 1 };
      const work = (card: ModelCard): number => networkWork(card.scale, passesFor(card, factor, target));
      const chosen = chooseModel(cards, recipe(), factor);
      for (const card of cards.filter(({ task }) => task === 'enlarge')) expect(work(chosen)).toBeLessThanOrEqual(work(card));
    }),
  );
});
