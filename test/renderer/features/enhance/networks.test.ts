import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Target } from '../../../../core/photo/recipe.ts';
import { networkOf, servingNetworks, usedNetworks } from '../../../../renderer/features/enhance/networks.ts';
import { model, shipped } from './models.ts';

const camera = { width: 4032, height: 3024 };
const small = { width: 800, height: 600 };
const ids = (models: readonly { readonly id: string }[]): string[] => models.map(({ id }) => id);
const scale = (times: 1 | 2 | 4): Target => ({ kind: 'scale', scale: times });
const longSide = (pixels: number): Target => ({ kind: 'long-side', pixels });

describe('the networks to choose from', () => {
  test.each([
    [scale(1), [], ['clean-x1']],
    [scale(2), [], ['photo-x2-best', 'photo-x2', 'crisp-x2']],
    [scale(4), [], ['photo-x2-best', 'photo-x2', 'photo-x4', 'crisp-x2', 'crisp-x4']],
    [longSide(6000), [camera], ['photo-x2-best', 'photo-x2', 'crisp-x2']],
    [longSide(12_000), [camera], ['photo-x2-best', 'photo-x2', 'photo-x4', 'crisp-x2', 'crisp-x4']],
    [longSide(3000), [camera], []],
    [longSide(3000), [camera, small], ['photo-x2-best', 'photo-x2', 'photo-x4', 'crisp-x2', 'crisp-x4']],
    [longSide(3000), [], ['photo-x2-best', 'photo-x2', 'photo-x4', 'crisp-x2', 'crisp-x4']],
  ] as const)('for %j of originals %j are %j', (target, originals, expected) => {
    expect(ids(servingNetworks(shipped, target, originals))).toEqual(expected);
  });

  test('are those that there are, where none fits', () => {
    expect(ids(servingNetworks([model('only-x4', 4)], scale(2), []))).toEqual(['only-x4']);
  });

  test('can all make what they are offered for', () => {
    const size = fc.record({ width: fc.integer({ min: 1, max: 9000 }), height: fc.integer({ min: 1, max: 9000 }) });
    const target = fc.oneof(fc.constantFrom(scale(1), scale(2), scale(4)), fc.integer({ min: 1, max: 20_000 }).map(longSide));
    fc.assert(
      fc.property(size, target, (original, wanted) => {
        if (networkOf(shipped, { model: null, target: wanted }, original) === null) return;
        for (const { id } of servingNetworks(shipped, wanted, [original])) {
          const used = networkOf(shipped, { model: id, target: wanted }, original);
          expect(used?.model?.id).toBe(id);
        }
      }),
    );
  });
});

describe('the networks that run', () => {
  test.each([
    [scale(1), null, 'clean-x1', 1],
    [scale(2), null, 'photo-x2', 2],
    [scale(4), null, 'photo-x4', 4],
    [scale(4), 'photo-x2', 'photo-x2', 4],
    [longSide(5000), null, 'photo-x2', 2],
    [longSide(32_000), null, 'photo-x2', 8],
  ] as const)('make %j with %s by %s, %i times as long', (target, chosen, id, factor) => {
    const found = networkOf(shipped, { model: chosen, target }, camera);
    expect([found?.model?.id, found?.factor]).toEqual([id, factor]);
  });

  test('are none for a photo that is only made smaller, and unknown for one that cannot be made', () => {
    expect(networkOf(shipped, { model: null, target: longSide(100) }, camera)).toEqual({ model: null, factor: 1 });
    expect(networkOf(shipped, { model: null, target: longSide(100_000) }, camera)).toBeNull();
    expect(networkOf([], { model: null, target: scale(2) }, camera)).toBeNull();
  });

  test('are told for many photos at once, each once', () => {
    const used = usedNetworks(shipped, { model: null, target: longSide(3000) }, [
      camera,
      small,
      small,
      { width: 2000, height: 1000 },
    ]);
    expect([used?.models.map(({ id }) => id), used?.shrinks]).toEqual([['photo-x4', 'photo-x2'], true]);
  });

  test('depend on the originals only where the size is in pixels', () => {
    expect(usedNetworks(shipped, { model: null, target: longSide(3000) }, [])).toBeNull();
    expect(usedNetworks(shipped, { model: null, target: scale(2) }, [])?.models.map(({ id }) => id)).toEqual(['photo-x2']);
  });
});
