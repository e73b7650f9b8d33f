/** Which device computes a network: the fastest one that computes right. What fails in work is out, until it was checked again. */
import { judge, type Device, type DeviceReport } from '../photo/device.ts';
import { toFailure } from '../photo/failure.ts';
import { referenceVariant } from '../photo/model-card.ts';
import type { DeviceMemory } from './device-memory.ts';
import type { Engine } from './engine-client.ts';
import { onProcessor, type DeviceFor } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';

export type DeviceChoice = 'auto' | Device;

export interface CheckedDevice {
  readonly device: Device;
  readonly reports: readonly DeviceReport[];
}

export interface Devices {
  /** By what is known now; the processor where nothing is. */
  readonly deviceFor: DeviceFor;
  /** Checks what is not known yet of these models, as far as the choice asks for it. Rejects only when the signal aborts. */
  prepare(models: readonly InstalledModel[], signal: AbortSignal): Promise<void>;
  /** Checks both devices anew, whatever is known and however slow they are. Rejects when the signal aborts. */
  check(model: InstalledModel, signal: AbortSignal): Promise<CheckedDevice[]>;
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
}

/** A device must be faster than the processor by so much to be worth a second process and its drivers' moods. */
const worthwhile = 1.1;
const patienceMs = 1500;

export function openDevices({ choice, memory, engineOf }: DevicesOptions): Devices {
  const out = new Map<Device, string>();

  const trusted = (device: Device, model: InstalledModel): DeviceReport | null => {
    if (out.has(device)) return null;
    const passed = (memory.get(device, modelKey(model)) ?? []).filter((report) => judge(report).passed);
    return passed.toSorted((a, b) => (b.megapixelsPerSecond ?? 0) - (a.megapixelsPerSecond ?? 0))[0] ?? null;
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
      reports = files.map((file) => ({ ...file, ...nothing, failure: toFailure(error) }));
    }
    await memory.set(device, modelKey(model), reports);
    return { device, reports };
  };

  return {
    deviceFor(model) {
      const wanted = choice();
      const gpu = wanted === 'cpu' ? null : trusted('webgpu', model);
      const gpuVariant = gpu === null ? undefined : model.card.variants.find(({ file }) => file === gpu.file);
      if (gpu !== null && gpuVariant !== undefined && gpu.tileSide !== null) {
        const cpu = trusted('cpu', model)?.megapixelsPerSecond ?? 0;
        if (wanted === 'webgpu' || (gpu.megapixelsPerSecond ?? 0) > cpu * worthwhile)
          return { device: 'webgpu', variant: gpuVariant, tileSide: gpu.tileSide };
      }
      return onProcessor(model);
    },
    async prepare(models, signal) {
      const wanted = choice();
      if (wanted === 'cpu' || out.has('webgpu')) return;
      for (const model of models) {
        if (memory.get('webgpu', modelKey(model)) !== null) continue;
        const known = memory.get('cpu', modelKey(model));
        const [cpu] = known ?? (await checkOne('cpu', model, null, signal)).reports;
        await checkOne('webgpu', model, wanted === 'auto' ? (cpu?.megapixelsPerSecond ?? null) : null, signal);
      }
    },
    async check(model, signal) {
      out.clear();
      return [await checkOne('cpu', model, null, signal), await checkOne('webgpu', model, null, signal)];
    },
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

/** All files of a model together: another one of the same name is another model. */
function modelKey({ card }: InstalledModel): string {
  return `${card.id} ${card.variants.map(({ sha256 }) => sha256.slice(0, 16)).join(' ')}`;
}

function filesFor(device: Device, { card }: InstalledModel): Pick<DeviceReport, 'file' | 'precision'>[] {
  return card.variants
    .filter(({ devices, precision }) => devices.includes(device) && (device !== 'cpu' || precision === 'int8'))
    .map(({ file, precision }) => ({ file, precision }));
}
