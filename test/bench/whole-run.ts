/** Section `whole`: a 12-megapixel JPEG through the whole command, against the time inside the network. */
import { join } from 'node:path';
import type { RunLine } from '../../core/photo/run-events.ts';
import { twelveMegapixelJpeg } from '../fixtures/large-photos.ts';
import type { BenchPlace } from './bench-place.ts';
import { onlyLine, runEnhance } from './command.ts';
import { engineStages, type EngineStages } from './engine-stages.ts';
import { median, percent, seconds, span, type Row, type Section } from './table.ts';

interface Split {
  /** Whole time over the network's. */
  readonly ratio: number;
  /** From starting the command to its exit. */
  readonly wholeMs: number;
  /** From the first look at the inputs to the summary. */
  readonly runMs: number;
  readonly ms: Extract<RunLine, { type: 'done' }>['ms'];
}

export async function wholeRunSection(place: BenchPlace): Promise<Section> {
  const photo = await twelveMegapixelJpeg();
  const splits: Split[] = [];
  for (let repeat = 0; repeat < place.repeats; repeat += 1) {
    place.say(`12 megapixels ×2 through the command, run ${String(repeat + 1)}`);
    splits.push(await commandSplit(place, photo));
  }
  place.say('the same through the engine alone, for its stages');
  const stages = await engineStages(place, photo);
  const ratios = splits.map(({ ratio }) => ratio);
  const rows: Row[] = [
    { figure: 'whole run over time inside the network', measured: median(ratios).toFixed(3), target: '≤ 1.2' },
  ];
  const parts = splits.map((split) => shares(split, stages));
  for (const name of Object.keys(parts[0]!)) {
    rows.push({ figure: `— ${name}`, measured: percent(median(parts.map((part) => part[name]!))), target: '' });
  }
  return {
    title: 'Whole run: 12-megapixel JPEG ×2, JPEG out',
    rows,
    notes: [
      `From starting the command to its exit, ${String(place.repeats)} runs (${span(ratios, (ratio) => ratio.toFixed(3))}); ${seconds(median(splits.map(({ wholeMs }) => wholeMs)))} each on this machine. Shares are of that time. In a run of the engine alone, packing tiles took ${percent(stages.ms.pack / stages.ms.infer)} of the network's time.`,
    ],
  };
}

async function commandSplit(place: BenchPlace, photo: string): Promise<Split> {
  const out = join(place.directory, 'whole');
  const run = await runEnhance(['--format', 'jpeg', '--on-conflict', 'overwrite', '--out', out, photo], place);
  const done = onlyLine(run, 'done');
  if (done.ms.infer <= 0) throw new Error('the command did not run the network');
  return { ratio: run.wallMs / done.ms.infer, wholeMs: run.wallMs, runMs: onlyLine(run, 'summary').ms, ms: done.ms };
}

/** Shares of the whole time. The `done` line leaves metadata in its rest: its share is taken from the engine's own run. */
function shares({ wholeMs, runMs, ms }: Split, { ms: stages }: EngineStages): Record<string, number> {
  const metadataMs = (stages.metadata / stages.infer) * ms.infer;
  const restMs = ms.total - ms.infer - ms.decode - ms.encode - metadataMs;
  return {
    'inside the network': ms.infer / wholeMs,
    'packing tiles, scratch file, loading the network, publishing': restMs / wholeMs,
    'decode, first hash of the original': ms.decode / wholeMs,
    encode: ms.encode / wholeMs,
    'metadata, second hash of the original': metadataMs / wholeMs,
    'starting the engine, looking at the photo, planning': (runMs - ms.total) / wholeMs,
    'starting and ending the command': (wholeMs - runMs) / wholeMs,
  };
}
