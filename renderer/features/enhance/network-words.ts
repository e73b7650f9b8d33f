/** What networks are for, in the user's language. */
import type { ModelView } from '../../../core/api/host-views.ts';
import { formatRate } from '../../messages/format.ts';
import { t } from '../../messages/index.svelte.ts';

/** The networks that come with the program. */
const shipped = ['photo-x2', 'photo-x4', 'clean-x1', 'photo-x2-best', 'crisp-x2', 'crisp-x4'] as const;

/** One sentence: our own for a network that comes with the program, else what its card says. */
export function networkUse({ id, use }: Pick<ModelView, 'id' | 'use'>): string {
  const known = shipped.find((one) => one === id);
  return known === undefined ? use : t(`enhance.use.${known}`);
}

/** How fast it is on this computer, as far as that is known. */
export function networkSpeed(
  { id, megapixelsPerSecond }: Pick<ModelView, 'id' | 'megapixelsPerSecond'>,
  measuring: string | null,
): string {
  if (measuring === id) return t('enhance.measuring');
  return megapixelsPerSecond === null ? '' : t('enhance.speedHere', { rate: formatRate(megapixelsPerSecond) });
}
