/** Table `auto`: the strength that `--denoise auto` chooses, against the best fixed one. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { autoBar, cleanGainBars, safeStrengths } from './bars.ts';
import { decoded, type Damage } from './damage.ts';
import { db, signed, verdict, type Table } from './markdown.ts';
import type { SetName } from './options.ts';
import { mean, pictures, psnrOf, shrunk } from './super-resolution-sets.ts';
import { summarise, type SweepCell } from './sweep.ts';
import { throughCommand, type EvalSet, type Workplace } from './workplace.ts';

export interface AutoCell {
  readonly set: SetName;
  readonly damage: string;
  /** By photo: PSNR in dB of what the command wrote, and the strength it chose. */
  readonly psnrDb: readonly number[];
  readonly strengths: readonly number[];
}

/** Puts the damaged photos into files and has the command enlarge them with its own choice of strength. */
export async function measureAuto(place: Workplace, sets: readonly EvalSet[], all: readonly Damage[]): Promise<AutoCell[]> {
  const { scale } = place.model.card;
  const cells: AutoCell[] = [];
  for (const set of sets) {
    for (const [index, damage] of all.entries()) {
      place.say(`${set.name}, ${damage.name}, strength chosen by the command`);
      const folder = join(place.directory, `auto-${set.name}-${index}`);
      await mkdir(folder);
      const inputs: string[] = [];
      for await (const original of pictures(set.directory, scale, set.limit)) {
        const path = join(folder, original.name.replace(/png$/, damage.extension));
        await writeFile(path, await damage.file(shrunk(original, scale), `${set.name} ${original.name}`));
        inputs.push(path);
      }
      const results = await throughCommand(place, inputs, join(folder, 'out'), ['--denoise', 'auto']);
      const psnrDb: number[] = [];
      const chosen: number[] = [];
      let next = 0;
      for await (const original of pictures(set.directory, scale, set.limit)) {
        const { output, strength } = results.get(inputs[next]!)!;
        psnrDb.push(psnrOf((await decoded(await readFile(output))).rgb, original, scale));
        chosen.push(strength);
        next += 1;
      }
      cells.push({ set: set.name, damage: damage.name, psnrDb, strengths: chosen });
    }
  }
  return cells;
}

/** `swept` must hold a cell for every set and damage of `cells`. */
export function autoTable(place: Workplace, cells: readonly AutoCell[], swept: readonly SweepCell[]): Table {
  const { card } = place.model;
  const rows = cells.map((cell) => {
    const fixed = swept.find(({ set, damage }) => set === cell.set && damage === cell.damage);
    if (fixed === undefined) throw new Error(`No fixed strengths were measured on ${cell.set}, ${cell.damage}`);
    const { baseline, best } = summarise(fixed, safeStrengths);
    const psnrDb = mean(cell.psnrDb);
    const loss = best.psnrDb - psnrDb;
    const perPhoto = mean(cell.psnrDb.map((auto, photo) => Math.max(...fixed.psnrDb.map(({ photos }) => photos[photo]!)) - auto));
    const gain = psnrDb - baseline;
    const bar = card.scale > 1 ? undefined : cleanGainBars[Number(/\d+$/.exec(cell.damage)?.[0])];
    return [
      `${cell.set} (${cell.psnrDb.length}), ${cell.damage}`,
      `${Math.min(...cell.strengths).toFixed(2)} – **${mean(cell.strengths).toFixed(2)}** – ${Math.max(...cell.strengths).toFixed(2)}`,
      String(best.strength),
      db(psnrDb),
      db(best.psnrDb),
      // Against a photo left as it is (infinite PSNR) a difference says nothing.
      Number.isFinite(loss) ? `${signed(loss, 3)} ${card.task === 'enlarge-crisp' ? '' : verdict(loss <= autoBar)}`.trim() : '–',
      Number.isFinite(perPhoto) ? signed(perPhoto, 3) : '–',
      bar === undefined ? signed(gain) : `${signed(gain)} ${verdict(gain >= bar)} (≥ ${bar})`,
    ];
  });
  return {
    title: `${card.id}: the strength that is chosen by itself`,
    head: [
      'set (photos), damage',
      'chosen: least – mean – greatest',
      'best fixed',
      'PSNR with chosen, dB',
      'with best fixed',
      `lost by choosing (≤ ${autoBar})`,
      'lost against the best for each photo',
      `gain over ${card.scale > 1 ? 'bicubic' : 'the damaged photo'}`,
    ],
    rows,
    notes: [
      'The damaged photos as files through the command with --denoise auto; the strength is read from what the result says of itself. "Best fixed" is the one strength of the damage table with the best mean over the set.',
    ],
  };
}
