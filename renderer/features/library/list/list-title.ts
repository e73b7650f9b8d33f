import { t } from '../../../messages/index.svelte.ts';
import type { App } from '../../../state/app.svelte.ts';
import { folderName } from '../links.ts';

/** What the list is called: the place that it shows, or what was searched for in it. */
export function listTitle({ list, places }: Pick<App, 'list' | 'places'>): string {
  const { text, album, rootId, favourite, enhanced, state } = list.filter;
  if (text !== undefined) return t('library.title.search', { text: text.trim() });
  if (album !== undefined) return album;
  if (rootId !== undefined) return folderName(places.roots.find(({ id }) => id === rootId)?.path ?? '');
  if (favourite === true) return t('library.places.favourites');
  if (enhanced === true) return t('library.places.enhanced');
  if (state === 'ready') return t('library.places.toReview');
  if (state === 'failed') return t('library.places.failed');
  return t('library.places.all');
}
