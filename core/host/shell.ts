/** What only the program around a library can do: ask the user for files, show them, and say where its windows are. */
import type { About } from '../api/host-views.ts';

export type ChoosingWhat = 'photos' | 'folder';

export interface HostShell {
  readonly kind: About['kind'];
  /** Opens the system's own dialog; absolute paths, none when it was closed. Null: there is no dialog, and the window browses `roots`. */
  readonly choose: ((what: ChoosingWhat) => Promise<readonly string[]>) | null;
  /** Shows a file in the system's file manager. Null where that cannot be. */
  readonly reveal: ((path: string) => Promise<void>) | null;
  /** Folders that may be browsed with all that is in them. Where there is a dialog there are none. */
  readonly roots: readonly string[];
}

/** A program without a window: nothing can be chosen, and nothing shown. */
export const noShell: HostShell = { kind: 'browser', choose: null, reveal: null, roots: [] };
