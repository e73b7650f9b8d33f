/** Section `memory`: the peak of all processes of the command together. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fiftyMegapixelJpeg, hundredMegapixelJpeg, twelveMegapixelJpeg } from '../fixtures/large-photos.ts';
import type { BenchPlace } from './bench-place.ts';
import { onlyLine, runEnhance } from './command.ts';
import { canMeasureMemory } from './process-memory.ts';
import { megabytes, type Row, type Section } from './table.ts';

interface Case {
  readonly name: string;
  readonly photo: () => Promise<string>;
  readonly scale: number;
  readonly target: string;
}

const usualCase: Case = { name: '12 MP ×2', photo: twelveMegapixelJpeg, scale: 2, target: '≤ 800 MB' };
const largeCases: readonly Case[] = [
  { name: '50 MP ×4', photo: fiftyMegapixelJpeg, scale: 4, target: '≤ 1500 MB' },
  { name: '100 MP ×4', photo: hundredMegapixelJpeg, scale: 4, target: '≤ 1500 MB' },
];

export async function memorySection(place: BenchPlace): Promise<Section> {
  const title = 'Peak memory of all processes together';
  if (!canMeasureMemory())
    return { title, rows: [], notes: ['Not measured: this system does not tell the memory of other processes (Linux does).'] };
  const rows: Row[] = [];
  for (const { name, photo, scale, target } of place.long ? [usualCase, ...largeCases] : [usualCase]) {
    const input = await photo();
    for (const format of ['jpeg', 'png', 'tiff']) {
      place.say(`memory of ${name} to ${format}`);
      const out = join(place.directory, 'memory');
      const run = await runEnhance(['--scale', String(scale), '--format', format, '--out', out, input], {
        ...place,
        measureMemory: true,
      });
      onlyLine(run, 'done');
      if (run.peakMemoryBytes === null) throw new Error('no memory was measured');
      rows.push({ figure: `${name} to ${format.toUpperCase()}`, measured: megabytes(run.peakMemoryBytes), target });
      rmSync(out, { recursive: true, force: true });
    }
  }
  const notes = [
    'Sum of the proportional set sizes of the command and its engine, looked at every 50 ms; megabytes of 10⁶ bytes.',
  ];
  if (!place.long) notes.push('The larger runs take minutes each: add `-- memory --long`.');
  return { title, rows, notes };
}
