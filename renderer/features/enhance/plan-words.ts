/** A plan's figures as they are read. */
import type { BatchPlan } from '../../../core/api/contract.ts';
import type { DeviceView } from '../../../core/api/host-views.ts';
import { formatBytes, formatDuration, formatMegapixels, formatSize } from '../../messages/format.ts';
import { t } from '../../messages/index.svelte.ts';
import { isOneSize, type PlanFigures, type SizeRange } from './plan-figures.ts';

/** One size in pixels; many as a range of megapixels. */
function sizesText(range: SizeRange): string {
  if (isOneSize(range)) return formatSize(range.least);
  const [least, most] = [range.least, range.most].map(({ width, height }) => formatMegapixels(width * height));
  return least === most ? (most ?? '') : t('enhance.range', { least: least ?? '', most: most ?? '' });
}

/** What each photo is and what it becomes. */
export function eachText({ from, to }: PlanFigures): string {
  return from === null || to === null ? '' : t('enhance.becomes', { from: sizesText(from), to: sizesText(to) });
}

export function timeText({ estimateMs }: BatchPlan, { toMake, unread }: PlanFigures, isMeasuring: boolean): string {
  if (toMake + unread === 0) return t('enhance.readyAtOnce');
  if (toMake === 0) return t('enhance.timeUnknown');
  if (estimateMs === null) return isMeasuring ? t('enhance.measuring') : t('enhance.timeUnknown');
  return t('enhance.about', { time: formatDuration(estimateMs) });
}

/** What results and work take together, of what there is. */
export function diskText({ cacheBytes, scratchBytes, freeBytes }: BatchPlan): string {
  const needed = formatBytes(cacheBytes + scratchBytes);
  return freeBytes === null ? needed : t('enhance.diskOf', { needed, free: formatBytes(freeBytes) });
}

export function deviceText({ id, state }: DeviceView): string {
  const name = t(`enhance.device.${id}`);
  if (state === 'unavailable') return name;
  return t(`enhance.deviceState.${state}`, { name });
}
