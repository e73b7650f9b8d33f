/**
 * Engine processes, started before anybody asks them for something: that takes half a second, in which somebody would look at a blurred picture. What a
 * window asks its host for tells which will be wanted. A process that nobody wants in the end rests like any other.
 */
import type { Engine } from '../jobs/engine-client.ts';

export interface EarlyStarts {
  /** A window asked for this. */
  asked(noun: string, verb: string): void;
  /** Nothing is started any more. */
  close(): void;
}

type Startable = Pick<Engine, 'start'>;

export interface StartedEarly {
  /** Makes tiles for the screen. */
  readonly screen: Startable;
  /** Makes previews of what a recipe will do. */
  readonly preview: Startable;
}

/** The first photos of a window that opens have the processors to themselves. */
const afterFirstPhotosMs = 2000;
/** By then a window that opened a photo has said whether it is to be enhanced. */
const untilToldMs = 100;
/** What is made first of a photo that was opened, its tiles or its preview, has them, too. */
const afterFirstPartMs = 1500;

export function openEarlyStarts({ screen, preview }: StartedEarly): EarlyStarts {
  const timers = new Map<Startable, NodeJS.Timeout>();
  const startIn = (waitMs: number, engine: Startable): void => {
    clearTimeout(timers.get(engine));
    timers.set(engine, setTimeout(() => engine.start(), waitMs).unref());
  };
  let isOpened = false;
  let previewedUntilMs = 0;
  return {
    asked(noun, verb) {
      const nowMs = performance.now();
      switch (`${noun}.${verb}`) {
        // A window is opened, and one of its photos will be.
        case 'library.outline':
          if (!isOpened) startIn(afterFirstPhotosMs, screen);
          isOpened = true;
          return;
        case 'review.list':
          screen.start();
          return;
        // A photo is opened, and may be looked at with a view to enhancing it.
        case 'library.show':
          startIn(Math.max(untilToldMs, previewedUntilMs - nowMs), screen);
          if (previewedUntilMs < nowMs) startIn(afterFirstPartMs, preview);
          return;
        // A recipe is being chosen, and its preview is what is looked at.
        case 'queue.plan':
          preview.start();
          previewedUntilMs = nowMs + afterFirstPartMs;
          startIn(afterFirstPartMs, screen);
      }
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
