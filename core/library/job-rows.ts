/** Jobs as rows. What may follow on what is decided by core/photo/job.ts alone. */
import { z } from 'zod';
import { failureSchema, type Failure } from '../photo/failure.ts';
import {
  initialStatus,
  isSettled,
  jobStates,
  nextStatus,
  type Job,
  type JobCounts,
  type JobEvent,
  type JobKind,
  type JobState,
  type JobStatus,
  type JobStore,
} from '../photo/job.ts';
import { list, type Connection, type SqlValue } from './connection.ts';
import { moveJobs } from './job-order.ts';
import { parsed } from './json-column.ts';
import { refreshStates } from './photo-state.ts';
import type { Settings } from './settings.ts';

interface JobColumns extends Omit<Job, 'status' | 'payload'> {
  payload: string;
  state: JobState;
  attempts: number;
  interruptions: number;
  failure: string | null;
}

const selectJobs = `SELECT id, kind, photo_id AS photoId, result_id AS resultId, payload, priority, position, state, attempts, interruptions, failure,
  work_pixels AS workPixels, added_ms AS addedMs, settled_ms AS settledMs FROM jobs`;

/** Running ones first, then what is to come in its order, then what is settled, the newest first. */
const showOrder = `ORDER BY settled_ms IS NOT NULL, state = 'queued', CASE WHEN settled_ms IS NULL THEN -priority END,
  CASE WHEN settled_ms IS NULL THEN position END, settled_ms DESC, id DESC`;

const lost: Failure = {
  code: 'device-failed',
  message: 'The program ended again and again while it worked on this photo. Try it once more alone, or leave it out.',
  retry: true,
};

const unknownFailure: Failure = { code: 'internal', message: 'It failed, and why was not kept. Try it again.' };
const pausedKey = 'queue.paused';

export function jobRows(connection: Connection, settings: Settings, now: () => number): JobStore {
  const jobs = (rest: string, ...values: readonly SqlValue[]): Job[] =>
    connection.all<JobColumns>(`${selectJobs} ${rest}`, ...values).map(job);
  const get = (id: number): Job | null => jobs('WHERE id = ?', id)[0] ?? null;
  const nextMany = (kind: JobKind, limit: number): Job[] =>
    jobs("WHERE kind = ? AND state = 'queued' ORDER BY priority DESC, position LIMIT ?", kind, limit);
  const apply = (id: number, event: JobEvent): Job | null =>
    connection.transaction(() => {
      const before = get(id);
      const status = before && nextStatus(before.status, event);
      if (before === null || status === null) return null;
      write(connection, id, status, now());
      if (before.kind === 'enhance' && before.photoId !== null) refreshStates(connection, [before.photoId]);
      return get(id);
    });
  return {
    add: (added) => connection.transaction(() => add(connection, added, now())),
    get,
    next: (kinds) => kinds.flatMap((kind) => nextMany(kind, 1)).reduce<Job | null>(earlier, null),
    nextMany,
    apply,
    applyAll: (changes) => connection.transaction(() => changes.map(({ id, event }) => apply(id, event))),
    setPriority(ids, priority) {
      const those = 'id IN (SELECT value FROM json_each(?))';
      connection.run(`UPDATE jobs SET priority = ? WHERE state = 'queued' AND ${those}`, priority, list(ids));
    },
    move: (ids, beforeId) => moveJobs(connection, ids, beforeId),
    list({ states = jobStates, kinds, photoIds, limit = -1 }) {
      const among = { state: states, kind: kinds, photo_id: photoIds };
      const wanted = Object.entries(among).flatMap(([column, members]) => (members === undefined ? [] : [{ column, members }]));
      const where = wanted.map(({ column }) => `${column} IN (SELECT value FROM json_each(?))`).join(' AND ');
      return jobs(`WHERE ${where} ${showOrder} LIMIT ?`, ...wanted.map(({ members }) => list(members)), limit);
    },
    counts: (kinds) => counts(connection, kinds),
    recover: () =>
      connection.transaction(() => {
        const running = connection.all<{ id: number }>("SELECT id FROM jobs WHERE state = 'running' ORDER BY id");
        return running.map(({ id }) => apply(id, { type: 'interrupt', failure: lost })).filter((found) => found !== null);
      }),
    isPaused: () => settings.get(pausedKey, z.boolean()) ?? false,
    setPaused: (paused) => settings.set(pausedKey, z.boolean(), paused),
    prune: (keep) => connection.transaction(() => prune(connection, keep)),
  };
}

function job({ state, attempts, interruptions, failure, payload, ...rest }: JobColumns): Job {
  return { ...rest, payload: JSON.parse(payload) as unknown, status: statusOf(state, attempts, interruptions, failure) };
}

function statusOf(state: JobState, attempts: number, interruptions: number, failure: string | null): JobStatus {
  switch (state) {
    case 'queued':
    case 'running':
      return { state, attempts, interruptions };
    case 'failed':
      return { state, attempts, failure: parsed(failureSchema, failure) ?? unknownFailure };
    case 'done':
    case 'cancelled':
      return { state };
  }
}

function earlier(best: Job | null, other: Job): Job {
  if (best === null) return other;
  const order = best.priority - other.priority || other.position - best.position;
  return order >= 0 ? best : other;
}

function write(connection: Connection, id: number, status: JobStatus, nowMs: number): void {
  const attempts = 'attempts' in status ? status.attempts : null;
  const interruptions = 'interruptions' in status ? status.interruptions : null;
  const failure = status.state === 'failed' ? JSON.stringify(status.failure) : null;
  connection.run(
    `UPDATE jobs SET state = ?, attempts = coalesce(?, attempts), interruptions = coalesce(?, interruptions), failure = ?, settled_ms = ?
    WHERE id = ?`,
    ...[status.state, attempts, interruptions, failure, isSettled(status.state) ? nowMs : null, id],
  );
}

/** The position is the number: what is added later comes later, for good. */
function add(connection: Connection, added: Parameters<JobStore['add']>[0], nowMs: number): number[] {
  const first = (connection.get<{ last: number }>("SELECT seq AS last FROM sqlite_sequence WHERE name = 'jobs'")?.last ?? 0) + 1;
  const ids = added.map(({ kind, photoId, resultId, payload, priority, workPixels }, index) => {
    const id = first + index;
    connection.run(
      `INSERT INTO jobs (id, kind, photo_id, result_id, payload, priority, position, state, attempts, work_pixels, added_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, kind, photoId, resultId, JSON.stringify(payload ?? null), priority, id],
      ...[initialStatus.state, 0, workPixels, nowMs],
    );
    return id;
  });
  refreshStates(
    connection,
    added.flatMap(({ kind, photoId }) => (kind === 'enhance' && photoId !== null ? [photoId] : [])),
  );
  return ids;
}

function counts(connection: Connection, kinds: readonly JobKind[] | undefined): JobCounts {
  const those = kinds === undefined ? '' : 'WHERE kind IN (SELECT value FROM json_each(?))';
  const rows = connection.all<{ state: JobState; count: number }>(
    `SELECT state, count(*) AS count FROM jobs ${those} GROUP BY state`,
    ...(kinds === undefined ? [] : [list(kinds)]),
  );
  const found = new Map(rows.map(({ state, count }) => [state, count]));
  const of = (state: JobState): number => found.get(state) ?? 0;
  return { queued: of('queued'), running: of('running'), done: of('done'), failed: of('failed'), cancelled: of('cancelled') };
}

function prune(connection: Connection, keep: number): number {
  const settled = "state IN ('done', 'failed', 'cancelled')";
  const count = connection.get<{ count: number }>(`SELECT count(*) AS count FROM jobs WHERE ${settled}`)?.count ?? 0;
  const gone = connection.all<{ id: number; photoId: number | null }>(
    `DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE ${settled} ORDER BY state = 'failed', id LIMIT ?) RETURNING id, photo_id AS photoId`,
    Math.max(0, count - keep),
  );
  refreshStates(
    connection,
    gone.flatMap(({ photoId }) => photoId ?? []),
  );
  return gone.length;
}
