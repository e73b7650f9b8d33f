/**
 * Photos whose root is away. Their own rows know nothing of it, and keep the state that they had: a root that goes away or comes back changes one
 * row, and not those of its hundred thousand photos. Terms of SQL about the photo `p` in the folder `f`.
 */
import type { PhotoState } from '../photo/result.ts';

const awayFolders = 'SELECT folders.id FROM roots JOIN folders ON folders.root_id = roots.id WHERE roots.offline';
const rootIsAway = '(SELECT roots.offline FROM roots WHERE roots.id = f.root_id)';

/** True when the file cannot be reached: its root is away, or it is itself. */
export const isAway = `(p.missing OR ${rootIsAway})`;

/** The same where there is no `f`, turned round. */
export const isThere = `p.missing = 0 AND p.folder_id NOT IN (${awayFolders})`;

/** The state that people see. */
export const shownState = `CASE WHEN ${rootIsAway} THEN 'offline' ELSE p.state END`;

/** True when people see that state, which is the term's one value. */
export function hasState(state: PhotoState): string {
  return state === 'offline'
    ? `(p.state = ? OR p.folder_id IN (${awayFolders}))`
    : `p.state = ? AND p.folder_id NOT IN (${awayFolders})`;
}
