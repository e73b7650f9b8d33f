/** Putting queued jobs in another order. */
import { list, type Connection } from './connection.ts';

interface Place {
  id: number;
  position: number;
}

/**
 * Puts queued jobs, in this order, before `beforeId`, or last. Jobs of another priority than that one's stay where they are; with null each
 * goes last among its own. When `beforeId` is not queued any more, they go first: it has been begun.
 */
export function moveJobs(connection: Connection, ids: readonly number[], beforeId: number | null): void {
  connection.transaction(() => {
    const priorities =
      beforeId === null
        ? connection.all<{ priority: number }>(
            "SELECT DISTINCT priority FROM jobs WHERE state = 'queued' AND id IN (SELECT value FROM json_each(?))",
            list(ids),
          )
        : connection.all<{ priority: number }>('SELECT priority FROM jobs WHERE id = ?', beforeId);
    for (const { priority } of priorities) moveWithin(connection, priority, ids, beforeId);
  });
}

/** The same positions are dealt out in the new order, so that what is added later still comes later. */
function moveWithin(connection: Connection, priority: number, ids: readonly number[], beforeId: number | null): void {
  const before = connection.all<Place>(
    "SELECT id, position FROM jobs WHERE state = 'queued' AND priority = ? ORDER BY position",
    priority,
  );
  const queued = new Set(before.map(({ id }) => id));
  const moved = new Set(ids.filter((id) => id !== beforeId && queued.has(id)));
  const others = before.map(({ id }) => id).filter((id) => !moved.has(id));
  const at = beforeId === null ? others.length : Math.max(0, others.indexOf(beforeId));
  const after = [...others.slice(0, at), ...moved, ...others.slice(at)];
  for (const [index, { id, position }] of before.entries()) {
    const mover = after[index];
    if (mover !== undefined && mover !== id) connection.run('UPDATE jobs SET position = ? WHERE id = ?', position, mover);
  }
}
