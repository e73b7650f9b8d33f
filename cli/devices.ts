/** `enlarger devices`: what networks can be computed on, and with `--check` how fast it really is. */
import { toFailure } from '../core/photo/failure.ts';
import { chooseModel } from '../core/photo/choose-model.ts';
import type { InstalledModel } from '../core/jobs/model-store.ts';
import { cpuFacts, type CpuFacts } from './cpu.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatMilliseconds, formatRate } from './format.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import { measureModel } from './measure.ts';
import { escapeControls } from './text.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

/** Prints one entry a device. With `check`, exit code 1 when the CPU's check fails. */
export async function showDevices(io: Io, check: boolean): Promise<ExitCode> {
  io.out(cpuText(await cpuFacts()));
  const exitCode = check ? await checkCpu(io) : exitCodes.done;
  io.out('webgpu  not used in this version\n');
  return exitCode;
}

/** The entry of the CPU. */
export function cpuText(cpu: CpuFacts): string {
  const cores = cpu.cores === null ? '' : `${String(cpu.cores)} ${cpu.cores === 1 ? 'core' : 'cores'}, `;
  const threads = `${String(cpu.threads)} ${cpu.threads === 1 ? 'thread' : 'threads'}`;
  const lines = [`cpu     ${escapeControls(cpu.name)}: ${cores}${threads}, ${formatBytes(cpu.memoryBytes)} of memory`];
  if (cpu.vectorSets !== null)
    lines.push(`        8-bit networks use: ${cpu.vectorSets.join(', ') || 'no vector instructions (slow)'}`);
  return lines.map((line) => `${line}\n`).join('');
}

async function checkCpu(io: Io): Promise<ExitCode> {
  const interrupts = listenForInterrupts(process, () => process.exit(exitCodes.interrupted));
  let workplace: Workplace | null = null;
  try {
    workplace = await openWorkplace(io.say);
    const model = modelForCheck(workplace);
    const side = model.card.tile.default;
    const { median, precision, networkMegapixelsPerSecond } = await measureModel(workplace, model, {
      width: side,
      height: side,
      runs: 3,
      signal: interrupts.signal,
    });
    const size = `${String(side)} × ${String(side)}`;
    io.out(
      `        checked: ${model.card.id} (${precision}), ${size} pixels in ${formatMilliseconds(median.ms.infer)}, ${formatRate(networkMegapixelsPerSecond)}\n`,
    );
    return exitCodes.done;
  } catch (error) {
    if (interrupts.signal.aborted) return exitCodes.interrupted;
    io.out('        check failed\n');
    io.err(`enlarger: ${escapeControls(toFailure(error).message)}\n`);
    return exitCodes.failed;
  } finally {
    interrupts.dispose();
    await workplace?.close();
  }
}

/** The model that a run without options would take. */
export function modelForCheck({ store }: Pick<Workplace, 'store'>): InstalledModel {
  const recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' } as const;
  const card = chooseModel(
    store.models.map((model) => model.card),
    recipe,
    2,
  );
  const model = store.models.find((candidate) => candidate.card === card);
  if (model === undefined) throw new Error(`the chosen model ${card.id} is not in the store`);
  return model;
}
