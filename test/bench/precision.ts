/** Section `precision`: the int8 network against the fp32 one. */
import type { LoadedModel } from '../../core/engine/network/loaded-model.ts';
import { enlargeRaster } from '../../core/engine/network/enlarge-raster.ts';
import { drawSample } from '../../core/engine/sample/draw-sample.ts';
import { openModel, shippedModels } from '../eval/eval-model.ts';
import { compare, shrunk, type Picture } from '../eval/super-resolution-sets.ts';
import { memoryReader, memoryWriter } from '../fixtures/memory-raster.ts';
import type { BenchPlace } from './bench-place.ts';
import { median, span, type Row, type Section } from './table.ts';

const sampleSize = { width: 1536, height: 1152 };

export async function precisionSection(place: BenchPlace): Promise<Section> {
  const [model] = await shippedModels(['photo-x2']);
  if (model === undefined || model.reference === null) throw new Error('photo-x2 has no file to hold its int8 file against');
  const int8 = await openModel(model, model.int8);
  const fp32 = await openModel(model, model.reference);
  const { width, height } = sampleSize;
  const original = { name: 'sample', grey: false, rgb: drawSample(width, height), width, height };
  const { scale } = int8.network;
  const small = shrunk(original, scale);

  const ratios: number[] = [];
  for (let repeat = 0; repeat <= place.repeats; repeat += 1) {
    place.say(`int8 against fp32, round ${String(repeat)}`);
    // Each round goes the other way round, so that a machine that gets slower favours neither.
    const order = repeat % 2 === 0 ? [int8, fp32] : [fp32, int8];
    const ms = new Map<LoadedModel, number>();
    for (const model of order) ms.set(model, (await enlarge(model, small)).inferMs);
    // The first round warms both up.
    if (repeat > 0) ratios.push(ms.get(fp32)! / ms.get(int8)!);
  }
  const rows: Row[] = [
    { figure: 'speed of int8 over fp32, same photo', measured: `×${median(ratios).toFixed(2)}`, target: '≥ ×2.3 with VNNI' },
    await lossRow(async (opened) => compare((await enlarge(opened, small)).rgb, original, scale).psnrDb, int8, fp32),
  ];
  await int8.network.release();
  await fp32.network.release();
  return {
    title: `Precision: int8 against fp32 of ${int8.card.id}`,
    rows,
    notes: [
      `Time inside the network alone, ${String(place.repeats)} alternating rounds (${span(ratios, (ratio) => `×${ratio.toFixed(2)}`)}), all cores, tiles of ${String(int8.card.tile.default)}. PSNR on BT.601 luma, border 2, of the drawn photo shrunk with MATLAB's bicubic; \`npm run eval\` measures the sets.`,
    ],
  };
}

async function lossRow(psnrDb: (opened: LoadedModel) => Promise<number>, int8: LoadedModel, fp32: LoadedModel): Promise<Row> {
  const [float, integer] = [await psnrDb(fp32), await psnrDb(int8)];
  return {
    figure: 'PSNR lost by int8, drawn photo',
    measured: `${(float - integer).toFixed(3)} dB (${float.toFixed(2)} → ${integer.toFixed(2)})`,
    target: '< 0.1 dB',
  };
}

async function enlarge(
  { card, network }: LoadedModel,
  { rgb, width, height }: Picture,
): Promise<{ rgb: Uint8Array; inferMs: number }> {
  const shape = { width, height, channels: 3, bitDepth: 8 } as const;
  const output = memoryWriter({ ...shape, width: width * network.scale, height: height * network.scale });
  const { inferMs } = await enlargeRaster({
    input: memoryReader(shape, rgb),
    output,
    network,
    card,
    tileSide: card.tile.default,
    strength: 0,
  });
  return { rgb: Uint8Array.from(output.samples), inferMs };
}
