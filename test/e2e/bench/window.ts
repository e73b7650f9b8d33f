/** Section `window`: how the window feels, in a real browser on a real server. */
import type { BenchPlace } from '../../bench/bench-place.ts';
import type { Section } from '../../bench/table.ts';
import { bundleFigures } from './bundle.ts';
import type { Figures } from './figures.ts';
import { firstPhotosFigures } from './first-photos.ts';
import { inputFigures } from './input.ts';
import { largeLibrary } from './large-library.ts';
import { paintFigures } from './paint.ts';
import { previewFigures } from './preview.ts';
import { reviewFigures } from './review.ts';
import { scrollFigures } from './scroll.ts';

type Part = (place: BenchPlace, library: () => Promise<string>) => Promise<Figures>;

/** By the name that `--part` knows them by. */
const parts: Readonly<Record<string, Part>> = {
  paint: async (place, library) => await paintFigures(place, await library()),
  bundle: () => Promise.resolve(bundleFigures()),
  scroll: async (place, library) => await scrollFigures(place, await library()),
  input: inputFigures,
  first: firstPhotosFigures,
  preview: previewFigures,
  review: reviewFigures,
};

/** Throws RangeError for a part that there is not. */
export async function windowSection(place: BenchPlace): Promise<Section> {
  const unknown = place.parts.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0)
    throw new RangeError(`The window has no part ${unknown.join(', ')}, only ${Object.keys(parts).join(', ')}.`);
  let filled: Promise<string> | null = null;
  const library = (): Promise<string> => (filled ??= largeLibrary(place));
  const measured: Figures[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    if (place.parts.length === 0 || place.parts.includes(name)) measured.push(await measure(place, library));
  }
  return { title: 'Window', rows: measured.flatMap(({ rows }) => rows), notes: measured.flatMap(({ notes }) => notes) };
}
