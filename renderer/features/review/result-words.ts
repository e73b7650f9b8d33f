/** Results in words. */
import type { ResultView } from '../../../core/photo/library-view.ts';
import { formatMegapixels, formatPercent, formatSize } from '../../messages/format.ts';
import { t } from '../../messages/index.svelte.ts';
import type { ModelNames } from './session/model-names.svelte.ts';

/** What a result was made by; and how large, where that does not follow from it. */
export function resultTitle({ modelId, recipe, width, height }: ResultView, names: ModelNames): string {
  const size = formatSize({ width, height });
  if (modelId === null) return t('review.result.shrunk', { size });
  const { name: model, scale } = names.get(modelId);
  const { target } = recipe;
  if (target.kind === 'megapixels') return t('review.result.sized', { model, size: formatMegapixels(width * height) });
  if (target.kind !== 'scale') return t('review.result.sized', { model, size });
  return target.scale === scale ? model : t('review.result.times', { model, factor: target.scale });
}

/** How hard it was cleaned; null for a network that cannot. */
export function strengthText({ strength }: ResultView): string | null {
  return strength === null ? null : formatPercent(strength);
}

/** Short, to tell it from the other results of a photo. */
export function resultLabel(result: ResultView, names: ModelNames): string {
  const title = resultTitle(result, names);
  const percent = strengthText(result);
  return percent === null ? title : t('review.result.cleaned', { title, percent });
}
