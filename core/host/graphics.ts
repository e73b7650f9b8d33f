/** What computes networks besides the processor: engine processes of its own, and what is known of it. */
import { existsSync, readdirSync } from 'node:fs';
import type { FileOps } from '../disk/file-ops.ts';
import { deviceCircumstances, openDeviceMemory } from '../jobs/device-memory.ts';
import { openDevices, type DeviceChoice, type Devices } from '../jobs/devices.ts';
import type { Engine } from '../jobs/engine-client.ts';
import type { Device } from '../photo/device.ts';

export interface GraphicsOptions {
  readonly choice: () => DeviceChoice;
  readonly stateDirectory: string;
  /** Of this command or window, for the processor's part of a check. */
  readonly processor: Engine;
  /** A process of its own, which starts with its first call. The caller closes all of them. */
  readonly engine: Engine;
  /** Another one for a second photo at a time, which starts when that pays. */
  readonly second: Engine;
  /** Of onnxruntime, or of what pins it: another one may compute otherwise. */
  readonly runtimeVersion: string;
  readonly files: FileOps;
}

export interface OpenGraphics {
  readonly engine: Engine;
  readonly second: Engine;
  readonly engineOf: (device: Device) => Engine;
  readonly devices: Devices;
}

export async function openGraphics(options: GraphicsOptions): Promise<OpenGraphics> {
  const { choice, stateDirectory, processor, engine, second, runtimeVersion, files } = options;
  const memory = await openDeviceMemory(stateDirectory, await deviceCircumstances(runtimeVersion), files);
  const engineOf = (device: Device): Engine => (device === 'cpu' ? processor : engine);
  const devices = openDevices({ choice, memory, engineOf, mayHaveGraphics });
  return { engine, second, engineOf, devices };
}

/** What the kernel of Linux shows of a graphics processor, also inside containers and Windows' own Linux. */
const deviceFiles = ['/dev/dri', '/dev/dxg', '/dev/nvidia0', '/dev/nvidiactl', '/dev/kfd'] as const;

/**
 * False where asking a driver would only cost time: a Linux without a device, on which nobody has named a driver either. Other systems always have
 * one. Where somebody asks for it by name, it is asked all the same.
 */
export function mayHaveGraphics(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): boolean {
  if (platform !== 'linux') return true;
  if ([env['VK_ICD_FILENAMES'], env['VK_DRIVER_FILES']].some((named) => named !== undefined && named !== '')) return true;
  return deviceFiles.some((path) => existsSync(path) && (path !== '/dev/dri' || readdirSync(path).length > 0));
}
