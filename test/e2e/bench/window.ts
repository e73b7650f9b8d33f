/** Section `window`: how the window feels, in a real browser on a real server. */
import type { BenchPlace } from '../../bench/bench-place.ts';
import type { Section } from '../../bench/table.ts';
import { bundleFigures } from './bundle.ts';
import type { Figures } from './figures.ts';
import { inputFigures } from './input.ts';
import { largeLibrary } from './large-library.ts';
import { paintFigures } from './paint.ts';
import { reviewFigures } from './review.ts';
import { scrollFigures } from './scroll.ts';

export async function windowSection(place: BenchPlace): Promise<Section> {
  const library = await largeLibrary(place);
  const parts: Figures[] = [
    await paintFigures(place, library),
    bundleFigures(),
    await scrollFigures(place, library),
    await inputFigures(place),
    await reviewFigures(place),
  ];
  return { title: 'Window', rows: parts.flatMap(({ rows }) => rows), notes: parts.flatMap(({ notes }) => notes) };
}
