/** The engine processes of a library: one for each kind of work that must not wait for another. Each starts with its first call. */
import type { Engine } from '../jobs/engine-client.ts';
import { EnlargerError } from '../photo/failure.ts';

/** Variables that each new process of an engine gets on top of the host's own; asked at every start. */
export type EngineEnv = () => Readonly<Record<string, string>>;

export interface Engines {
  /** Runs networks and encodes, one photo at a time. */
  readonly network: Engine;
  /** Runs networks on a device other than the processor, whose driver may take the process with it. */
  readonly graphics: Engine;
  /** Tiles and thumbnails for the screen, which must not wait for a photo that is in a network. */
  readonly screen: Engine;
  /** Looks at new photos, which may be a hundred thousand: tiles must not wait for those either. */
  readonly look: Engine;
  /** Enlarges what is on the screen before the photo's turn comes. */
  readonly preview: Engine;
  /** Reads originals for a comparison, which takes seconds: the tiles of their results must not wait for that. */
  readonly originals: Engine;
  /** Runs networks on the same device as `graphics`, for a second photo at a time. */
  readonly secondGraphics: Engine;
  /** Has all of them start anew, each when it has nothing to do. */
  renew(): void;
  close(): Promise<void>;
}

export interface EnginesOptions {
  /** `inBackground`: nobody sits in front of it and waits. */
  readonly open: (inBackground: boolean) => Promise<Engine>;
  /** A process that nobody asked anything for so long ends, to give back its memory. Null: none ever does. */
  readonly restAfterMs: number | null;
}

export async function openEngines({ open, restAfterMs }: EnginesOptions): Promise<Engines> {
  const make = async (inBackground: boolean): Promise<Engine> => {
    const engine = await open(inBackground);
    return restAfterMs === null ? engine : resting(engine, restAfterMs);
  };
  const engines = {
    network: await make(true),
    graphics: await make(true),
    screen: askingTwice(await make(false)),
    look: await make(true),
    preview: askingTwice(await make(false)),
    originals: askingTwice(await make(false)),
    secondGraphics: await make(true),
  };
  const all = Object.values(engines);
  return {
    ...engines,
    renew() {
      for (const engine of all) engine.renew();
    },
    async close() {
      await Promise.all(all.map((engine) => engine.close()));
    },
  };
}

/**
 * An engine that is asked once more when its process died meanwhile. Whoever scrolls on takes back what was asked for the screen before; a process that
 * does not let go of that in time is ended, and what else waited in it did nothing wrong. Work that is counted elsewhere is not asked for twice here.
 */
export function askingTwice(engine: Engine): Engine {
  return {
    ...engine,
    async call(method, params, options) {
      try {
        return await engine.call(method, params, options);
      } catch (error) {
        const isDeath = error instanceof EnlargerError && error.code === 'device-failed' && error.retry;
        if (!isDeath || options?.signal?.aborted === true) throw error;
        return await engine.call(method, params, options);
      }
    },
  };
}

/** An engine whose process ends when it was not asked anything for a while; the next call starts another. */
export function resting(engine: Engine, restAfterMs: number): Engine {
  let timer: NodeJS.Timeout | undefined;
  let calls = 0;
  const wait = (): void => {
    clearTimeout(timer);
    if (calls === 0) timer = setTimeout(() => engine.renew(), restAfterMs).unref();
  };
  return {
    async call(...request) {
      calls += 1;
      clearTimeout(timer);
      try {
        return await engine.call(...request);
      } finally {
        calls -= 1;
        wait();
      }
    },
    start() {
      engine.start();
      wait();
    },
    renew: () => engine.renew(),
    close() {
      clearTimeout(timer);
      return engine.close();
    },
  };
}
