/** Target sizes in words. */
import type { Target } from '../../../core/photo/recipe.ts';
import { formatNumber } from '../../messages/format.ts';
import { t } from '../../messages/index.svelte.ts';

/** `2×`, `6,000 px long side`, `50 MP`. */
export function targetText(target: Target): string {
  switch (target.kind) {
    case 'scale':
      return t('enhance.scale', { scale: target.scale });
    case 'megapixels':
      return t('common.megapixels', { value: formatNumber(target.megapixels, Number.isInteger(target.megapixels) ? 0 : 1) });
    case 'width':
      return t('enhance.pixelsWide', { pixels: formatNumber(target.pixels) });
    case 'height':
      return t('enhance.pixelsHigh', { pixels: formatNumber(target.pixels) });
    case 'long-side':
      return t('enhance.pixelsLong', { pixels: formatNumber(target.pixels) });
  }
}
