/** Whether a catalog is whole. */
import type { Connection } from './connection.ts';
import { applicationId } from './schema.ts';

/** Every sentence is one thing that is wrong; none: it is whole. Reads everything: about two seconds for 100,000 photos. */
export function problemsOf(connection: Connection): string[] {
  if (identityOf(connection) !== applicationId) return ['it is not a catalog of Enlarger'];
  const found = connection.all<{ integrity_check: string }>('PRAGMA integrity_check(20)');
  const damage = found.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  const astray = connection.all<{ table: string }>('PRAGMA foreign_key_check');
  return [...damage, ...astray.slice(0, 20).map(({ table }) => `a row of ${table} points nowhere`)];
}

/** The same, quicker: what is malformed, but not what contradicts an index. */
export function quickProblem(connection: Connection): string | null {
  const found = connection.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check;
  return found === undefined || found === 'ok' ? null : found;
}

/** The number in the header that says whose file it is. */
export function identityOf(connection: Connection): number {
  return connection.get<{ id: number }>('SELECT application_id AS id FROM pragma_application_id')?.id ?? 0;
}
