/** What a host tells a new engine process in its environment, beside what it asks it later. Pure. */
import { z } from 'zod';

export interface EngineStart {
  /** Threads that a network may use; null: one for each that the processor has. */
  readonly threads: number | null;
  /** Below normal priority: a window that is used meanwhile stays quick. */
  readonly inBackground: boolean;
}

const names = { threads: 'ENLARGER_ENGINE_THREADS', inBackground: 'ENLARGER_ENGINE_BACKGROUND' } as const;
const threadsSchema = z.coerce.number().int().min(1).max(256);

/** The variables that say it. */
export function engineEnv({ threads, inBackground }: EngineStart): Readonly<Record<string, string>> {
  return { [names.threads]: threads === null ? '' : String(threads), [names.inBackground]: inBackground ? '1' : '' };
}

/** What they say; what is missing or makes no sense is as usual. */
export function readEngineEnv(env: Readonly<Record<string, string | undefined>>): EngineStart {
  const threads = threadsSchema.safeParse(env[names.threads]);
  return { threads: threads.success ? threads.data : null, inBackground: env[names.inBackground] === '1' };
}
