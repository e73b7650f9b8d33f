/** Devices as work takes them: one photo at a time on each, and a second device beside the best where both at once get more done. */
import type { Device } from '../photo/device.ts';
import type { Devices } from './devices.ts';
import type { Graphics } from './enhance-render.ts';
import { taskOf, type RenderTask } from './enhance-task.ts';
import { isWorthBoth } from './device-pair.ts';
import { noFileHere, onProcessor, type DevicesFor, type NetworkDevice } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';

/** A device that is one photo's until it is released. */
export interface DeviceTurn {
  readonly device: NetworkDevice;
  readonly release: () => void;
}

export interface WorkDevices {
  readonly devicesFor: DevicesFor;
  /** Checks what is not known yet of a model. Rejects only when the signal aborts. */
  prepare(model: InstalledModel, signal: AbortSignal): Promise<void>;
  /**
   * The best device, or another one while that works and both at once pay; waits while there is none. A photo stays on the device that it got:
   * its pixels must not depend on who was free in between. `photosLeft`: photos that are not begun, this one among them. Rejects when the signal
   * aborts; throws `model-invalid` when nothing runs the model.
   */
  take(model: InstalledModel, photosLeft: () => number, signal: AbortSignal): Promise<DeviceTurn>;
  /** Whether a second photo may be begun beside the first, when so many are not begun. */
  mayBeginBeside(photosLeft: number): boolean;
}

export function workDevices(devices: Pick<Devices, 'devicesFor' | 'prepare' | 'gainOfBoth'>): WorkDevices {
  const busy = new Set<Device>();
  const waiting = new Set<() => void>();
  /** Those that are worked with. */
  const models = new Set<InstalledModel>();

  const payingDevices = (model: InstalledModel, photosLeft: number): readonly NetworkDevice[] => {
    const all = devices.devicesFor(model);
    return pays(devices.gainOfBoth(model), photosLeft) ? all : all.slice(0, 1);
  };
  const release = (device: Device): void => {
    busy.delete(device);
    for (const look of waiting) look();
  };
  return {
    devicesFor: devices.devicesFor,
    async prepare(model, signal) {
      await devices.prepare([model], signal);
      models.add(model);
    },
    async take(model, photosLeft, signal) {
      for (;;) {
        signal.throwIfAborted();
        const candidates = payingDevices(model, photosLeft());
        if (candidates.length === 0) throw noFileHere(model.card.id);
        const free = candidates.find(({ device }) => !busy.has(device));
        if (free !== undefined) {
          busy.add(free.device);
          return { device: free, release: () => release(free.device) };
        }
        await news(waiting, signal);
      }
    },
    mayBeginBeside: (photosLeft) => [...models].some((model) => pays(devices.gainOfBoth(model), photosLeft)),
  };
}

/** With a gain of a fifth the second device takes five times as long: fewer photos than that the first one has done sooner alone. */
function pays(gain: number | null, photosLeft: number): boolean {
  return isWorthBoth(gain) && photosLeft >= 1 / (gain - 1);
}

/** Work that has a device, until it is released. */
export interface TaskTurn {
  readonly task: RenderTask;
  readonly release: () => void;
}

/** The work on the device that it gets; at once where no network is to run: none does, or the result is `made`. As `WorkDevices.take` otherwise. */
export async function takeTurn(
  devices: WorkDevices,
  { task, made }: { readonly task: RenderTask; readonly made: RenderTask | null },
  photosLeft: () => number,
  signal: AbortSignal,
): Promise<TaskTurn> {
  const { model } = task;
  if (made !== null || model === null) return { task: made ?? task, release: () => undefined };
  const { device, release } = await devices.take(model, photosLeft, signal);
  return { task: taskOf(task, task.plan, { ...model, ...device }), release };
}

/** Everything on the processor. */
export function processorAlone(): WorkDevices {
  return workDevices({ devicesFor: onProcessor, prepare: () => Promise.resolve(), gainOfBoth: () => null });
}

/** A graphics processor that is left as soon as it fails: `onOut` is told why, once, as a sentence for the user. */
export function guardedGraphics(
  { engine, devices }: Pick<Graphics, 'engine'> & { readonly devices: Pick<Devices, 'isTrusted' | 'distrust'> },
  onOut: (reason: string) => void,
): Graphics {
  let told = false;
  return {
    engine,
    isTrusted: () => devices.isTrusted('webgpu'),
    async distrust(reason) {
      await devices.distrust('webgpu', reason);
      if (!told) onOut(reason);
      told = true;
    },
  };
}

async function news(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = (): void => {
      waiting.delete(look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    waiting.add(look);
    signal.addEventListener('abort', look, { once: true });
  });
}
