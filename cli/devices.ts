/** `enlarger devices`: what networks can be computed on, and with `--check` how fast it really is. */
import { toFailure } from '../core/photo/failure.ts';
import { cpuFacts, type CpuFacts } from '../core/host/cpu.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatMilliseconds, formatRate } from './format.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import { measureModel, usualModel } from '../core/host/measure.ts';
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
    const model = usualModel(workplace.store.models);
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
