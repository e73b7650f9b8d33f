/** Notices when an engine that has work says nothing for too long. */

const checkEveryMs = 1000;
/** A tile may take this many times the usual before the engine counts as hung. */
const patience = 10;
const rememberedSteps = 32;

export interface SilenceWatch {
  /** Work was given; silence counts from the first piece on. */
  begin(): void;
  /** Anything was heard. */
  alive(): void;
  /** A step of the work (a tile) was reported. */
  step(): void;
  /** Nothing is left to wait for. */
  rest(): void;
  stop(): void;
}

/**
 * Calls `onSilence` once, when nothing was heard for max(`limitMs`, 10 × the median time of a step). Heartbeats
 * come between tiles only, so the limit must grow with the tiles of a slow machine.
 */
export function watchSilence(limitMs: number, onSilence: (silentMs: number) => void): SilenceWatch {
  let working = false;
  let heardMs = performance.now();
  let steppedMs: number | undefined;
  let tickedMs = performance.now();
  const stepsMs: number[] = [];

  const timer = setInterval(
    () => {
      const nowMs = performance.now();
      // A late tick means that this process, or the whole machine, slept: that time says nothing about the engine.
      if (nowMs - tickedMs > 5 * checkEveryMs) heardMs = nowMs;
      tickedMs = nowMs;
      const silentMs = nowMs - heardMs;
      if (!working || silentMs <= Math.max(limitMs, patience * median(stepsMs))) return;
      clearInterval(timer);
      onSilence(silentMs);
    },
    Math.min(checkEveryMs, limitMs / 4),
  );
  timer.unref();

  return {
    begin() {
      if (!working) heardMs = performance.now();
      working = true;
    },
    alive() {
      heardMs = performance.now();
    },
    step() {
      const nowMs = performance.now();
      if (steppedMs !== undefined) stepsMs.push(nowMs - steppedMs);
      if (stepsMs.length > rememberedSteps) stepsMs.shift();
      steppedMs = nowMs;
    },
    rest() {
      working = false;
      steppedMs = undefined;
    },
    stop() {
      clearInterval(timer);
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}
