/** The address follows the photo, so that a reload comes back to it; and the photo follows the address, which links lead to. */
import { untrack } from 'svelte';
import type { Router } from '../../../state/router.svelte.ts';
import type { ReviewSession } from './review-session.svelte.ts';

/** To be called while a component is initialised. */
export function followRoute(router: Router, session: ReviewSession): void {
  $effect(() => {
    const { currentId } = session;
    untrack(() => {
      const { view, id, params } = router.route;
      if (currentId !== null && view === 'review' && currentId !== id)
        router.go({ view, id: currentId, params: { ...params } }, { replace: true });
    });
  });
  $effect(() => {
    const { id } = router.route;
    untrack(() => {
      if (id !== null && session.photo(id) !== null) session.go(id);
    });
  });
}
