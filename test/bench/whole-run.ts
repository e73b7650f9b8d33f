/** Section `whole`: a 12-megapixel JPEG through the whole command, against the time inside the network. */
import { join } from 'node:path';
import { twelveMegapixelJpeg } from '../fixtures/large-photos.ts';
import type { BenchPlace } from './bench-place.ts';
import { onlyLine, runEnhance } from './command.ts';
import { engineStages, type EngineStages } from './engine-stages.ts';
import { median, percent, seconds, span, type Row, type Section } from './table.ts';

interface Split {
  /** Whole time over the network's. */
  readonly ratio: number;
  readonly wholeMs: number;
  /** Share of the whole time, by what it went to. */
  readonly shares: Record<string, number>;
}

export async function wholeRunSection(place: BenchPlace): Promise<Section> {
  const photo = await twelveMegapixelJpeg();
  const splits: Split[] = [];
  for (let repeat = 0; repeat < place.repeats; repeat += 1) {
    place.say(`12 megapixels ×2 through the command, run ${String(repeat + 1)}`);
    splits.push(await commandSplit(place, photo, repeat));
  }
  place.say('the same through the engine alone, for its stages');
  const stages = await engineStages(place, photo);
  const ratios = splits.map(({ ratio }) => ratio);
  const rows: Row[] = [
    { figure: 'whole run over time inside the network', measured: median(ratios).toFixed(3), target: '≤ 1.2' },
  ];
  for (const name of Object.keys(splits[0]!.shares)) {
    rows.push({ figure: `— ${name}`, measured: percent(median(splits.map(({ shares }) => shares[name]!))), target: '' });
  }
  for (const [name, share] of Object.entries(engineShares(stages))) {
    rows.push({ figure: `— of the engine: ${name}`, measured: percent(share), target: '' });
  }
  return {
    title: 'Whole run: 12-megapixel JPEG ×2, JPEG out',
    rows,
    notes: [
      `From starting the command to its exit, ${String(place.repeats)} runs (${span(ratios, (ratio) => ratio.toFixed(3))}); ${seconds(median(splits.map(({ wholeMs }) => wholeMs)))} each on this machine. Shares are of that time; those marked "of the engine" are from one run of the engine alone, of its own total.`,
    ],
  };
}

async function commandSplit(place: BenchPlace, photo: string, repeat: number): Promise<Split> {
  const run = await runEnhance(
    ['--format', 'jpeg', '--on-conflict', 'overwrite', '--out', join(place.directory, 'whole'), photo],
    place,
  );
  const { ms } = onlyLine(run, 'done');
  const summary = onlyLine(run, 'summary');
  if (ms.infer <= 0) throw new Error(`run ${String(repeat)} did not run the network`);
  const share = (part: number): number => part / run.wallMs;
  return {
    ratio: run.wallMs / ms.infer,
    wholeMs: run.wallMs,
    shares: {
      network: share(ms.infer),
      decode: share(ms.decode),
      encode: share(ms.encode),
      'packing tiles, metadata, hashing, publishing': share(ms.total - ms.infer - ms.decode - ms.encode),
      'starting the engine, looking at the photo, planning': share(summary.ms - ms.total),
      'starting and ending the command': share(run.wallMs - summary.ms),
    },
  };
}

/** What the `done` line does not tell apart. Hashing is what no stage claims. */
function engineShares({ ms }: EngineStages): Record<string, number> {
  const named = ms.decode + ms.infer + ms.pack + ms.resize + ms.encode + ms.metadata;
  return {
    'packing tiles': ms.pack / ms.total,
    'metadata, hash of the result’s source': ms.metadata / ms.total,
    'hash before the work, loading the network': (ms.total - named) / ms.total,
  };
}
