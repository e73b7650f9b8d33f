/** @file Main process: what happens in the program, told to the page. */
import type { WebContents } from 'electron';
import { events as eventSchemas, type EventName } from '../core/api/contract.ts';
import type { Events } from '../core/api/events.ts';
import { newsChannel } from './channels.ts';

export interface News {
  /** Tells a page everything from now on, the state of now first. One that asks again, after a reload, begins anew and hears nothing twice. */
  tell(page: WebContents, events: Events): void;
}

export function createNews(): News {
  const endings = new WeakMap<WebContents, () => void>();
  return {
    tell(page, events) {
      endings.get(page)?.();
      const ends = (Object.keys(eventSchemas) as EventName[]).map((name) =>
        events.subscribe(name, (value) => {
          if (!page.isDestroyed()) page.send(newsChannel, name, value);
        }),
      );
      const end = (): void => {
        page.off('destroyed', end);
        page.off('render-process-gone', end);
        for (const endOne of ends) endOne();
      };
      endings.set(page, end);
      page.once('destroyed', end);
      page.once('render-process-gone', end);
    },
  };
}
