/**
 * Devices as work takes them: one photo at a time in each place. A second device is taken beside the best where both at once get more done, and a second
 * photo on a graphics processor where one leaves it idle for long.
 */
import type { Devices } from './devices.ts';
import { devicePlaces, type DevicePlace, type PlaceName } from './device-places.ts';
import type { Graphics } from './enhance-render.ts';
import { taskOf, type RenderTask } from './enhance-task.ts';
import { isWorthBoth } from './device-pair.ts';
import { noFileHere, onProcessor, speedKey, type DevicesFor, type NetworkDevice } from './job-model.ts';
import type { InstalledModel } from './model-store.ts';
import { isWorthSecond, rememberedPhotos, type MadeAlone } from './second-place.ts';
import { workMemoryBytes } from './work-memory.ts';

/** A place on a device that is one photo's until it is released. */
export interface DeviceTurn {
  readonly device: NetworkDevice;
  readonly place: DevicePlace;
  /** How long the photo took; what had company on its device is not counted. */
  readonly tell: (photo: MadeAlone) => void;
  readonly release: () => void;
}

export interface WorkDevices {
  readonly devicesFor: DevicesFor;
  /** Checks what is not known yet of a model. Rejects only when the signal aborts. */
  prepare(model: InstalledModel, signal: AbortSignal): Promise<void>;
  /**
   * The best device, or another place while that works and both at once pay; waits while there is none. A photo stays on the device that it got:
   * its pixels must not depend on who was free in between. `photosLeft`: photos that are not begun, this one among them. Rejects when the signal
   * aborts; throws `model-invalid` when nothing runs the model.
   */
  take(model: InstalledModel, photosLeft: () => number, signal: AbortSignal): Promise<DeviceTurn>;
  /** Whether there is a place for one more photo beside the `begun` ones, when so many are not begun. */
  mayBeginBeside(photosLeft: number, begun: number): boolean;
  /** Photos that may be worked on at once with any of these models, at most, by what is known now. */
  readonly mostAtOnce: (models: readonly InstalledModel[]) => number;
}

export interface WorkDevicesOptions {
  /** There is a second engine process for a second photo on a graphics processor. Default: there is none. */
  readonly hasSecond?: boolean;
  /** For both engine processes of a graphics processor. Default: half of what the machine has. */
  readonly memoryBytes?: number;
}

/** Two on a graphics processor, and the processor. */
export const mostPlaces = 3;

interface WantedPlace extends PlaceName {
  readonly on: NetworkDevice;
}

export function workDevices(
  devices: Pick<Devices, 'devicesFor' | 'prepare' | 'gainOfBoth'>,
  { hasSecond = false, memoryBytes = workMemoryBytes() }: WorkDevicesOptions = {},
): WorkDevices {
  const places = devicePlaces();
  /** By network file and device: the last photos that were alone there. */
  const made = new Map<string, MadeAlone[]>();
  /** Those that the next photo may want: as far as is known, that of the last one, before it what was prepared. */
  let likely: readonly InstalledModel[] = [];
  let isBegun = false;

  const payingDevices = (model: InstalledModel, photosLeft: number): readonly NetworkDevice[] => {
    const all = devices.devicesFor(model);
    return pays(devices.gainOfBoth(model), photosLeft) ? all : all.slice(0, 1);
  };
  const mayHaveSecond = ({ device }: NetworkDevice): boolean => hasSecond && device !== 'cpu' && places.second() !== 'closed';
  const photosOn = (device: NetworkDevice): readonly MadeAlone[] => made.get(speedKey(device)) ?? [];
  /** Starting a process and loading the network into it takes as long as one photo waits for the first place. */
  const hasSecondPlace = (device: NetworkDevice, photosLeft: number): boolean =>
    mayHaveSecond(device) && (photosLeft > 1 || places.second() === 'used') && isWorthSecond(photosOn(device), memoryBytes);
  const placesFor = (model: InstalledModel, photosLeft: number): readonly WantedPlace[] =>
    payingDevices(model, photosLeft).flatMap((on) => {
      const first = { on, device: on.device, isSecond: false };
      return hasSecondPlace(on, photosLeft) ? [first, { ...first, isSecond: true }] : [first];
    });
  const tell = (device: NetworkDevice, photo: MadeAlone): void => {
    const key = speedKey(device);
    const known = made.get(key);
    // The first one also waits until the network is loaded, which looks like work beside it.
    made.set(key, known === undefined ? [] : [...known, photo].slice(-rememberedPhotos));
  };
  return {
    devicesFor: devices.devicesFor,
    async prepare(model, signal) {
      await devices.prepare([model], signal);
      if (!isBegun) likely = [...likely, model];
    },
    async take(model, photosLeft, signal) {
      likely = [model];
      isBegun = true;
      const wanted = (): readonly WantedPlace[] => {
        const all = placesFor(model, photosLeft());
        if (all.length === 0) throw noFileHere(model.card.id);
        return all;
      };
      const { name, place } = await places.take(wanted, signal);
      return {
        device: name.on,
        place,
        tell(photo) {
          if (name.device !== 'cpu' && !place.hadCompany()) tell(name.on, photo);
        },
        release: () => place.leave(),
      };
    },
    mayBeginBeside: (photosLeft, begun) => likely.some((model) => placesFor(model, photosLeft).length > begun),
    mostAtOnce(models) {
      const most = [...new Map(models.map((model) => [model.card.id, model])).values()].map((model) => {
        const all = payingDevices(model, Infinity);
        const mayPay = (device: NetworkDevice): boolean =>
          mayHaveSecond(device) && (photosOn(device).length === 0 || isWorthSecond(photosOn(device), memoryBytes));
        return all.length + all.filter(mayPay).length;
      });
      return Math.max(1, ...most);
    },
  };
}

/** With a gain of a fifth the second device takes five times as long: fewer photos than that the first one has done sooner alone. */
function pays(gain: number | null, photosLeft: number): boolean {
  return isWorthBoth(gain) && photosLeft >= 1 / (gain - 1);
}

/** Work that has a device, until it is released. */
export interface TaskTurn extends Pick<DeviceTurn, 'tell' | 'release'> {
  readonly task: RenderTask;
  /** Null where no network is to run. */
  readonly place: DevicePlace | null;
}

/** The work on the device that it gets; at once where no network is to run: none does, or the result is `made`. As `WorkDevices.take` otherwise. */
export async function takeTurn(
  devices: WorkDevices,
  { task, made }: { readonly task: RenderTask; readonly made: RenderTask | null },
  photosLeft: () => number,
  signal: AbortSignal,
): Promise<TaskTurn> {
  const { model } = task;
  if (made !== null || model === null)
    return { task: made ?? task, place: null, tell: () => undefined, release: () => undefined };
  const { device, ...turn } = await devices.take(model, photosLeft, signal);
  return { task: taskOf(task, task.plan, { ...model, ...device }), ...turn };
}

/** Everything on the processor. */
export function processorAlone(): WorkDevices {
  return workDevices({ devicesFor: onProcessor, prepare: () => Promise.resolve(), gainOfBoth: () => null });
}

/** A graphics processor that is left as soon as it fails: `onOut` is told why, once, as a sentence for the user. */
export function guardedGraphics(
  {
    engine,
    second,
    devices,
  }: Pick<Graphics, 'engine' | 'second'> & { readonly devices: Pick<Devices, 'isTrusted' | 'distrust'> },
  onOut: (reason: string) => void,
): Graphics {
  let told = false;
  return {
    engine,
    second,
    isTrusted: () => devices.isTrusted('webgpu'),
    async distrust(reason) {
      await devices.distrust('webgpu', reason);
      if (!told) onOut(reason);
      told = true;
    },
  };
}
