/** Results as the library tells them, for tests that care for few of their facts. */
import type { ResultView } from '../../../../core/photo/library-view.ts';

/** Of photo 1, ready, and in the cache. */
export function aResult(id: number, facts: Partial<ResultView> = {}): ResultView {
  return {
    id,
    photoId: 1,
    name: `photo-${facts.photoId ?? 1}.jpg`,
    recipe: { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' },
    state: 'ready',
    modelId: 'photo-x2',
    width: 1600,
    height: 1200,
    strength: 0.4,
    createdMs: 1000,
    readyMs: 2000,
    failure: null,
    cached: true,
    outdated: false,
    ...facts,
  };
}
