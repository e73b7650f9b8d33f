/** The one connection to a catalog: statements are prepared once, errors are told in words, transactions nest. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { EnlargerError } from '../photo/failure.ts';
import { rethrow } from './catalog-failure.ts';

export type SqlValue = string | number | bigint | null;

export interface Changes {
  /** Rows that were inserted, changed or deleted by the statement itself. */
  readonly changes: number;
  readonly lastId: number;
}

export interface Connection {
  /** Path of the file, or `:memory:`. */
  readonly path: string;
  /** Runs any number of statements, without values. */
  exec(sql: string): void;
  run(sql: string, ...values: readonly SqlValue[]): Changes;
  /** The first row. The caller names its type: the tables are STRICT, so that the statement vouches for it. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the statement is the other use
  get<Row extends object>(sql: string, ...values: readonly SqlValue[]): Row | undefined;
  all<Row extends object>(sql: string, ...values: readonly SqlValue[]): Row[];
  /** A function that statements and triggers of this connection may call; it must not use the connection. */
  define(name: string, work: (...values: readonly SqlValue[]) => void): void;
  /** All of `work` or nothing; on the disk when the outermost one returns. `work` must not be asynchronous. */
  transaction<Value>(work: () => Value): Value;
  close(): void;
}

export interface ConnectionOptions {
  readonly readOnly?: boolean;
  /** How long an open waits for another process to let go of the file. */
  readonly lockTimeoutMs?: number;
  readonly damage: (what: string) => EnlargerError;
}

/** Far more than there are; lists alone come in thousands of forms, of which a session uses a few. */
const keptStatements = 500;

/** Opens without reading anything yet. Throws EnlargerError as `rethrow` says, here and from every call. */
export function openConnection(path: string, options: ConnectionOptions): Connection {
  const guard = <Value>(work: () => Value): Value => {
    try {
      return work();
    } catch (error) {
      return rethrow(error, path, options.damage);
    }
  };
  const { readOnly = false, lockTimeoutMs = 0 } = options;
  const database = guard(() => new DatabaseSync(path, { readOnly, timeout: lockTimeoutMs }));
  const statements = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    if (statements.size >= keptStatements) statements.clear();
    statements.set(sql, statement);
    return statement;
  };
  const connection: Connection = {
    path,
    exec: (sql) => guard(() => database.exec(sql)),
    run: (sql, ...values) =>
      guard(() => {
        const { changes, lastInsertRowid } = prepare(sql).run(...values);
        return { changes: Number(changes), lastId: Number(lastInsertRowid) };
      }),
    get: (sql, ...values) => guard(() => prepare(sql).get(...values) as never),
    all: (sql, ...values) => guard(() => prepare(sql).all(...values) as never),
    define: (name, work) =>
      guard(() =>
        database.function(name, { varargs: true }, (...values) => {
          work(...(values as SqlValue[]));
          return null;
        }),
      ),
    transaction: (work) => guard(() => transaction(database, work)),
    close: () => {
      statements.clear();
      guard(() => database.close());
    },
  };
  return connection;
}

function transaction<Value>(database: DatabaseSync, work: () => Value): Value {
  const nested = database.isTransaction;
  database.exec(nested ? 'SAVEPOINT nested' : 'BEGIN IMMEDIATE');
  try {
    const value = work();
    if (value instanceof Promise) throw new TypeError('A transaction cannot wait: other calls would become part of it.');
    database.exec(nested ? 'RELEASE nested' : 'COMMIT');
    return value;
  } catch (error) {
    // After a full disk or a failed write SQLite has rolled everything back itself.
    if (database.isTransaction) database.exec(nested ? 'ROLLBACK TO nested; RELEASE nested' : 'ROLLBACK');
    throw error;
  }
}

/** For `IN (SELECT value FROM json_each(?))`: any number of values in one. */
export function list(values: readonly (number | string)[]): string {
  return JSON.stringify(values);
}
