/** Places on devices, for one photo each: every device has a first one, and a graphics processor may have a second, which is an engine process more. */
import type { Device } from '../photo/device.ts';

export interface PlaceName {
  readonly device: Device;
  readonly isSecond: boolean;
}

/** A place that is one photo's until it is left. */
export interface DevicePlace {
  /** Whether it is in the second engine process of its device. */
  isSecond(): boolean;
  /** Whether another photo was on its device meanwhile. */
  hadCompany(): boolean;
  /**
   * To be asked when something failed in it. Two processes share one device's memory and driver, so that what fails beside another photo tells nothing
   * of the device: then there is no second place any more, and this photo gets the first one as soon as it is alone there. False, at once, where it
   * was alone all along. Rejects when the signal aborts.
   */
  alone(signal: AbortSignal): Promise<boolean>;
  leave(): void;
}

export interface DevicePlaces {
  /** The first of these places that is free; waits while none is, and asks again after each change. Rejects when the signal aborts. */
  take<Name extends PlaceName>(
    wanted: () => readonly Name[],
    signal: AbortSignal,
  ): Promise<{ readonly name: Name; readonly place: DevicePlace }>;
  /** Closed is for good. */
  second(): 'unused' | 'used' | 'closed';
}

interface Holder {
  readonly device: Device;
  isSecond: boolean;
  hadCompany: boolean;
}

export function devicePlaces(): DevicePlaces {
  const holders = new Set<Holder>();
  const waiting = new Set<() => void>();
  let second: ReturnType<DevicePlaces['second']> = 'unused';

  const on = (device: Device): readonly Holder[] => [...holders].filter((holder) => holder.device === device);
  const remove = (holder: Holder): void => {
    holders.delete(holder);
    for (const look of waiting) look();
  };
  const sit = ({ device, isSecond }: PlaceName): DevicePlace => {
    const others = on(device);
    const holder: Holder = { device, isSecond, hadCompany: others.length > 0 };
    for (const other of others) other.hadCompany = true;
    holders.add(holder);
    if (isSecond) second = 'used';
    return {
      isSecond: () => holder.isSecond,
      hadCompany: () => holder.hadCompany,
      async alone(signal) {
        if (!holder.hadCompany) return false;
        second = 'closed';
        // Given up before it waits: both may have failed at once.
        if (holder.isSecond) remove(holder);
        while (on(device).some((other) => other !== holder)) await change(waiting, signal);
        signal.throwIfAborted();
        Object.assign(holder, { isSecond: false, hadCompany: false });
        holders.add(holder);
        return true;
      },
      leave: () => remove(holder),
    };
  };
  return {
    async take(wanted, signal) {
      for (;;) {
        signal.throwIfAborted();
        const name = wanted().find((one) => !on(one.device).some(({ isSecond }) => isSecond === one.isSecond));
        if (name !== undefined) return { name, place: sit(name) };
        await change(waiting, signal);
      }
    },
    second: () => second,
  };
}

/** Resolves when somebody leaves a place; rejects when the signal aborts. */
async function change(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    const look = (): void => {
      waiting.delete(look);
      signal.removeEventListener('abort', look);
      resolve();
    };
    waiting.add(look);
    signal.addEventListener('abort', look, { once: true });
  });
  signal.throwIfAborted();
}
