import { events, type EventName } from '../../core/api/contract.ts';
import type { Bridge } from './bridge.ts';
import type { DesktopApi } from './desktop-api.ts';

/** Over the preload script's channel, which lives as long as the window. */
export function desktopBridge(api: DesktopApi): Bridge {
  return {
    // As JSON, which is all that a local server gets too: the bridge cannot copy the proxies that a component's state is made of.
    send: (noun, verb, params) => api.send(noun, verb, JSON.parse(JSON.stringify(params ?? {})) as unknown),
    listen: (listener) =>
      api.listen((event, value) => {
        if (isEventName(event)) listener(event, value);
      }),
    onConnection(listener) {
      listener('there');
      return () => undefined;
    },
    mediaUrl: (path) => `/media/${path}`,
    grantDropped: (files) => api.grantDropped(files),
  };
}

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(events, name);
}
