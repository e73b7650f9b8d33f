/** `enlarger bench`: where the time goes on this computer. */
import { EnlargerError } from '../core/photo/failure.ts';
import { onProcessor } from '../core/jobs/job-model.ts';
import { findModel } from '../core/jobs/model-store.ts';
import { choice, devices } from './enhance-options.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatMilliseconds, formatRate } from './format.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import { measureModel, usualModel, type Measurement } from '../core/host/measure.ts';
import { table } from './models.ts';
import { sampleSize } from './sample.ts';
import { commandGraphics, openWorkplace, type CommandGraphics } from './workplace.ts';

const runs = 3;

/** Measures the built-in sample, PNG in, JPEG out. Throws `UsageError` for an unknown device, else the engine's failures. */
export async function bench(io: Io, options: { model?: string; device?: string; json?: boolean }): Promise<ExitCode> {
  const wanted = choice('--device', options.device, devices, 'auto');
  const interrupts = listenForInterrupts(process, () => process.exit(exitCodes.interrupted));
  const workplace = await openWorkplace(io.say);
  let graphics: CommandGraphics | null = null;
  try {
    const { store, engine } = workplace;
    const model =
      options.model === undefined ? usualModel(store.models) : await findModel(options.model, store, engine, interrupts.signal);
    graphics = await commandGraphics(workplace, { choice: wanted }, io.say);
    await graphics?.devices.prepare([model], interrupts.signal);
    const on = (graphics?.devices.devicesFor ?? onProcessor)(model)[0];
    if (wanted === 'webgpu' && on?.device !== 'webgpu')
      throw new EnlargerError('device-failed', `${graphics?.devices.whyNot('webgpu', model) ?? ''} Use --device cpu.`);
    const place = { ...workplace, engine: graphics?.engineOf(on?.device ?? 'cpu') ?? engine };
    const measured = await measureModel(place, model, { ...sampleSize, runs, on, signal: interrupts.signal });
    io.out(
      options.json === true ? `${JSON.stringify(benchLine(model.card.id, measured))}\n` : benchText(model.card.id, measured),
    );
    return exitCodes.done;
  } catch (error) {
    if (interrupts.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    interrupts.dispose();
    await Promise.all([workplace.close(), graphics?.close()]);
  }
}

/** The object of `bench --json`. Times in milliseconds, rates in megapixels a second, of the median run. */
function benchLine(modelId: string, { median, device, precision, ...rates }: Measurement): object {
  return {
    type: 'bench',
    model: modelId,
    precision,
    device,
    input: sampleSize,
    output: { width: median.width, height: median.height },
    tiles: median.tiles,
    runs,
    ms: median.ms,
    ...rates,
    peakMemoryBytes: median.peakMemoryBytes,
  };
}

/** The table of `bench`. */
export function benchText(modelId: string, { median, device, precision, ...rates }: Measurement): string {
  const { ms } = median;
  const part = (name: string, time: number): string[] => [
    name,
    formatMilliseconds(time),
    `${String(Math.round((100 * time) / ms.total))} %`,
  ];
  const head = `${modelId} (${precision}) on ${device}: ${String(sampleSize.width)} × ${String(sampleSize.height)} → ${String(median.width)} × ${String(median.height)}, ${String(median.tiles)} tiles, median of ${String(runs)} runs\n`;
  const times = table([
    part('decode', ms.decode),
    part('network', ms.infer),
    part('tiles', ms.pack),
    part('resize', ms.resize),
    part('store', ms.store),
    part('encode', ms.encode),
    part('metadata', ms.metadata),
    part('whole', ms.total),
  ]);
  const speed = `network ${formatRate(rates.networkMegapixelsPerSecond)}, whole ${formatRate(rates.wholeMegapixelsPerSecond)}, peak memory of the engine ${formatBytes(median.peakMemoryBytes)}\n`;
  return head + times + speed;
}
