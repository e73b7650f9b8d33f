/** Section `library`: how the library keeps up with many photos. */
import type { BenchPlace } from './bench-place.ts';
import { catalogFigures } from './catalog.ts';
import { importFigures } from './import.ts';
import type { Section } from './table.ts';

export async function librarySection(place: BenchPlace): Promise<Section> {
  const parts = [catalogFigures(place), await importFigures(place)];
  return { title: 'Library', rows: parts.flatMap(({ rows }) => rows), notes: parts.flatMap(({ notes }) => notes) };
}
