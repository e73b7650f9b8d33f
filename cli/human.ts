/** A run told to a person on stderr: a steady line on a terminal, plain lines anywhere else. */
import { dirname } from 'node:path';
import type { RunEvent } from '../core/photo/run-events.ts';
import {
  ansiPaint,
  doneLine,
  failedAgainLine,
  failedLine,
  noPaint,
  noteLine,
  planLines,
  progressLine,
  skippedLine,
  skippedManyLine,
  summaryLines,
  type Paint,
} from './human-text.ts';
import { truncateMiddle } from './text.ts';

/** Where the text goes. */
export interface Screen {
  write(text: string): void;
  /** True when a line can be redrawn in place. */
  readonly redraws: boolean;
  readonly colours: boolean;
  /** Width in characters, asked anew for each line since windows are resized. */
  columns(): number;
}

const redrawIntervalMs = 100;
const plainIntervalMs = 10_000;
const eraseLine = '\r\u001b[K';

export interface HumanReporter {
  readonly onEvent: (event: RunEvent) => void;
  /** Prints a line of its own, above the steady line. */
  readonly say: (line: string) => void;
  /** What is going on before there are figures. */
  readonly wait: (text: string) => void;
  /** Takes the steady line away. */
  readonly close: () => void;
}

/**
 * @param isInterrupted asked when the run ends: a stopped run is told differently
 * @param now a clock in milliseconds
 */
export function createHumanReporter(
  screen: Screen,
  isInterrupted: () => boolean,
  now: () => number = () => performance.now(),
): HumanReporter {
  const paint: Paint = screen.colours ? ansiPaint : noPaint;
  const outputFolders = new Set<string>();
  const saidNotes = new Set<string>();
  let overall: Extract<RunEvent, { type: 'overall' }> | null = null;
  let current: string | null = null;
  let waiting: string | null = null;
  const skips = new Map<string, Extract<RunEvent, { type: 'skipped' }>[]>();
  let lastFailure: string | null = null;
  let shown = '';
  let shownAtMs = -Infinity;
  let plainAtMs = now();

  const erase = (): void => {
    if (shown !== '') screen.write(eraseLine);
    shown = '';
  };

  const say = (line: string): void => {
    // One write for erasing, the line and the redrawn progress, or the terminal flickers.
    screen.write(shown === '' ? `${line}\n` : `${eraseLine}${line}\n${shown}`);
    lastFailure = null;
    plainAtMs = now();
  };

  const redraw = (): void => {
    const columns = Math.max(20, screen.columns() - 1);
    const line = overall === null ? truncateMiddle(waiting ?? '', columns) : progressLine(overall, current, columns);
    if (screen.redraws) {
      if (shown !== '' && now() - shownAtMs < redrawIntervalMs) return;
      shownAtMs = now();
      if (line === shown) return;
      screen.write(`\r${line}\u001b[K`);
      shown = line;
    } else if (line !== '' && now() - plainAtMs >= plainIntervalMs) {
      say(line);
    }
  };

  /** Files that were done before are often hundreds: a terminal gets their number. */
  const saySkips = (): void => {
    for (const [gist, events] of skips) {
      if (events.length <= 3) for (const event of events) say(skippedLine(event, paint));
      else say(skippedManyLine(events.length, gist, paint));
    }
    skips.clear();
  };

  const wait = (text: string): void => {
    waiting = text;
    redraw();
  };

  const onEvent = (event: RunEvent): void => {
    switch (event.type) {
      case 'planned':
        saySkips();
        for (const line of planLines(event)) say(line);
        return;
      case 'overall':
        overall = event;
        redraw();
        return;
      case 'started':
        current = event.input;
        redraw();
        return;
      case 'progress':
        return;
      case 'note': {
        const line = noteLine(event, paint);
        if (!saidNotes.has(line)) say(line);
        saidNotes.add(line);
        return;
      }
      case 'done':
        if (event.output !== '') outputFolders.add(dirname(event.output));
        // A terminal shows the steady line instead: one that scrolls by for each of 500 photos hides the failures.
        if (!screen.redraws) say(doneLine(event, paint));
        return;
      case 'skipped':
        if (!screen.redraws) say(skippedLine(event, paint));
        else {
          const gist = event.gist ?? event.reason;
          if (skips.get(gist)?.push(event) === undefined) skips.set(gist, [event]);
        }
        return;
      case 'failed':
        // A stop is the user's own doing, not a photo's failure.
        if (event.code === 'cancelled') return;
        // A full disk fails hundreds: on a terminal, where they stand below each other, its sentence is said once.
        say(screen.redraws && event.message === lastFailure ? failedAgainLine(event, paint) : failedLine(event, paint));
        lastFailure = event.message;
        return;
      case 'summary':
        erase();
        overall = null;
        waiting = null;
        saySkips();
        for (const line of summaryLines(event, [...outputFolders], isInterrupted())) say(line);
        return;
    }
  };

  return { onEvent, say, wait, close: erase };
}
