/** Jobs in words. */
import type { JobView } from '../../../core/api/contract.ts';
import type { ResultView } from '../../../core/photo/library-view.ts';
import { formatPercent } from '../../messages/format.ts';
import { t } from '../../messages/index.svelte.ts';
import { targetText } from '../enhance/target-words.ts';

/** What is done. `networkName` turns the id of a network into what people call it. */
export function jobWork({ kind }: JobView, result: ResultView | undefined, networkName: (id: string) => string): string {
  if (kind === 'export') return t('queue.export');
  if (result === undefined) return t('queue.enhance');
  const size = targetText(result.recipe.target);
  return result.modelId === null
    ? t('queue.shrinkTo', { size })
    : t('queue.enhanceTo', { size, network: networkName(result.modelId) });
}

/** How it stands; why it failed is told apart. */
export function jobState({ kind, status, fraction }: JobView): string {
  switch (status.state) {
    case 'running':
      return formatPercent(Math.floor(fraction * 100) / 100);
    case 'queued':
      return t('queue.waiting');
    case 'done':
      return kind === 'export' ? t('queue.written') : t('queue.ready');
    case 'failed':
      return t('queue.failed');
    case 'cancelled':
      return t('queue.cancelled');
  }
}

/** That an attempt was lost with the engine; nothing where none was. */
export function jobNote({ status }: JobView): string {
  if (status.state === 'queued' && status.attempts > 0) return t('queue.lostWaits');
  if (status.state === 'running' && status.attempts > 1) return t('queue.lostAgain');
  return '';
}
