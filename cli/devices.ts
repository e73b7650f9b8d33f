/** `enlarger devices`: what networks can be computed on, and with `--check` whether that is right and how fast it is. */
import { toFailure } from '../core/photo/failure.ts';
import { judge, type Device, type DeviceReport } from '../core/photo/device.ts';
import { cpuFacts, type CpuFacts } from '../core/host/cpu.ts';
import { mayHaveGraphics } from '../core/host/graphics.ts';
import { usualModel } from '../core/host/measure.ts';
import type { CheckedDevice, Devices } from '../core/jobs/devices.ts';
import type { InstalledModel } from '../core/jobs/model-store.ts';
import { isWorthBoth } from '../core/jobs/device-pair.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { formatBytes, formatRate } from './format.ts';
import { listenForInterrupts } from './interrupts.ts';
import type { Io } from './io.ts';
import { table } from './models.ts';
import { escapeControls } from './text.ts';
import { commandGraphics, openWorkplace, type CommandGraphics, type Workplace } from './workplace.ts';

/** Prints one entry a device, or with `check` what a check found. Exit code 1 when not even the processor passes it. */
export async function showDevices(io: Io, check: boolean): Promise<ExitCode> {
  io.out(cpuText(await cpuFacts()));
  if (check) return await checkDevices(io);
  const graphics = mayHaveGraphics()
    ? 'there may be one; --check tells whether it computes right'
    : 'no graphics processor was found';
  io.out(`webgpu  ${graphics}\n`);
  return exitCodes.done;
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

async function checkDevices(io: Io): Promise<ExitCode> {
  const interrupts = listenForInterrupts(process, () => process.exit(exitCodes.interrupted));
  let workplace: Workplace | null = null;
  let graphics: CommandGraphics | null = null;
  try {
    workplace = await openWorkplace(io.say);
    const model = usualModel(workplace.store.models);
    graphics = await commandGraphics(workplace, { choice: 'auto', always: true }, io.say);
    if (graphics === null) throw new RangeError('a check that always looks found nothing to look with');
    const checked = await graphics.devices.check(model, ['cpu', 'webgpu'], interrupts.signal);
    io.out(`\n${checkTable(checked)}\n${choiceText(checked, model, graphics.devices)}\n`);
    const passes = checked.some(({ device, reports }) => device === 'cpu' && reports.some((report) => judge(report).passed));
    return passes ? exitCodes.done : exitCodes.failed;
  } catch (error) {
    if (interrupts.signal.aborted) return exitCodes.interrupted;
    io.err(`enlarger: ${escapeControls(toFailure(error).message)}\n`);
    return exitCodes.failed;
  } finally {
    interrupts.dispose();
    await Promise.all([workplace?.close(), graphics?.close()]);
  }
}

/** One row a file of the network on a device. Differences are of samples, in steps of 8-bit files, against the 32-bit network on the processor. */
function checkTable(checked: readonly CheckedDevice[]): string {
  const rows = checked.flatMap(({ device, reports }) =>
    reports.map((report) => {
      const verdict = judge(report);
      return [
        device,
        report.precision,
        steps(report.maxDifference),
        steps(report.meanDifference),
        report.megapixelsPerSecond === null ? '-' : formatRate(report.megapixelsPerSecond),
        report.tileSide === null ? '-' : String(report.tileSide),
        verdict.passed ? 'right' : 'not used',
        verdict.passed ? '' : verdict.reason,
      ];
    }),
  );
  return table([['DEVICE', 'PRECISION', 'LARGEST', 'MEAN', 'SPEED', 'TILE', 'VERDICT', 'REASON'], ...rows]);
}

function steps(difference: DeviceReport['maxDifference']): string {
  if (difference === null) return '-';
  return difference > 1e6 ? 'no number' : `${(difference * 255).toPrecision(2)} steps`;
}

/** What `auto` takes, and why. */
function choiceText(
  checked: readonly CheckedDevice[],
  model: InstalledModel,
  devices: Pick<Devices, 'devicesFor' | 'gainOfBoth' | 'whyNot'>,
): string {
  const [chosen, other] = devices.devicesFor(model);
  if (chosen === undefined) return 'auto takes nothing: no file of the network runs here.';
  const { device, variant, tileSide } = chosen;
  const gain = devices.gainOfBoth(model);
  const both = gain === null || other === undefined ? '' : ` ${bothText(gain, other.device)}`;
  if (device === 'webgpu')
    return `auto takes webgpu (${variant.precision}, tiles of ${tileSide} pixels): it computes right, and faster than the processor.${both}`;
  const wasTried = checked.some((one) => one.device === 'webgpu' && one.reports.length > 0);
  const whyNot = wasTried ? ` webgpu is not taken: ${escapeControls(devices.whyNot('webgpu', model))}` : '';
  return `auto takes cpu (${variant.precision}).${whyNot}${both}`;
}

/** Whether an album's photos go to both devices, and why. */
function bothText(gain: number, other: Device): string {
  const percent = Math.round(100 * (gain - 1));
  if (isWorthBoth(gain)) return `Photos of an album go to ${other} as well: both together get ${percent} % more done.`;
  const little = percent > 0 ? `only ${percent} % more` : 'no more';
  return `Photos of an album do not go to ${other} as well: both together get ${little} done.`;
}
