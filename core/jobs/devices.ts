/** Which devices compute a network: the fastest that compute right. What fails in work is out, until it was checked again. */
import { judge, type Device, type DeviceReport } from '../photo/device.ts';
import { toFailure, type Failure } from '../photo/failure.ts';
import { referenceVariant } from '../photo/model-card.ts';
import type { DeviceMemory } from './device-memory.ts';
import { gainOfBoth, worthBoth } from './device-pair.ts';
import type { Engine } from './engine-client.ts';
import { isDeath } from './is-death.ts';
import { onProcessor, type DevicesFor, type NetworkDevice } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';

export type DeviceChoice = 'auto' | Device;

export interface CheckedDevice {
  readonly device: Device;
  readonly reports: readonly DeviceReport[];
}

export interface Devices {
  /** By what is known now; the processor alone where nothing is. */
  readonly devicesFor: DevicesFor;
  /** Checks what is not known yet of these models, as far as the choice asks for it. Rejects only when the signal aborts. */
  prepare(models: readonly InstalledModel[], signal: AbortSignal): Promise<void>;
  /** Checks these devices anew, whatever is known and however slow they are. Rejects when the signal aborts. */
  check(model: InstalledModel, which: readonly Device[], signal: AbortSignal): Promise<CheckedDevice[]>;
  /** What the last check of a model found; null where there was none in these circumstances. */
  known(device: Device, model: InstalledModel): readonly DeviceReport[] | null;
  /** How much faster all devices for a model are than the best alone (1.3: by 30 %); null where that was not measured. */
  gainOfBoth(model: InstalledModel): number | null;
  /** It failed in work: out for as long as this lives, and to be checked before it is used again. */
  distrust(device: Device, reason: string): Promise<void>;
  isTrusted(device: Device): boolean;
  /** Why a device does not run a model, as a sentence for the user. */
  whyNot(device: Device, model: InstalledModel): string;
}

export interface DevicesOptions {
  readonly choice: () => DeviceChoice;
  readonly memory: DeviceMemory;
  /** One process for each device: two sessions of a graphics processor in one process crash. */
  readonly engineOf: (device: Device) => Pick<Engine, 'call'>;
  /** False where looking for a graphics processor would only cost time; asked for by name, it is looked for all the same. Default: true. */
  readonly mayHaveGraphics?: () => boolean;
}

/** A device must be faster than the processor by so much to be worth a second process and its drivers' moods. */
const worthwhile = 1.1;
const patienceMs = 1500;

export function openDevices({ choice, memory, engineOf, mayHaveGraphics = () => true }: DevicesOptions): Devices {
  const out = new Map<Device, string>();

  const fastest = (device: Device, model: InstalledModel): DeviceReport | null => {
    if (out.has(device)) return null;
    const passed = (memory.get(device, modelKey(model)) ?? []).filter((report) => judge(report).passed);
    return passed.toSorted((a, b) => (b.megapixelsPerSecond ?? 0) - (a.megapixelsPerSecond ?? 0))[0] ?? null;
  };
  const onGraphics = (model: InstalledModel): (NetworkDevice & { readonly speed: number }) | null => {
    const report = fastest('webgpu', model);
    const variant = model.card.variants.find(({ file }) => file === report?.file);
    if (variant === undefined || typeof report?.tileSide !== 'number') return null;
    return { device: 'webgpu', variant, tileSide: report.tileSide, speed: report.megapixelsPerSecond ?? 0 };
  };
  const devicesFor = (model: InstalledModel): readonly NetworkDevice[] => {
    const processor = onProcessor(model);
    const wanted = choice();
    const found = wanted === 'cpu' ? null : onGraphics(model);
    if (found === null) return processor;
    const { speed, ...graphics } = found;
    if (wanted === 'webgpu' || processor.length === 0) return [graphics];
    const isFaster = speed > (fastest('cpu', model)?.megapixelsPerSecond ?? 0) * worthwhile;
    return isFaster ? [graphics, ...processor] : [...processor, graphics];
  };

  const checkOne = async (
    device: Device,
    model: InstalledModel,
    worthMegapixelsPerSecond: number | null,
    signal: AbortSignal,
  ): Promise<CheckedDevice> => {
    const files = filesFor(device, model);
    const reference = referenceVariant(model.card);
    if (files.length === 0 || reference === undefined) return { device, reports: [] };
    const params = { directory: model.directory, device, files, reference: reference.file, patienceMs, worthMegapixelsPerSecond };
    let reports: readonly DeviceReport[];
    try {
      reports = (await engineOf(device).call('checkDevice', params, { signal })).reports;
    } catch (error) {
      if (signal.aborted) throw error;
      // It took its process with it, or could not even begin.
      const nothing = { maxDifference: null, meanDifference: null, tileSide: null, megapixelsPerSecond: null };
      reports = files.map((file) => ({ ...file, ...nothing, failure: failureOf(device, error) }));
    }
    await memory.set(device, modelKey(model), reports);
    return { device, reports };
  };
  /** Only where the slower one is fast enough to matter: trying costs seconds. */
  const measureBoth = async (model: InstalledModel, signal: AbortSignal): Promise<void> => {
    const [best, other] = devicesFor(model);
    if (best === undefined || other === undefined || memory.gainOfBoth(modelKey(model)) !== null) return;
    const speeds = [best, other].map(({ device }) => fastest(device, model)?.megapixelsPerSecond ?? 0);
    if (Math.min(...speeds) < Math.max(...speeds) * (worthBoth - 1)) return;
    await memory.setGainOfBoth(modelKey(model), await gainOfBoth(model, [best, other], engineOf, signal));
  };
  const prepareOne = async (model: InstalledModel, signal: AbortSignal): Promise<void> => {
    const wanted = choice();
    if (wanted === 'cpu' || out.has('webgpu') || (wanted === 'auto' && !mayHaveGraphics())) return;
    if (memory.get('webgpu', modelKey(model)) === null) {
      const known = memory.get('cpu', modelKey(model));
      const [cpu] = known ?? (await checkOne('cpu', model, null, signal)).reports;
      await checkOne('webgpu', model, wanted === 'auto' ? (cpu?.megapixelsPerSecond ?? null) : null, signal);
    }
    if (wanted === 'auto') await measureBoth(model, signal);
  };
  /** One at a time: what is measured side by side is measured wrong, and who comes second finds it known. */
  let preparing: Promise<void> = Promise.resolve();

  return {
    devicesFor,
    async prepare(models, signal) {
      for (const model of models) {
        const turn = preparing.then(() => prepareOne(model, signal));
        preparing = turn.catch(() => undefined);
        await turn;
      }
    },
    async check(model, which, signal) {
      const checked: CheckedDevice[] = [];
      for (const device of which) {
        out.delete(device);
        checked.push(await checkOne(device, model, null, signal));
      }
      await measureBoth(model, signal);
      return checked;
    },
    known: (device, model) => memory.get(device, modelKey(model)),
    gainOfBoth: (model) => (choice() === 'auto' && devicesFor(model).length > 1 ? memory.gainOfBoth(modelKey(model)) : null),
    async distrust(device, reason) {
      out.set(device, reason);
      await memory.forget(device);
    },
    isTrusted: (device) => !out.has(device),
    whyNot(device, model) {
      const reason = out.get(device);
      if (reason !== undefined) return reason;
      const reports = memory.get(device, modelKey(model)) ?? [];
      for (const report of reports) {
        const verdict = judge(report);
        if (!verdict.passed) return verdict.reason;
      }
      return reports.length === 0 ? 'Nothing is known of it yet.' : 'The processor is as fast, or faster.';
    },
  };
}

/** What a driver does to a process is told as the driver's doing. */
function failureOf(device: Device, error: unknown): Failure {
  if (device === 'cpu' || !isDeath(error)) return toFailure(error);
  return { code: 'device-failed', message: 'Its driver ended the process that checked it. A newer driver may help.' };
}

/** All files of a model together: another one of the same name is another model. */
function modelKey({ card }: InstalledModel): string {
  return `${card.id} ${card.variants.map(({ sha256 }) => sha256.slice(0, 16)).join(' ')}`;
}

function filesFor(device: Device, { card }: InstalledModel): Pick<DeviceReport, 'file' | 'precision'>[] {
  return card.variants
    .filter(({ devices, precision }) => devices.includes(device) && (device !== 'cpu' || precision === 'int8'))
    .map(({ file, precision }) => ({ file, precision }));
}
