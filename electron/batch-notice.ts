/** @file Main process: tells a user who is elsewhere that all photos are done. */
import { Notification } from 'electron';
import type { LiveHost } from '../core/host/live-host.ts';
import type { QueueRest } from '../core/host/queue-rest.ts';
import type { Language } from '../core/photo/preferences.ts';
import type { MainWindow } from './window.ts';
import { countText, wordsOf } from './words/words.ts';

/** Returns what ends it. */
export function announceBatches(host: Pick<LiveHost, 'onQueueIdle'>, window: MainWindow, language: () => Language): () => void {
  // The system forgets a notification that nothing holds, and its click then does nothing.
  let shown: Notification | null = null;
  return host.onQueueIdle((rest) => {
    if (rest.done + rest.failed === 0 || window.current?.isFocused() === true || !Notification.isSupported()) return;
    shown?.close();
    shown = new Notification({ title: wordsOf(language()).batch.title, body: restText(language(), rest) });
    shown.on('click', () => {
      window.show();
    });
    shown.show();
  });
}

function restText(language: Language, { done, failed }: QueueRest): string {
  const { batch } = wordsOf(language);
  return [
    ...(done > 0 ? [countText(language, batch.done, done)] : []),
    ...(failed > 0 ? [countText(language, batch.failed, failed)] : []),
  ].join(' ');
}
