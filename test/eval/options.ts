/** What `npm run eval` was asked for. */
import { parseArgs } from 'node:util';

export const tableNames = ['standard', 'damage', 'auto', 'harm', 'slider', 'half'] as const;
export type TableName = (typeof tableNames)[number];

export const setNames = ['Set5', 'Set14', 'BSD100'] as const;
export type SetName = (typeof setNames)[number];

export interface EvalOptions {
  /** Ids in the order asked for; null for every shipped model. */
  readonly models: readonly string[] | null;
  readonly sets: readonly SetName[];
  readonly tables: readonly TableName[];
  /** Photos of each set, from its first; null for all. */
  readonly limit: number | null;
  /** All of BSD100 in the tables of damaged photos too. */
  readonly full: boolean;
  /** File that gets every figure as JSON, or null. */
  readonly json: string | null;
  /** Write what was measured into the cards. */
  readonly cards: boolean;
}

export const usage = `Usage: npm run eval [-- options]
  --models id,id      ids or paths of model folders; default: every model in models/
  --sets ${setNames.join(',')}   default: all
  --tables ${tableNames.join(',')}   default: all
  --limit N           the first N photos of each set, for a quick look
  --full              damaged photos of all of BSD100, not of its first 20
  --json FILE         every figure as JSON as well
  --cards             what was measured goes into the models' cards; only with every set and photo
`;

/** Parses arguments. Throws Error with a sentence when one is unknown or has no such value. */
export function parseOptions(args: readonly string[]): EvalOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      models: { type: 'string' },
      sets: { type: 'string', default: setNames.join() },
      tables: { type: 'string', default: tableNames.join() },
      limit: { type: 'string' },
      full: { type: 'boolean', default: false },
      json: { type: 'string' },
      cards: { type: 'boolean', default: false },
    },
  });
  const limit = values.limit === undefined ? null : Number(values.limit);
  if (limit !== null && (!Number.isSafeInteger(limit) || limit < 1))
    throw new Error(`--limit takes a whole number of at least 1, not ${values.limit ?? ''}`);
  if (values.cards && (limit !== null || list(values.sets).length < setNames.length))
    throw new Error('--cards takes every set and every photo: a card must not carry part of a measurement');
  return {
    models: values.models === undefined ? null : list(values.models),
    sets: chosen('--sets', list(values.sets), setNames),
    tables: chosen('--tables', list(values.tables), tableNames),
    limit,
    full: values.full,
    json: values.json ?? null,
    cards: values.cards,
  };
}

/** Photos of a set that a table uses: damaged photos of the large set are many runs each, so 20 of them by default. */
export function photosOf(set: SetName, table: TableName, { limit, full }: Pick<EvalOptions, 'limit' | 'full'>): number {
  // A software GPU takes its time.
  if (table === 'half') return Math.min(limit ?? Infinity, 3);
  const usual = set === 'BSD100' && table !== 'standard' && !full ? 20 : Infinity;
  return Math.min(limit ?? Infinity, usual);
}

export function list(text: string): string[] {
  const parts = text.split(',').filter((part) => part !== '');
  if (parts.length === 0) throw new Error('An option that takes a list got an empty one');
  return parts;
}

function chosen<Name extends string>(option: string, asked: readonly string[], names: readonly Name[]): Name[] {
  const unknown = asked.filter((name) => !(names as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`${option} knows ${names.join(', ')}, not ${unknown.join(', ')}`);
  return names.filter((name) => asked.includes(name));
}
