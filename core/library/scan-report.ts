/** What a scan found, while it goes on. */
import type { ScanReport } from '../photo/library-view.ts';
import type { SkipReason } from '../photo/skip-reason.ts';

export interface ScanTally {
  files: number;
  added: number;
  changed: number;
  moved: number;
  returned: number;
  unchanged: number;
  readonly skipped: { path: string; reason: SkipReason }[];
  readonly offlineRoots: string[];
  /** Photos that went missing in this scan, and did not turn up elsewhere since. */
  readonly lost: Set<number>;
}

export function newTally(): ScanTally {
  return {
    files: 0,
    added: 0,
    changed: 0,
    moved: 0,
    returned: 0,
    unchanged: 0,
    skipped: [],
    offlineRoots: [],
    lost: new Set(),
  };
}

export function toReport(tally: ScanTally): ScanReport {
  const { files, added, changed, moved, returned, unchanged, skipped, offlineRoots, lost } = tally;
  return { files, added, changed, moved, missing: lost.size, returned, unchanged, skipped, offlineRoots };
}
