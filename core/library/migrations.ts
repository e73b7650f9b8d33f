/** The versions of the catalog, and the way from each to the next. */
import type { Connection } from './connection.ts';
import { schemaV1 } from './schema.ts';

export interface Migration {
  /** The version that it leads to; one more than the one before. */
  readonly version: number;
  /** Statements, or code where statements do not suffice, in order. Together they are one transaction. */
  readonly steps: readonly (string | ((connection: Connection) => void))[];
}

/** A new catalog goes through all of them. What was released is never changed, only followed by another one. */
export const migrations: readonly Migration[] = [{ version: 1, steps: [schemaV1] }];

/** 0 for a file without tables. */
export function versionOf(connection: Connection): number {
  return connection.get<{ version: number }>('SELECT user_version AS version FROM pragma_user_version')?.version ?? 0;
}

export function latestVersion(all: readonly Migration[]): number {
  return all.at(-1)?.version ?? 0;
}

/**
 * Brings a catalog to the newest version. `beforeEach` gets each version that is about to be made, and may refuse by throwing. A migration happens
 * as a whole or not at all, whenever the program ends.
 */
export function migrate(connection: Connection, all: readonly Migration[], beforeEach: (version: number) => void): void {
  for (const { version, steps } of all) {
    if (version <= versionOf(connection)) continue;
    beforeEach(version);
    // Tables that are rebuilt would take along what points at them; it is checked below instead. The switch does nothing in a transaction.
    connection.exec('PRAGMA foreign_keys = OFF');
    connection.transaction(() => {
      for (const step of steps) {
        if (typeof step === 'string') connection.exec(step);
        else step(connection);
      }
      const broken = connection.all('PRAGMA foreign_key_check').length;
      if (broken > 0) throw new Error(`version ${version} of the catalog would leave ${broken} rows pointing nowhere`);
      connection.exec(`PRAGMA user_version = ${version}`);
    });
    connection.exec('PRAGMA foreign_keys = ON');
  }
}
