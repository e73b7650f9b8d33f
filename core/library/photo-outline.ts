/** A whole list in one answer: which photos, how wide each is, and where days begin. */
import type { Outline } from '../photo/library-view.ts';
import type { Connection } from './connection.ts';
import { partsOf, selection, sortColumns, type PhotoFilter } from './photo-list.ts';

interface Columns {
  ids: string;
  ratios: string;
  days: string;
}

/** Throws `not-found` for an unknown album. */
export function photoOutline(connection: Connection, filter: PhotoFilter): Outline {
  const parts = partsOf(filter).map((term) => partOutline(connection, filter, term));
  return {
    ids: parts.flatMap(({ ids }) => ids),
    ratios: parts.flatMap(({ ratios }) => ratios),
    days: parts.flatMap(({ days }) => days),
  };
}

function partOutline(connection: Connection, filter: PhotoFilter, term: string | null): Outline {
  const column = sortColumns[filter.sort];
  const direction = filter.descending ? 'DESC' : 'ASC';
  const { from, where, values } = selection(connection, filter, { term });
  const day = filter.sort === 'taken' ? 'p.day' : 'NULL AS day';
  // As one text each: a hundred thousand rows that become objects one by one take ten times as long.
  const { ids, ratios, days } = connection.get<Columns>(
    `SELECT json_group_array(id) AS ids, json_group_array(ratio) AS ratios, json_group_array(day) AS days
    FROM (SELECT p.id, p.ratio, ${day} FROM ${from}${where} ORDER BY p.${column} ${direction}, p.id ${direction})`,
    ...values,
  ) ?? { ids: '[]', ratios: '[]', days: '[]' };
  return {
    ids: JSON.parse(ids) as number[],
    ratios: JSON.parse(ratios) as number[],
    days: runsOf(JSON.parse(days) as (string | null)[]),
  };
}

/** Neighbours of the same day together; photos without a date are all neighbours. */
function runsOf(days: readonly (string | null)[]): Outline['days'] {
  const runs: Outline['days'] = [];
  for (const day of days) {
    const run = runs.at(-1);
    if (run?.day === day) run.count += 1;
    else runs.push({ day, count: 1 });
  }
  return runs;
}
