/** Table `damage`: photos that were compressed or are noisy. */
import { cleanGainBars, damageGainBar, safeStrengths } from './bars.ts';
import { hasStrength } from './eval-model.ts';
import { db, signed, verdict, type Table } from './markdown.ts';
import { strengths, summarise, type SweepCell } from './sweep.ts';
import type { Workplace } from './workplace.ts';

export function damageTable(place: Workplace, cells: readonly SweepCell[]): Table {
  const { card } = place.model;
  const enlarges = card.scale > 1;
  // A crisp network pays for its edges in PSNR: the figures stand, the bars are not its own.
  const judged = card.task !== 'enlarge-crisp';
  const rows = cells.map((cell) => {
    const summary = summarise(cell, safeStrengths);
    const bar = !judged ? null : enlarges ? damageGainBar : cleanGainBarOf(cell.damage);
    const at = (strength: number): string => db(summary.byStrength.find((one) => one.strength === strength)?.psnrDb ?? null);
    const safe = summary.leastGain === null ? null : summary.leastGain >= 0;
    return [
      `${cell.set} (${cell.photos.length}), ${cell.damage}`,
      db(summary.baseline),
      ...strengths.map(at),
      hasStrength(card) ? String(summary.best.strength) : '–',
      bar === null ? signed(summary.best.gain) : `${signed(summary.best.gain)} ${verdict(summary.best.gain >= bar)}`,
      summary.leastGain === null || safe === null
        ? '–'
        : `${signed(summary.leastGain)}${enlarges && judged ? ` ${verdict(safe)}` : ''}`,
      summary.leastPhotoGain === null ? '–' : signed(summary.leastPhotoGain),
    ];
  });
  const baseline = enlarges ? 'bicubic' : 'as damaged';
  return {
    title: `${card.id}: damaged photos, PSNR in dB by strength`,
    head: [
      'set (photos), damage',
      baseline,
      ...strengths.map(String),
      'best strength',
      `gain at best (${
        enlarges
          ? `≥ ${damageGainBar}`
          : Object.entries(cleanGainBars)
              .map(([quality, bar]) => `q ${quality} ≥ ${bar}`)
              .join(', ')
      })`,
      `least gain at ${safeStrengths.from}–${safeStrengths.to}${enlarges ? ' (≥ 0)' : ''}`,
      'least gain of one photo there',
    ],
    rows,
    notes: [
      `${enlarges ? 'The small side is damaged, then enlarged' : 'The photo is damaged at its full size, then cleaned'}; means of the PSNR on BT.601 luma. JPEG: libvips with libjpeg-turbo's standard tables, colours at half size (4:2:0), not mozjpeg. Noise: Gaussian on every sample by itself, seeded, rounded to 8 bit.`,
    ],
  };
}

/** Bar for a kind of damage by its name, null where there is none. */
function cleanGainBarOf(damage: string): number | null {
  const quality = /^JPEG q (\d+)$/.exec(damage)?.[1];
  return quality === undefined ? null : (cleanGainBars[Number(quality)] ?? null);
}
