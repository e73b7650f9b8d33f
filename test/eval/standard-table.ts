/** Table `standard`: fidelity on clean photos at strength 0. */
import { fidelityBars, int8LossBar } from './bars.ts';
import { enlarge, openModel } from './eval-model.ts';
import { lanczos } from './lanczos.ts';
import { db, signed, verdict, type Table } from './markdown.ts';
import type { SetName } from './options.ts';
import { bicubic, measureSet, protocol, type Enlarge, type Quality } from './super-resolution-sets.ts';
import { setsFor, type Workplace } from './workplace.ts';

export interface StandardResult {
  readonly set: SetName;
  /** Null where the photo is not enlarged: it would be the photo itself. */
  readonly bicubic: Quality | null;
  readonly lanczos: Quality | null;
  readonly int8: Quality;
  readonly reference: Quality | null;
}

/** Measures int8, the reference file and bicubic on every set. */
export async function measureStandard(place: Workplace): Promise<StandardResult[]> {
  const { model, int8 } = place;
  const { scale } = model.card;
  const reference = model.reference === null ? null : await openModel(model, model.reference);
  const results: StandardResult[] = [];
  try {
    for (const { name, directory, limit } of setsFor('standard', place.options)) {
      place.say(`standard, ${name}`);
      const methods: Record<string, Enlarge> = { int8: async (picture) => await enlarge(int8, picture, 0) };
      if (scale > 1) Object.assign(methods, { bicubic: bicubic(scale), lanczos: lanczos(scale) });
      if (reference !== null) methods['reference'] = async (picture) => await enlarge(reference, picture, 0);
      const measured = await measureSet(directory, scale, methods, limit);
      results.push({
        set: name,
        bicubic: measured['bicubic'] ?? null,
        lanczos: measured['lanczos'] ?? null,
        int8: measured['int8']!,
        reference: measured['reference'] ?? null,
      });
    }
  } finally {
    await reference?.network.release();
  }
  return results;
}

const singleChannelNote =
  'Set14 holds one single-channel file, img_003. The published tables compare its own values over the full range; "luma of RGB throughout" takes it as RGB into the luma of 16..235 like every other file, which reads 0.1 dB higher on the mean of the set.';

export function standardTable({ model }: Workplace, results: readonly StandardResult[]): Table {
  const { card, reference } = model;
  const bars = fidelityBars[card.id];
  const rows = results.flatMap((result) => {
    const all = [row(result, result.set, (quality) => quality.psnrDb, true)];
    // Only there do the two ways of reading a single-channel file differ.
    if (Math.abs(result.int8.psnrDb - result.int8.lumaPsnrDb) > 1e-9)
      all.push(row(result, `${result.set}, luma of RGB throughout`, (quality) => quality.lumaPsnrDb, false));
    return all;
  });
  function row(result: StandardResult, name: string, psnr: (quality: Quality) => number, judged: boolean): string[] {
    const [cpu, gpu] = [bars?.cpu[result.set], bars?.gpu[result.set]];
    const loss = result.reference === null ? null : psnr(result.reference) - psnr(result.int8);
    const bar = cpu === undefined || gpu === undefined ? '–' : `${db(cpu)} / ${db(gpu)}`;
    const reached =
      cpu === undefined || gpu === undefined
        ? '–'
        : `${verdict(psnr(result.int8) >= cpu)} / ${verdict(psnr(result.int8) >= gpu)}`;
    const cell = (quality: Quality | null): string =>
      quality === null ? '–' : `${db(psnr(quality))} / ${quality.ssim.toFixed(4)}`;
    return [
      name,
      cell(result.bicubic),
      cell(result.lanczos),
      `**${db(psnr(result.int8))}** / ${result.int8.ssim.toFixed(4)}`,
      cell(result.reference),
      loss === null || !Number.isFinite(loss) ? '–' : `${signed(loss, 3)} ${judged ? verdict(loss <= int8LossBar) : ''}`.trim(),
      bar,
      reached,
    ];
  }
  return {
    title: `${card.id}: clean photos at strength 0`,
    head: [
      'set',
      'bicubic, PSNR dB / SSIM',
      'Lanczos',
      'int8 as the command runs it',
      `${reference ?? 'no reference file'} on the processor`,
      `lost by int8 (≤ ${int8LossBar})`,
      'bar: trained on CPU / GPU',
      'reached',
    ],
    rows,
    notes: [
      card.scale === 1
        ? 'The photo itself is the input and the reference, so this says how much a clean photo is changed. 8 bit, BT.601 luma (single-channel files: their own values), no border left out.'
        : `×${card.scale}. ${protocol} (${card.scale}).`,
      ...(rows.length > results.length ? [singleChannelNote] : []),
    ],
  };
}
