/** Exports as rows: at most one file for a result, a folder and settings. */
import { nextResultState } from '../photo/result.ts';
import type { ExportRecord, ExportStore, ResultRecord } from '../photo/stores.ts';
import type { Connection } from './connection.ts';
import { refreshStates } from './photo-state.ts';

const selectExports = `SELECT id, result_id AS resultId, key, state, folder, name, output, output_sha256 AS outputSha256,
  output_bytes AS outputBytes, settings FROM exports`;

export function exportRows(connection: Connection, now: () => number): ExportStore {
  const one = (column: 'id' | 'key', value: number | string): ExportRecord | null => {
    const row = connection.get<ExportRecord>(`${selectExports} WHERE ${column} = ?`, value);
    return row === undefined ? null : { ...row };
  };
  return {
    byKey: (key) => one('key', key),
    get: (id) => one('id', id),
    begin: ({ resultId, key, folder, name, settings }) =>
      connection.transaction(() => {
        connection.run(
          `INSERT INTO exports (result_id, key, state, folder, name, settings, created_ms) VALUES (?, ?, 'intent', ?, ?, ?, ?)
          ON CONFLICT (key) DO UPDATE SET folder = excluded.folder, name = excluded.name, settings = excluded.settings,
            state = 'intent', output_sha256 = NULL, output_bytes = NULL WHERE state <> 'done'`,
          ...[resultId, key, folder, name, settings, now()],
        );
        const record = one('key', key);
        if (record === null) throw new RangeError(`export ${key} was not recorded`);
        return record;
      }),
    setWritten(id, outputSha256, outputBytes) {
      const update = "UPDATE exports SET state = 'written', output_sha256 = ?, output_bytes = ? WHERE id = ? AND state <> 'done'";
      connection.run(update, outputSha256, outputBytes, id);
    },
    setDone(id, output) {
      connection.transaction(() => {
        connection.run("UPDATE exports SET state = 'done', output = ?, done_ms = ? WHERE id = ?", output, now(), id);
        const result = connection.get<Pick<ResultRecord, 'id' | 'photoId' | 'state'>>(
          'SELECT id, photo_id AS photoId, state FROM results WHERE id = (SELECT result_id FROM exports WHERE id = ?)',
          id,
        );
        // A verdict that was taken back meanwhile stays as the user left it.
        const state = result && nextResultState(result.state, 'export');
        if (result === undefined || state === null || state === undefined) return;
        connection.run('UPDATE results SET state = ? WHERE id = ?', state, result.id);
        refreshStates(connection, [result.photoId]);
      });
    },
    reopen(id) {
      connection.run(
        "UPDATE exports SET state = 'intent', output = NULL, output_sha256 = NULL, output_bytes = NULL, done_ms = NULL WHERE id = ?",
        id,
      );
    },
    byOutput(output) {
      const row = connection.get<ExportRecord>(`${selectExports} WHERE state = 'done' AND output = ?`, output);
      return row === undefined ? null : { ...row };
    },
    unfinished: () =>
      connection.all<ExportRecord>(`${selectExports} WHERE state <> 'done' ORDER BY id`).map((row) => ({ ...row })),
    recentFolders: (limit) =>
      connection
        .all<{ folder: string }>(
          `SELECT coalesce(json_extract(settings, '$.chosenFolder'), folder) AS folder FROM exports WHERE state = 'done'
          GROUP BY 1 ORDER BY max(done_ms) DESC, 1 LIMIT ?`,
          limit,
        )
        .map(({ folder }) => folder),
  };
}
