import type { SkipReason } from '../../../../core/photo/skip-reason.ts';
import { formatNumber } from '../../../messages/format.ts';
import { t } from '../../../messages/index.svelte.ts';

/** Why something was passed over, and what can be done, in the user's language. */
export function skipWords(reason: SkipReason): string {
  switch (reason.code) {
    case 'same-folder':
      return t('library.skipped.same-folder', { twin: reason.twin });
    case 'foreign-formats': {
      const formats = reason.formats.map(({ extension, count }) => `${formatNumber(count)} ${extension.toUpperCase()}`);
      return t('library.skipped.foreign-formats', { formats: formats.join(', ') });
    }
    case 'refused':
      return t('library.skipped.refused', { system: reason.system });
    default:
      return t(`library.skipped.${reason.code}`);
  }
}
