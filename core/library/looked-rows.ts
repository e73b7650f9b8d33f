/** What looking at a file brought, as rows. */
import type { LookedEntry, PhotoRows } from './photo-rows.ts';
import { takenMs } from '../photo/photo-details.ts';
import type { Connection } from './connection.ts';
import { refreshStates } from './photo-state.ts';
import { setWords } from './photo-words.ts';

interface Target {
  name: string;
  folder: string;
  root: string;
}

export function lookedRows(connection: Connection): Pick<PhotoRows, 'setLooked' | 'setLookedAll'> {
  const setOne = ({ id, stamp, looked }: LookedEntry): boolean => {
    const target = connection.get<Target>(
      `SELECT p.name, f.path AS folder, r.path AS root
      FROM photos p JOIN folders f ON f.id = p.folder_id JOIN roots r ON r.id = f.root_id
      WHERE p.id = ? AND p.file_bytes = ? AND p.mtime_ns = ?`,
      id,
      stamp.bytes,
      stamp.mtimeNs,
    );
    if (target === undefined) return false;
    if (looked.ok) record(connection, id, target, stamp.mtimeNs, looked);
    else recordFailure(connection, id, looked.failure);
    return true;
  };
  return {
    setLooked: (id, stamp, looked) =>
      connection.transaction(() => {
        const done = setOne({ id, stamp, looked });
        refreshStates(connection, [id]);
        return done;
      }),
    setLookedAll(entries) {
      connection.transaction(() => {
        for (const entry of entries) setOne(entry);
        refreshStates(
          connection,
          entries.map(({ id }) => id),
        );
      });
    },
  };
}

type Seen = Extract<LookedEntry['looked'], { ok: true }>;

function record(connection: Connection, id: number, target: Target, mtimeNs: bigint, seen: Seen): void {
  const { facts, details } = seen;
  const fileMs = Number(mtimeNs / 1_000_000n);
  const tookMs = takenMs(details);
  connection.run(
    `UPDATE photos SET looked = 1, failure = NULL, damaged = ?, sha256 = ?, width = ?, height = ?, pixels = ?, taken_at = ?, taken_ms = ?,
      rating = CASE WHEN rating_by_user THEN rating ELSE ? END, thumbnail_bytes = ?
    WHERE id = ?`,
    Number(seen.damaged),
    facts.sha256,
    facts.width,
    facts.height,
    facts.width * facts.height,
    // A date that is none is no date of a list, wherever it still may be read.
    tookMs === null ? null : details.takenAt,
    tookMs ?? fileMs,
    details.rating ?? 0,
    seen.thumbnailBytes,
    id,
  );
  const replace = 'INSERT OR REPLACE INTO photo_facts (photo_id, facts, details) VALUES (?, ?, ?)';
  connection.run(replace, id, JSON.stringify(facts), JSON.stringify(details));
  setWords(connection, id, { ...target, details });
}

/** What was known of the content is forgotten with it; what the user said stays. */
function recordFailure(
  connection: Connection,
  id: number,
  failure: Extract<LookedEntry['looked'], { ok: false }>['failure'],
): void {
  connection.run(
    `UPDATE photos SET looked = 1, failure = ?, damaged = 0, sha256 = NULL, width = NULL, height = NULL, pixels = 0, thumbnail_bytes = NULL
    WHERE id = ?`,
    JSON.stringify(failure),
    id,
  );
  connection.run('DELETE FROM photo_facts WHERE photo_id = ?', id);
}
