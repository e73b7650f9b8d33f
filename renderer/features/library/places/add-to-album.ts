import { t } from '../../../messages/index.svelte.ts';
import type { App } from '../../../state/app.svelte.ts';

/** Puts photos into an album and says how many were new there. Never rejects. */
export async function addToAlbum(
  { client, places, toasts }: Pick<App, 'client' | 'places' | 'toasts'>,
  name: string,
  ids: readonly number[],
): Promise<void> {
  try {
    const { changed } = await client.album.add({ name, ids: [...ids] });
    toasts.info(changed === 0 ? t('library.albums.addedNone', { name }) : t('library.albums.added', { count: changed, name }));
    places.reload();
  } catch (error) {
    toasts.failed(error);
  }
}
