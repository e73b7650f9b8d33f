/** Section `window`: how the window feels in a browser. What runs there is compiled with the browser's types, apart from all else, and loaded when it is asked for. */
import type { BenchPlace } from './bench-place.ts';
import type { Section } from './table.ts';

interface WindowBench {
  readonly windowSection: (place: BenchPlace) => Promise<Section>;
}

const entry = new URL('../e2e/bench/window.ts', import.meta.url);

export async function windowSection(place: BenchPlace): Promise<Section> {
  const bench = (await import(entry.href)) as WindowBench;
  return await bench.windowSection(place);
}
