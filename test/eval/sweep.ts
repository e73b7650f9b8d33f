/** Damaged photos through a network at every strength: what the tables of damage and of the chosen strength are made of. */
import { clean, decoded, jpegDamage, noiseDamage, type Damage } from './damage.ts';
import { enlarge, hasStrength } from './eval-model.ts';
import type { SetName } from './options.ts';
import { bicubic, mean, pictures, psnrOf, shrunk } from './super-resolution-sets.ts';
import type { EvalSet, Workplace } from './workplace.ts';

export const strengths = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 1] as const;

export interface SweepCell {
  readonly set: SetName;
  readonly damage: string;
  readonly photos: readonly string[];
  /** PSNR in dB of each photo enlarged by bicubic; where nothing is enlarged, of the damaged photo itself. */
  readonly baseline: readonly number[];
  /** PSNR in dB by strength, then by photo. */
  readonly psnrDb: readonly { readonly strength: number; readonly photos: readonly number[] }[];
}

export function damages(scale: number): Damage[] {
  const qualities = scale === 1 ? [75, 50, 30] : [90, 75, 50];
  return [...qualities.map(jpegDamage), noiseDamage(5), noiseDamage(15)];
}

/** What the strength is chosen for by itself. */
export function autoDamages(scale: number): Damage[] {
  return [clean, ...damages(scale).filter(({ extension }) => extension === 'jpg')];
}

/** Runs every photo of the sets with every damage at every strength; a model without strength runs once. */
export async function sweep(place: Workplace, sets: readonly EvalSet[], all: readonly Damage[]): Promise<SweepCell[]> {
  const { scale } = place.model.card;
  const run = hasStrength(place.model.card) ? strengths : [0];
  const cells: SweepCell[] = [];
  for (const set of sets) {
    for (const damage of all) {
      place.say(`${set.name}, ${damage.name}, ${run.length} strength${run.length === 1 ? '' : 's'}`);
      const photos: string[] = [];
      const baseline: number[] = [];
      const psnrDb = run.map((strength) => ({ strength, photos: [] as number[] }));
      for await (const original of pictures(set.directory, scale, set.limit)) {
        const small = await decoded(await damage.file(shrunk(original, scale), `${set.name} ${original.name}`));
        photos.push(original.name);
        baseline.push(psnrOf(scale === 1 ? small.rgb : await bicubic(scale)(small), original, scale));
        for (const cell of psnrDb) cell.photos.push(psnrOf(await enlarge(place.int8, small, cell.strength), original, scale));
      }
      cells.push({ set: set.name, damage: damage.name, photos, baseline, psnrDb });
    }
  }
  return cells;
}

export interface SweepSummary {
  /** Means over the photos, dB. */
  readonly baseline: number;
  readonly byStrength: readonly { readonly strength: number; readonly psnrDb: number; readonly gain: number }[];
  readonly best: { readonly strength: number; readonly psnrDb: number; readonly gain: number };
  /** Least gain of the set's mean within `from`..`to`, or null when no strength lies there. */
  readonly leastGain: number | null;
  /** Least gain of a single photo there. */
  readonly leastPhotoGain: number | null;
}

/** Means of a cell, its best strength (the least of equals) and its worst within a range of strengths. */
export function summarise(cell: SweepCell, range: { from: number; to: number }): SweepSummary {
  const baseline = mean(cell.baseline);
  const byStrength = cell.psnrDb.map(({ strength, photos }) => {
    const psnrDb = mean(photos);
    return { strength, psnrDb, gain: psnrDb - baseline };
  });
  const best = byStrength.reduce((a, b) => (b.psnrDb > a.psnrDb ? b : a));
  const inRange = (strength: number): boolean => strength >= range.from && strength <= range.to;
  const gains = byStrength.filter(({ strength }) => inRange(strength)).map(({ gain }) => gain);
  const photoGains = cell.psnrDb
    .filter(({ strength }) => inRange(strength))
    .flatMap(({ photos }) => photos.map((psnrDb, index) => psnrDb - cell.baseline[index]!));
  return {
    baseline,
    byStrength,
    best,
    leastGain: gains.length === 0 ? null : Math.min(...gains),
    leastPhotoGain: photoGains.length === 0 ? null : Math.min(...photoGains),
  };
}
