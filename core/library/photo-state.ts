/**
 * The state of a photo as lists show and filter it. It follows from other rows, and is kept in the photo's own so that a page needs no join:
 * whoever changes what it follows from refreshes it in the same transaction. That a whole root is away stands in its row alone; see away.ts.
 */
import { list, type Connection } from './connection.ts';

/**
 * What is away comes first, then what cannot be used, then work that is to come, then the newest result that has pixels, then work that failed.
 * A rejected result counts only where there is no other: who rejects a second try keeps the first that was accepted. Cancelled and finished work
 * leaves no trace here.
 */
const refresh = `
UPDATE photos SET state = fresh.state, enhanced = fresh.enhanced
FROM (
  SELECT
    p.id,
    CASE
      WHEN p.missing THEN 'offline'
      WHEN p.damaged OR p.failure IS NOT NULL THEN 'damaged'
      WHEN EXISTS (
        SELECT 1 FROM jobs j WHERE j.photo_id = p.id AND j.kind = 'enhance' AND j.state IN ('queued', 'running')
      ) THEN 'queued'
      ELSE coalesce(
        (
          SELECT r.state FROM results r WHERE r.photo_id = p.id AND r.state <> 'pending'
          ORDER BY r.state = 'rejected', r.id DESC LIMIT 1
        ),
        (
          SELECT CASE j.state WHEN 'failed' THEN 'failed' END
          FROM jobs j WHERE j.photo_id = p.id AND j.kind = 'enhance' ORDER BY j.id DESC LIMIT 1
        ),
        'none'
      )
    END AS state,
    EXISTS (SELECT 1 FROM results r WHERE r.photo_id = p.id AND r.state <> 'pending') AS enhanced
  FROM photos p
`;
const write = `) AS fresh
WHERE photos.id = fresh.id AND (photos.state <> fresh.state OR photos.enhanced <> fresh.enhanced)`;

/** Refreshes these photos; unknown numbers are skipped. */
export function refreshStates(connection: Connection, photoIds: readonly number[]): void {
  if (photoIds.length === 0) return;
  connection.run(`${refresh} WHERE p.id IN (SELECT value FROM json_each(?)) ${write}`, list(photoIds));
}
