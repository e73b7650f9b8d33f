/** Results as rows: what was made of a photo, and the verdict on it. */
import { failureSchema } from '../photo/failure.ts';
import type { ResultView } from '../photo/library-view.ts';
import { recipeSchema } from '../photo/recipe.ts';
import { nextResultState } from '../photo/result.ts';
import type { ResultRecord, ResultStore } from '../photo/stores.ts';
import { list, type Connection, type SqlValue } from './connection.ts';
import { parsed, required } from './json-column.ts';
import { refreshStates } from './photo-state.ts';

type Filter = Parameters<ResultStore['list']>[0];

interface ResultColumns extends Omit<ResultRecord, 'recipe' | 'failure'> {
  recipe: string;
  failure: string | null;
}

const columns = `r.id, r.photo_id AS photoId, r.recipe, r.key, r.source_sha256 AS sourceSha256, r.model_id AS modelId,
  r.model_version AS modelVersion, r.model_sha256 AS modelSha256, r.width, r.height, r.strength, r.state, r.failure,
  r.created_ms AS createdMs, r.ready_ms AS readyMs`;

function resultRecord(row: ResultColumns): ResultRecord {
  return { ...row, recipe: required(recipeSchema, row.recipe), failure: parsed(failureSchema, row.failure) };
}

export function resultRows(connection: Connection, now: () => number): ResultStore {
  const one = (where: string, ...values: readonly SqlValue[]): ResultRecord | null => {
    const row = connection.get<ResultColumns>(`SELECT ${columns} FROM results r WHERE ${where}`, ...values);
    return row === undefined ? null : resultRecord(row);
  };
  const get = (id: number): ResultRecord | null => one('r.id = ?', id);
  const keys = (state: string): Set<string> =>
    new Set(connection.all<{ key: string }>('SELECT key FROM results WHERE state = ?', state).map(({ key }) => key));
  return {
    get,
    put: (result) =>
      connection.transaction(() => {
        const { photoId, key, sourceSha256, modelId, modelVersion, modelSha256, width, height } = result;
        connection.run(
          `INSERT OR IGNORE INTO results (photo_id, recipe, key, source_sha256, model_id, model_version, model_sha256, width, height, state, created_ms)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?)`,
          ...[
            photoId,
            JSON.stringify(result.recipe),
            key,
            sourceSha256,
            modelId,
            modelVersion,
            modelSha256,
            width,
            height,
            now(),
          ],
        );
        const record = one('r.photo_id = ? AND r.key = ?', photoId, key);
        if (record === null) throw new RangeError(`no photo ${photoId}`);
        return record;
      }),
    apply: (id, event, rendered) =>
      connection.transaction(() => {
        const record = get(id);
        const state = record && nextResultState(record.state, event);
        if (record === null || state === null) return null;
        connection.run('UPDATE results SET state = ? WHERE id = ?', state, id);
        if (event === 'rendered') {
          const update = 'UPDATE results SET strength = ?, ready_ms = ?, failure = NULL WHERE id = ?';
          connection.run(update, rendered?.strength ?? null, now(), id);
        }
        refreshStates(connection, [record.photoId]);
        return get(id);
      }),
    rekey: (id, { key, modelSha256 }) =>
      connection.transaction(() => {
        const record = get(id);
        if (record === null || record.key === key) return record;
        const other = one('r.photo_id = ? AND r.key = ?', record.photoId, key);
        if (other === null) {
          connection.run('UPDATE results SET key = ?, model_sha256 = ? WHERE id = ?', key, modelSha256, id);
          return get(id);
        }
        // A verdict stays where it was given.
        if (record.state !== 'pending') return record;
        connection.run('UPDATE jobs SET result_id = ? WHERE result_id = ?', other.id, id);
        connection.run('DELETE FROM results WHERE id = ?', id);
        return other;
      }),
    setFailure(id, failure) {
      connection.run('UPDATE results SET failure = ? WHERE id = ?', failure && JSON.stringify(failure), id);
    },
    list: (filter) => select(connection, filter, columns, '').map(resultRecord),
    pinnedKeys: () => keys('accepted'),
    unreviewedKeys: () => keys('ready'),
  };
}

/** Results as people see them. `isCached`: whether the pixels of a result with this key are there. */
export function resultViews(connection: Connection, filter: Filter, isCached: (key: string) => boolean): ResultView[] {
  const withSource = `${columns}, p.name, p.sha256 IS NOT NULL AND p.sha256 <> r.source_sha256 AS outdated`;
  const rows = select<ResultColumns & { name: string; outdated: number }>(
    connection,
    filter,
    withSource,
    'JOIN photos p ON p.id = r.photo_id',
  );
  return rows.map((row) => {
    const { id, photoId, recipe, state, modelId, width, height, strength, createdMs, readyMs, failure } = resultRecord(row);
    const made = { id, photoId, name: row.name, recipe, state, modelId, width, height, strength, createdMs, readyMs, failure };
    return { ...made, cached: isCached(row.key), outdated: row.outdated !== 0 };
  });
}

function select<Row extends ResultColumns>(
  connection: Connection,
  { states, photoIds, ids, limit = -1 }: Filter,
  selected: string,
  join: string,
): Row[] {
  const terms: string[] = [];
  const values: SqlValue[] = [];
  const among = (column: string, members: readonly (string | number)[] | undefined): void => {
    if (members === undefined) return;
    terms.push(`${column} IN (SELECT value FROM json_each(?))`);
    values.push(list(members));
  };
  among('r.state', states);
  among('r.photo_id', photoIds);
  among('r.id', ids);
  const where = terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`;
  return connection.all<Row>(`SELECT ${selected} FROM results r ${join} ${where} ORDER BY r.id LIMIT ?`, ...values, limit);
}
