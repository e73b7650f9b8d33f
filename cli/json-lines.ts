/** `--json`: the run as one JSON object per line, exactly the members of `RunLine` with exactly their fields. */
import { runLineSchema, type RunEvent, type RunLine } from '../core/photo/run-events.ts';

/** At most four progress lines a second and photo, so that the closing 1 stays within five. */
const progressIntervalMs = 250;

/** Four decimals are more than any fraction or time here means. */
function shortNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value;
}

interface Reported {
  fraction: number;
  atMs: number;
}

/**
 * A listener for a run's events that writes its lines. Progress of a photo is thinned out, never falls, and
 * always ends with fraction 1 right before `done`. Events that are for people only are left out.
 *
 * @param write takes one complete line, newline included
 * @param now a clock in milliseconds
 */
export function createJsonLines(
  write: (line: string) => void,
  now: () => number = () => performance.now(),
): (event: RunEvent) => void {
  const reported = new Map<string, Reported>();
  const begun = new Set<string>();

  const put = (line: RunLine): void => {
    // Parsing drops whatever is not part of the contract and throws on what breaks it.
    write(`${JSON.stringify(runLineSchema.parse(line), shortNumbers)}\n`);
  };

  const putProgress = (input: string, fraction: number): void => {
    const last = reported.get(input);
    if (last !== undefined && (fraction <= last.fraction || (fraction < 1 && now() - last.atMs < progressIntervalMs))) return;
    reported.set(input, { fraction, atMs: now() });
    put({ type: 'progress', input, fraction });
  };

  return (event) => {
    switch (event.type) {
      case 'planned':
      case 'note':
      case 'overall':
        return;
      case 'progress':
        // 1 is kept for the moment before `done`: a photo at 1 that then fails would have lied.
        // Rounded down for the same reason.
        if (event.fraction < 1) putProgress(event.input, Math.floor(event.fraction * 1e4) / 1e4);
        return;
      case 'done':
        // What was never begun, such as a file made of a result, has no progress either.
        if (begun.delete(event.input)) putProgress(event.input, 1);
        break;
      case 'started':
        begun.add(event.input);
        break;
      case 'failed':
      case 'skipped':
      case 'summary':
        break;
    }
    put(event);
    if ('input' in event && event.type !== 'started') reported.delete(event.input);
  };
}
