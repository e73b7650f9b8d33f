/** What was measured, as a model's card keeps it. */
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelCard } from '../../core/photo/model-card.ts';
import { cardText } from '../../models/export/write-card.ts';
import type { AutoCell } from './auto-table.ts';
import type { ShippedModel } from './eval-model.ts';
import type { StandardResult } from './standard-table.ts';
import { mean, protocol, type Quality } from './super-resolution-sets.ts';
import type { SweepCell } from './sweep.ts';

type Metric = ModelCard['metrics'][number];

export interface Measured {
  readonly standard?: readonly StandardResult[];
  readonly damage?: readonly SweepCell[];
  readonly auto?: readonly AutoCell[];
}

/** Clean photos by file and filter, then damaged ones: with the strength chosen by itself, or at strength 0 without one. */
export function metricsOf(card: ModelCard, { standard = [], damage = [], auto = [] }: Measured): Metric[] {
  const clean = standard.flatMap(({ set, bicubic, lanczos, int8, reference: exact }) =>
    (
      [
        ['bicubic', bicubic],
        ['lanczos', lanczos],
        ['int8', int8],
        ['fp32', exact],
      ] as const
    ).flatMap(([precision, quality]) => cleanMetric(set, precision, quality, `strength 0; ${protocol} (${card.scale})`)),
  );
  const damaged = damage.flatMap((cell) => {
    const chosen = auto.find(({ set, damage: kind }) => set === cell.set && kind === cell.damage);
    const at = chosen === undefined ? 'strength 0' : `strength chosen by itself, ${mean(chosen.strengths).toFixed(2)} on average`;
    const photos = `the first ${cell.photos.length} photos, BT.601 luma`;
    const row = (precision: Metric['precision'], psnrDb: readonly number[], how: string): Metric => ({
      set: cell.set,
      damage: cell.damage,
      precision,
      psnrDb: rounded(mean(psnrDb), 3),
      protocol: `${how}; ${photos}`,
    });
    return [
      ...(card.scale > 1 ? [row('bicubic', cell.baseline, 'enlarged plainly')] : []),
      row('int8', chosen?.psnrDb ?? cell.psnrDb[0]!.photos, at),
    ];
  });
  // JSON has no infinity: a photo that is left as it is has no figure.
  return [...clean, ...damaged].filter(({ psnrDb }) => Number.isFinite(psnrDb));
}

/** Puts the metrics into the card's file, whole or not at all. */
export async function writeMetrics({ card, directory }: ShippedModel, measured: Measured): Promise<void> {
  const path = join(directory, 'card.json');
  await writeFile(`${path}.part`, cardText({ ...card, metrics: metricsOf(card, measured) }));
  await rename(`${path}.part`, path);
}

function cleanMetric(set: string, precision: Metric['precision'], quality: Quality | null, how: string): Metric[] {
  if (quality === null) return [];
  return [{ set, precision, psnrDb: rounded(quality.psnrDb, 3), ssim: rounded(quality.ssim, 4), protocol: how }];
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
