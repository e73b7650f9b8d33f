/** A look at everything in an open catalog. */
import { EnlargerError } from '../photo/failure.ts';
import type { Connection } from './connection.ts';
import { problemsOf } from './verify.ts';

export interface CatalogCheck {
  readonly ok: boolean;
  /** Sentences; empty when all is well. */
  readonly problems: readonly string[];
  readonly photos: number;
  /** Files, unchecked. */
  readonly backups: number;
}

export function checkCatalog(connection: Connection, backups: number): CatalogCheck {
  const problems: string[] = [];
  const look = (work: () => readonly string[]): void => {
    try {
      problems.push(...work());
    } catch (error) {
      if (!(error instanceof EnlargerError) || error.code !== 'damaged') throw error;
      problems.push(error.message);
    }
  };
  look(() => problemsOf(connection));
  look(() => wordProblems(connection));
  let photos = 0;
  look(() => {
    photos = connection.get<{ count: number }>('SELECT count(*) AS count FROM photos')?.count ?? 0;
    return [];
  });
  return { ok: problems.length === 0, problems, photos, backups };
}

/** Every photo can be found by words, and nothing else can. */
function wordProblems(connection: Connection): string[] {
  connection.run("INSERT INTO photo_words (photo_words, rank) VALUES ('integrity-check', 0)");
  const astray = connection.get<{ count: number }>(
    `SELECT count(*) AS count FROM (
      SELECT id FROM photos WHERE id NOT IN (SELECT rowid FROM photo_words)
      UNION ALL SELECT rowid FROM photo_words WHERE rowid NOT IN (SELECT id FROM photos)
    )`,
  )?.count;
  return astray === 0 ? [] : [`the words of ${String(astray)} photos are wrong`];
}
