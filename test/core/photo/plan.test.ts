import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { planNoteText } from '../../../core/photo/plan-note.ts';
import { maxEnlargement, planNetwork, planPhoto, targetSize, type Plan } from '../../../core/photo/plan.ts';
import type { ExportRecipe, Recipe, Target } from '../../../core/photo/recipe.ts';
import type { PhotoFacts } from '../../../core/photo/facts.ts';
import { exportRecipe, modelCard, photoFacts, recipe } from '../../fixtures/facts.ts';

const x2 = modelCard();
const x4 = modelCard({ id: 'test-x4', scale: 4 });
const x1 = modelCard({ id: 'test-x1', scale: 1, task: 'clean' });
const roomy = { encodeMemoryBytes: 8 * 2 ** 30 };

function plan(
  facts: Partial<PhotoFacts>,
  wanted: Partial<Recipe> = {},
  exported: Partial<ExportRecipe> = {},
  cards = [x2],
  limits = roomy,
): Plan {
  return planPhoto(photoFacts(facts), recipe(wanted), exportRecipe(exported), cards, limits);
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof EnlargerError) return thrown.code;
    throw thrown;
  }
  return 'none';
}

const targets: fc.Arbitrary<Target> = fc.oneof<fc.Arbitrary<Target>[]>(
  fc.constantFrom<Target>({ kind: 'scale', scale: 2 }, { kind: 'scale', scale: 4 }),
  fc.record({ kind: fc.constantFrom('width', 'height', 'long-side'), pixels: fc.integer({ min: 1, max: 4000 }) }),
  fc.record({ kind: fc.constant('megapixels'), megapixels: fc.double({ min: 0.001, max: 20, noNaN: true }) }),
);

describe('planPhoto', () => {
  it('runs the network just often enough and never shrinks below the target', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 3000 }), targets, (width, height, target) => {
        let made: Plan;
        try {
          made = plan({ width, height }, { target }, { format: 'tiff' });
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'too-large' });
          const size = targetSize({ width, height }, target);
          expect(Math.max(size.width / width, size.height / height)).toBeGreaterThan(maxEnlargement);
          return;
        }
        const factor = 2 ** made.passes;
        expect(width * factor).toBeGreaterThanOrEqual(made.output.width);
        expect(height * factor).toBeGreaterThanOrEqual(made.output.height);
        if (made.passes > 1) expect(Math.max(made.output.width / width, made.output.height / height)).toBeGreaterThan(factor / 2);
        expect(made.resize === null).toBe(width * factor === made.output.width && height * factor === made.output.height);
        expect(made.scratchBytes).toBeGreaterThanOrEqual(made.output.width * made.output.height * 3);
      }),
    );
  });

  it('reaches ×4 with a native network when one is installed, else with ×2 twice', () => {
    const target = { kind: 'scale', scale: 4 } as const;
    expect(plan({}, { target })).toMatchObject({ passes: 2, resize: null, model: { id: 'test-x2' } });
    expect(plan({}, { target }, {}, [x2, x4])).toMatchObject({ passes: 1, resize: null, model: { id: 'test-x4' } });
  });

  it('cleans with scale 1 only when a model for it is installed', () => {
    const target = { kind: 'scale', scale: 1 } as const;
    expect(plan({}, { target }, {}, [x2, x1])).toMatchObject({ passes: 1, output: { width: 4000 }, model: { id: 'test-x1' } });
    expect(codeOf(() => plan({}, { target }))).toBe('model-missing');
    expect(codeOf(() => plan({}, { target, model: 'test-x2' }))).toBe('model-missing');
  });

  it('shrinks without a network when the target is smaller than the photo', () => {
    const made = plan({}, { target: { kind: 'long-side', pixels: 2000 } });
    expect(made).toMatchObject({ model: null, passes: 0, resize: { width: 2000, height: 1500 }, networkPixels: 0 });
    expect(made.notes.map(planNoteText).join()).toContain('shrunk');
  });

  it('keeps the proportions for every kind of target', () => {
    expect(targetSize({ width: 300, height: 200 }, { kind: 'width', pixels: 450 })).toEqual({ width: 450, height: 300 });
    expect(targetSize({ width: 300, height: 200 }, { kind: 'height', pixels: 300 })).toEqual({ width: 450, height: 300 });
    expect(targetSize({ width: 200, height: 300 }, { kind: 'long-side', pixels: 450 })).toEqual({ width: 300, height: 450 });
    expect(targetSize({ width: 300, height: 200 }, { kind: 'megapixels', megapixels: 0.24 })).toEqual({
      width: 600,
      height: 400,
    });
    expect(targetSize({ width: 5000, height: 1 }, { kind: 'width', pixels: 10 })).toEqual({ width: 10, height: 1 });
  });

  it('says before any work that a format cannot hold the size, and which can', () => {
    expect(() => plan({ width: 8192, height: 10 }, {}, { format: 'webp' })).toThrow(
      /WebP cannot hold 16384 × 20 .*JPEG, PNG, AVIF, TIFF/,
    );
    expect(plan({ width: 8191, height: 10 }, {}, { format: 'webp' }).output.width).toBe(16382);
    expect(() => plan({ width: 40_000, height: 10 }, {}, { format: 'jpeg' })).toThrow(/These formats can: PNG, TIFF/);
    expect(codeOf(() => plan({ width: 6000, height: 5000 }, {}, { format: 'avif' }, [x2], { encodeMemoryBytes: 2 ** 30 }))).toBe(
      'too-large',
    );
  });

  it('falls back to the nearest format that can be written, and says so', () => {
    expect(plan({ format: 'heic' })).toMatchObject({ output: { format: 'jpeg' } });
    expect(plan({ format: 'gif' })).toMatchObject({ output: { format: 'png' } });
    expect(plan({ format: 'heic' }).fileNotes.join()).toContain('HEIC');
  });

  it('says what a format takes away: depth, transparency, quality', () => {
    expect(plan({ bitDepth: 16, format: 'tiff' }, {}, { format: 'jpeg' }).fileNotes.join()).toContain('8 of 16 bits');
    expect(plan({ hasAlpha: true, format: 'png' }, {}, { format: 'jpeg' }).fileNotes.join()).toContain('white');
    expect(plan({}, {}, { format: 'png', quality: 80 })).toMatchObject({ output: { quality: null } });
    expect(plan({ bitDepth: 16, format: 'tiff' }).fileNotes).toEqual([]);
  });

  it('refuses a strength that the model does not have, and takes 0 and auto', () => {
    expect(codeOf(() => plan({}, { denoise: 0.5 }))).toBe('model-invalid');
    expect(plan({}, { denoise: 0 }).strength).toBe(0);
    expect(plan({}, { denoise: 'auto' }).strength).toBe(0);
    const strong = modelCard({ input: { ...x2.input, extraPlanes: ['strength'] } });
    expect(plan({}, { denoise: 0.5 }, {}, [strong]).strength).toBe(0.5);
    // Auto is worked out by the engine, from the pixels; where nothing runs there is nothing to clean.
    expect(plan({}, { denoise: 'auto' }, {}, [strong]).strength).toBe('auto');
    expect(plan({}, { denoise: 'auto', target: { kind: 'width', pixels: 10 } }, {}, [strong]).strength).toBe(0);
    expect(plan({}, { denoise: 0.5, target: { kind: 'width', pixels: 10 } }, {}, [strong]).strength).toBe(0);
  });

  it('names the installed models when the wanted one is missing', () => {
    expect(() => plan({}, { model: 'nothing' })).toThrow(/no model "nothing".*test-x2/);
  });
});

describe('planNetwork', () => {
  it('tells the network and its runs as the whole plan does, for any size', () => {
    const side = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(side, side, targets, (width, height, target) => {
        const cards = [x2, x4];
        const wanted = recipe({ target });
        const code = codeOf(() => planNetwork({ width, height }, wanted, cards));
        expect(code).toBe(codeOf(() => plan({ width, height }, { target }, { format: 'tiff' }, cards)));
        if (code !== 'none') return;
        const { model, passes } = plan({ width, height }, { target }, { format: 'tiff' }, cards);
        expect(planNetwork({ width, height }, wanted, cards)).toEqual({ model, passes });
      }),
    );
  });
});
