/**
 * The engine process for tiles, started before anybody asks it for one: that takes half a second, in which somebody would look at a blurred picture. What
 * a window asks its host for tells when it will be wanted. A process that nobody wants in the end rests like any other.
 */
import type { Engine } from '../jobs/engine-client.ts';

export interface EarlyStarts {
  /** A window asked for this. */
  asked(noun: string, verb: string): void;
  /** Nothing is started any more. */
  close(): void;
}

/** The first photos of a window that opens have the processors to themselves. */
const afterFirstPhotosMs = 2000;

export function openEarlyStarts(screen: Pick<Engine, 'start'>): EarlyStarts {
  let timer: NodeJS.Timeout | undefined;
  return {
    asked(noun, verb) {
      switch (`${noun}.${verb}`) {
        // A window is opened, and one of its photos will be.
        case 'library.outline':
          timer ??= setTimeout(() => screen.start(), afterFirstPhotosMs).unref();
          return;
        // A photo is opened, or the review.
        case 'library.show':
        case 'review.list':
          screen.start();
      }
    },
    close: () => clearTimeout(timer),
  };
}
