/** Ctrl-C and its relatives: the first asks the work to stop, the second ends the process. */

/** The part of `process` that is used, so that tests need not send signals to themselves. */
export interface SignalSource {
  on(name: NodeJS.Signals, listener: () => void): unknown;
  off(name: NodeJS.Signals, listener: () => void): unknown;
}

export interface Interrupts {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** Stops listening, so that a later signal has its default effect. */
  dispose(): void;
}

// SIGHUP is a closed terminal or console window; SIGBREAK is Ctrl-Break on Windows.
const signals: NodeJS.Signals[] = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  ...(process.platform === 'win32' ? (['SIGBREAK'] as const) : []),
];

// A terminal sends Ctrl-C to the whole group and npm sends it on to its child once more: one key press
// arrives twice within milliseconds and must not count as two.
const echoMs = 500;

/**
 * @param onSecond called at a second signal, for ending at once
 * @param now a clock in milliseconds
 */
export function listenForInterrupts(
  source: SignalSource,
  onSecond: () => void,
  now: () => number = () => performance.now(),
): Interrupts {
  const controller = new AbortController();
  let firstAtMs: number | null = null;
  const listener = (): void => {
    if (firstAtMs === null) {
      firstAtMs = now();
      controller.abort();
    } else if (now() - firstAtMs >= echoMs) {
      onSecond();
    }
  };
  for (const name of signals) source.on(name, listener);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) source.off(name, listener);
    },
  };
}
