/** Section `start`: from starting the command to the first tile. */
import { join } from 'node:path';
import { photoFraction } from '../../core/photo/progress.ts';
import type { RunLine } from '../../core/photo/run-events.ts';
import { twelveMegapixelJpeg } from '../fixtures/large-photos.ts';
import { progressiveJpeg } from '../fixtures/photos.ts';
import type { BenchPlace } from './bench-place.ts';
import { runEnhance, type CommandRun } from './command.ts';
import { median, seconds, span, type Row, type Section } from './table.ts';

export async function startSection(place: BenchPlace): Promise<Section> {
  const photos = [
    { name: 'a photo of one tile', path: await progressiveJpeg(place.directory, { width: 240, height: 180 }) },
    { name: 'a 12-megapixel JPEG', path: await twelveMegapixelJpeg() },
  ];
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const { name, path } of photos) {
    const times: number[] = [];
    for (let repeat = 0; repeat < place.repeats; repeat += 1) {
      place.say(`start with ${name}, run ${String(repeat + 1)}`);
      const out = join(place.directory, 'start');
      const args = ['--format', 'jpeg', '--on-conflict', 'overwrite', '--out', out, path];
      const run = await runEnhance(args, { ...place, stopAt: tellsOfTile });
      times.push(firstTileMs(run));
    }
    rows.push({ figure: `start of the command to the first tile, ${name}`, measured: seconds(median(times)), target: '≤ 1.5 s' });
    notes.push(`${name}: ${span(times, seconds)} in ${String(place.repeats)} runs.`);
  }
  notes.push(
    'Until the first `progress` line beyond decoding; these lines come at most four times a second, so the true time can be up to 0.25 s shorter.',
  );
  return { title: 'Start', rows, notes };
}

/** Whether a line can only be written when a tile is done. */
function tellsOfTile(line: RunLine): boolean {
  return line.type === 'progress' && line.fraction > photoFraction('decode', 1) + 1e-9;
}

function firstTileMs(run: CommandRun): number {
  const first = run.lines.find(({ line }) => tellsOfTile(line));
  if (first === undefined) throw new Error('the command told of no progress');
  return first.atMs;
}
