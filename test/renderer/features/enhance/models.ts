import type { ModelView } from '../../../../core/api/host-views.ts';

/** A network as the host describes it. */
export function model(id: string, scale: number, more: Partial<ModelView> = {}): ModelView {
  return {
    ...{ id, name: id, version: '1.0.0', licence: 'MIT', use: `What ${id} is for.`, scale, hasStrength: true, precision: 'int8' },
    tiles: { tileSide: 256, halo: 12, multiple: 1 },
    ...{ task: scale === 1 ? 'clean' : 'enlarge', fileBytes: 1e6, metrics: [], megapixelsPerSecond: 3.4 },
    ...more,
  };
}

/** As they are shipped, in the order of their folders. */
export const shipped: readonly ModelView[] = [
  model('clean-x1', 1, { name: 'Clean' }),
  model('crisp-x2', 2, { name: 'Crisp ×2', task: 'enlarge-crisp' }),
  model('crisp-x4', 4, { name: 'Crisp ×4', task: 'enlarge-crisp' }),
  model('photo-x2-best', 2, { name: 'Photo ×2, best', megapixelsPerSecond: 1.2 }),
  model('photo-x2', 2, { name: 'Photo ×2' }),
  model('photo-x4', 4, { name: 'Photo ×4' }),
];
