/** What the grid says of a photo, for ears. */
import type { PhotoSummary } from '../../../../core/photo/library-view.ts';
import { formatDay } from '../../../messages/format.ts';
import { t } from '../../../messages/index.svelte.ts';

/** Name, day, state, rating: all that there is to see, in one line. */
export function photoName({ name, takenAt, state, rating, favourite }: PhotoSummary): string {
  return [
    name,
    takenAt === null ? t('common.unknownDate') : formatDay(takenAt.slice(0, 10)),
    state === 'none' ? '' : t(`library.state.${state}`),
    rating === 0 ? '' : t('library.rating.stars', { count: rating }),
    favourite ? t('library.favourite') : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
