/**
 * `npm run bench [-- section…] [--part name] [--long] [--repeats N]`: measures what the README promises and prints Markdown tables. `--part`, as often as
 * wanted, measures only that part of a section which has parts.
 * Everything is a ratio made in one run, or does not depend on the machine's speed, wherever that can be.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { withBenchPlace, type BenchPlace } from './bench-place.ts';
import { librarySection } from './library.ts';
import { memorySection } from './memory.ts';
import { modelsSection } from './models.ts';
import { precisionSection } from './precision.ts';
import { processorSection } from './processor.ts';
import { reexportSection } from './reexport.ts';
import { startSection } from './start.ts';
import { markdown, type Section } from './table.ts';
import { tilesSection } from './tiles.ts';
import { wholeRunSection } from './whole-run.ts';
import { windowSection } from './window.ts';

const sections: Record<string, (place: BenchPlace) => Promise<Section>> = {
  precision: precisionSection,
  processor: processorSection,
  whole: wholeRunSection,
  memory: memorySection,
  start: startSection,
  models: modelsSection,
  library: librarySection,
  tiles: tilesSection,
  reexport: reexportSection,
  window: windowSection,
};

const usage = `Usage: npm run bench [-- ${Object.keys(sections).join('|')} …] [--part name] [--long] [--repeats N]\n`;

function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return `Measured on ${model}, ${String(availableParallelism())} threads${vnni()}, Node ${process.versions.node}, ${process.platform}-${process.arch}.`;
}

/** Whether the processor multiplies bytes in one step, where that is easy to tell: it decides what int8 gains. */
function vnni(): string {
  if (process.platform !== 'linux' || process.arch !== 'x64') return '';
  return /\b(avx512_vnni|avx_vnni)\b/.test(readFileSync('/proc/cpuinfo', 'utf8')) ? ' with VNNI' : ' without VNNI';
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    long: { type: 'boolean', default: false },
    repeats: { type: 'string', default: '5' },
    part: { type: 'string', multiple: true, default: [] },
  },
});
const repeats = Number(values.repeats);
const unknown = positionals.filter((name) => !Object.hasOwn(sections, name));
if (unknown.length > 0 || !Number.isSafeInteger(repeats) || repeats < 1) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  await withBenchPlace({ long: values.long, repeats, parts: values.part }, async (place) => {
    process.stdout.write(`${machine()}\n\n`);
    for (const [name, measure] of Object.entries(sections)) {
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      process.stdout.write(markdown(await measure(place)));
    }
  });
}
