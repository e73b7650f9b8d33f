import { untrack } from 'svelte';
import type { App } from '../../../state/app.svelte.ts';

/** Scrolling has to rest for so long before the host is told what is on the screen. */
const restMs = 250;

/**
 * Has the photos on the screen looked at first, when they rest there and have no thumbnails yet. Made to be returned from an `$effect`: it is over
 * when something else is on the screen.
 */
export function lookAhead({ client, photos }: Pick<App, 'client' | 'photos'>, ids: readonly number[]): () => void {
  const timer = setTimeout(() => {
    const isNew = (id: number): boolean => {
      const photo = untrack(() => photos.get(id));
      return photo === undefined || (photo.thumbnailKey === null && photo.state !== 'damaged' && photo.state !== 'offline');
    };
    const photoIds = ids.filter(isNew).slice(0, 1000);
    if (photoIds.length === 0) return;
    // Only an order of work: without it the thumbnails come a little later.
    client.queue.look({ photoIds }).catch(() => undefined);
  }, restMs);
  return () => clearTimeout(timer);
}
