/** Addresses of lists and of photos in them. */
import { filterParams, type PhotoFilter } from '../../state/photo-filter.ts';
import { routeHash } from '../../state/router.svelte.ts';

export function listHref(filter: PhotoFilter): string {
  return routeHash({ view: 'library', id: null, params: filterParams(filter) });
}

/** Last part of a path of any system. */
export function folderName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}
