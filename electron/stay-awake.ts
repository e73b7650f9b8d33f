/** @file Main process: the computer does not fall asleep while photos are worked on. The screen may. */
import { powerSaveBlocker } from 'electron';
import type { Events } from '../core/api/events.ts';

/** Returns what ends it, and lets the computer sleep again. */
export function stayAwakeWhileWorking(events: Events): () => void {
  let blocker: number | null = null;
  const release = (): void => {
    if (blocker !== null) powerSaveBlocker.stop(blocker);
    blocker = null;
  };
  const unsubscribe = events.subscribe('queue', ({ running }) => {
    if (running.length === 0) release();
    else blocker ??= powerSaveBlocker.start('prevent-app-suspension');
  });
  return () => {
    unsubscribe();
    release();
  };
}
