/** What can be done with the photos that are selected, or with the one the keyboard is at. */
import { t } from '../../../messages/index.svelte.ts';
import type { App } from '../../../state/app.svelte.ts';

type Means = Pick<App, 'client' | 'photos' | 'toasts' | 'places' | 'list' | 'selection'>;

/** The selection in the order of the list; where nothing is selected, the photo that has the focus. */
export function chosenIds({ selection, list }: Pick<App, 'selection' | 'list'>): number[] {
  if (selection.size > 0) return selection.inOrder();
  return selection.focus !== null && list.position(selection.focus) >= 0 ? [selection.focus] : [];
}

/** What these photos have in common; null where they differ, or are not loaded. */
export function commonRating({ photos }: Pick<App, 'photos'>, ids: readonly number[]): number | null {
  const rating = photos.get(ids[0] ?? 0)?.rating ?? null;
  return ids.every((id) => photos.get(id)?.rating === rating) ? rating : null;
}

/** Whether all of them are favourites. */
export function areFavourites({ photos }: Pick<App, 'photos'>, ids: readonly number[]): boolean {
  return ids.length > 0 && ids.every((id) => photos.get(id)?.favourite === true);
}

/** Shown at once; a refusal is told. */
export function rate({ photos, toasts }: Means, ids: readonly number[], rating: number): void {
  if (ids.length > 0) photos.rate(ids, rating).catch((error: unknown) => toasts.failed(error));
}

/** Makes all of them favourites, or none of them when all are. */
export function toggleFavourite(means: Means, ids: readonly number[]): void {
  if (ids.length === 0) return;
  means.photos.favour(ids, !areFavourites(means, ids)).catch((error: unknown) => means.toasts.failed(error));
}

/** Forgets photos; their files stay. */
export async function removePhotos({ client, toasts, places, list, selection }: Means, ids: readonly number[]): Promise<void> {
  try {
    const { changed } = await client.library.remove({ ids: [...ids] });
    selection.clear();
    list.reload();
    places.reload();
    toasts.info(t('library.remove.done', { count: changed }));
  } catch (error) {
    toasts.failed(error);
  }
}

/** Takes photos out of an album; they stay in the library. */
export async function takeOutOfAlbum(
  { client, toasts, places, list, selection }: Means,
  album: string,
  ids: readonly number[],
): Promise<void> {
  try {
    await client.album.remove({ name: album, ids: [...ids] });
    selection.clear();
    list.reload();
    places.reload();
    toasts.info(t('library.albums.takenOut', { count: ids.length, name: album }), {
      label: t('common.undo'),
      run: () => {
        client.album
          .add({ name: album, ids: [...ids] })
          .then(() => {
            list.reload();
            places.reload();
          })
          .catch((error: unknown) => toasts.failed(error));
      },
    });
  } catch (error) {
    toasts.failed(error);
  }
}
