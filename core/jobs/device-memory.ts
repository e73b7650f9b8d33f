/** What checks of devices found, remembered with the circumstances they were made in. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { arch, platform, release } from 'node:os';
import { dirname, join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import type { Device, DeviceReport } from '../photo/device.ts';
import { deviceMemorySchema } from '../photo/state-files.ts';

export interface DeviceMemory {
  /** Null where nothing was checked, or something is not as it was then. */
  get(device: Device, modelKey: string): readonly DeviceReport[] | null;
  set(device: Device, modelKey: string, reports: readonly DeviceReport[]): Promise<void>;
  /** Throughput of all devices at once over that of the best alone; null where it was not measured. */
  gainOfBoth(modelKey: string): number | null;
  setGainOfBoth(modelKey: string, gain: number): Promise<void>;
  /** The device is to be checked again before it is used again, for every model. */
  forget(device: Device): Promise<void>;
}

/** A missing or damaged file is an empty memory. `circumstances` from `deviceCircumstances`. */
export async function openDeviceMemory(stateDirectory: string, circumstances: string, files: FileOps): Promise<DeviceMemory> {
  const path = join(stateDirectory, 'devices.json');
  const known = new Map<string, DeviceReport[]>();
  const remembered = await readMemory(path);
  const valid = remembered?.circumstances === circumstances ? remembered : null;
  for (const { device, model, reports } of valid?.checks ?? []) known.set(nameOf(device, model), reports);
  const gains = new Map(Object.entries(valid?.gains ?? {}));
  const save = async (): Promise<void> => {
    const checks = [...known].map(([name, reports]) => {
      const [device = 'cpu', model = ''] = name.split('\n');
      return { device: device as Device, model, reports };
    });
    const memory: Memory = { circumstances, checks, gains: Object.fromEntries(gains) };
    // A check that cannot be remembered is made again: that costs seconds, and no pixel.
    await files.writeText(path, JSON.stringify(memory)).catch(() => undefined);
  };
  return {
    get: (device, model) => known.get(nameOf(device, model)) ?? null,
    async set(device, model, reports) {
      known.set(nameOf(device, model), [...reports]);
      gains.delete(model);
      await save();
    },
    gainOfBoth: (model) => gains.get(model) ?? null,
    async setGainOfBoth(model, gain) {
      gains.set(model, gain);
      await save();
    },
    async forget(device) {
      gains.clear();
      for (const name of known.keys()) if (name.startsWith(`${device}\n`)) known.delete(name);
      await save();
    },
  };
}

function nameOf(device: Device, model: string): string {
  return `${device}\n${model}`;
}

type Memory = ReturnType<typeof deviceMemorySchema.parse>;

async function readMemory(path: string): Promise<Memory | null> {
  try {
    return deviceMemorySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    // Checks are made again.
    return null;
  }
}

/** Folders where drivers say that they are there; other systems change `release` with their drivers. */
const driverFolders = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'] as const;
const driverVariables = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'VK_LOADER_DRIVERS_SELECT', 'DRI_PRIME'] as const;

/**
 * One word for everything outside the program that can change what a device computes: the system, its drivers, onnxruntime, and what a host knows
 * besides (`hostFacts`, for example the driver's version that a desktop can ask for).
 */
export async function deviceCircumstances(runtimeVersion: string, hostFacts: readonly string[] = []): Promise<string> {
  const facts = [runtimeVersion, platform(), release(), arch(), ...hostFacts];
  for (const name of driverVariables) facts.push(`${name}=${process.env[name] ?? ''}`);
  if (platform() === 'linux') {
    facts.push(await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => ''));
    const named = [process.env['VK_ICD_FILENAMES'], process.env['VK_DRIVER_FILES']].flatMap((list) => (list ?? '').split(':'));
    for (const folder of new Set([...driverFolders, ...named.filter((file) => file !== '').map((file) => dirname(file))]))
      facts.push(...(await folderFacts(folder)));
  }
  return createHash('sha256').update(facts.join('\n')).digest('hex');
}

async function folderFacts(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return await Promise.all(
    names.sort().map(async (name) => {
      const facts = await stat(join(folder, name)).catch(() => null);
      return `${folder}/${name} ${facts?.size ?? 0} ${facts?.mtimeMs ?? 0}`;
    }),
  );
}
