/** @file Main process: how far the queue is, on the program's picture in the taskbar or dock. */
import type { BrowserWindow } from 'electron';
import type { Events } from '../core/api/events.ts';

/** Takes the bar away. */
const noBar = -1;

/** Of what the user asked for; looking at new photos shows nothing. Returns what ends it. */
export function showTaskbarProgress(events: Events, window: () => BrowserWindow | null): () => void {
  const unsubscribe = events.subscribe('queue', ({ paused, whole }) => {
    if (whole.settled < whole.jobs) window()?.setProgressBar(whole.fraction, { mode: paused ? 'paused' : 'normal' });
    else window()?.setProgressBar(noBar);
  });
  return () => {
    unsubscribe();
    window()?.setProgressBar(noBar);
  };
}
