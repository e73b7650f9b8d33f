/** Where the time of a render went, in parts of which no two count the same millisecond. */

export interface MeasuredTimes {
  /** All passes of the network, with what goes on between and beside their tiles. */
  readonly passesMs: number;
  /** The network alone, within the passes. */
  readonly inferMs: number;
  /** The last step where it is none of the network. */
  readonly lastStepMs: number;
  /** Writing the result, which happens within the passes or within the last step. */
  readonly storeMs: number;
  /** The last pass stores what it makes; otherwise the last step does. */
  readonly passesStore: boolean;
}

export interface StageTimes {
  readonly infer: number;
  readonly pack: number;
  readonly resize: number;
  readonly store: number;
}

/**
 * The parts add up to `passesMs` + `lastStepMs`. What is done while the network computes costs nothing more, so it counts as the network's;
 * storing is taken for the first thing that was not done beside it.
 */
export function stageTimes({ passesMs, inferMs, lastStepMs, storeMs, passesStore }: MeasuredTimes): StageTimes {
  const infer = Math.min(inferMs, passesMs);
  const besidesMs = passesMs - infer;
  const store = Math.min(storeMs, passesStore ? besidesMs : lastStepMs);
  return {
    infer,
    pack: besidesMs - (passesStore ? store : 0),
    resize: lastStepMs - (passesStore ? 0 : store),
    store,
  };
}
