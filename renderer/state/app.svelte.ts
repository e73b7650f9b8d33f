/** What all views share. One object, made once and handed down: no view reaches for a global. */
import { getContext, setContext } from 'svelte';
import { createClient, type Client } from '../../core/api/client.ts';
import { createEvents, type Events } from '../../core/api/events.ts';
import { events as eventSchemas } from '../../core/api/contract.ts';
import type { About } from '../../core/api/host-views.ts';
import type { Bridge, Reach } from '../host/bridge.ts';
import { failureText } from '../messages/failures.ts';
import { t } from '../messages/index.svelte.ts';
import { Adding } from './adding.svelte.ts';
import { Exporting } from './exporting.svelte.ts';
import { PhotoList } from './photo-list.svelte.ts';
import { Photos } from './photos.svelte.ts';
import { Places } from './places.svelte.ts';
import { PreferencesState } from './preferences.svelte.ts';
import { QueueState } from './queue.svelte.ts';
import { Router } from './router.svelte.ts';
import { Selection } from './selection.svelte.ts';
import { Shortcuts } from './shortcuts.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

export interface App {
  readonly client: Client;
  readonly events: Events;
  readonly bridge: Bridge;
  readonly about: About;
  readonly router: Router;
  readonly preferences: PreferencesState;
  readonly toasts: Toasts;
  readonly shortcuts: Shortcuts;
  readonly queue: QueueState;
  /** Summaries by number, loaded as they are wanted. */
  readonly photos: Photos;
  /** What the grid shows: query and outline. */
  readonly list: PhotoList;
  readonly selection: Selection;
  /** Albums, folders and how many photos are where. */
  readonly places: Places;
  /** Photos on their way into the library. */
  readonly adding: Adding;
  /** The export that goes on, or that is just over. */
  readonly exporting: Exporting;
  /** Whether the host answers. */
  readonly connection: Connection;
}

export class Connection {
  reach = $state<Reach>('there');

  get connected(): boolean {
    return this.reach === 'there';
  }
}

/** Asks the host for what the first picture needs. Rejects when it does not answer. */
export async function openApp(bridge: Bridge): Promise<App> {
  const client = createClient(bridge.send);
  const [about, preferences] = await Promise.all([client.host.about(), client.preferences.get()]);
  const events = createEvents();
  bridge.listen((event, value) => {
    const parsed = eventSchemas[event].safeParse(value);
    // News of another version is no news; calls still work, and say what is wrong.
    if (parsed.success) events.emit(event, parsed.data);
  });
  const router = new Router();
  const toasts = new Toasts();
  const photos = new Photos(client, events);
  const list = new PhotoList(client, events, router, toasts);
  const places = new Places(client, events, toasts);
  const connection = new Connection();
  const preferencesState = new PreferencesState(client, events, preferences, toasts);
  await preferencesState.ready;
  const queue = new QueueState(client, events, toasts);
  const exporting = new Exporting(client, events, toasts, router);
  events.subscribe('deviceOut', ({ failure }) => {
    const action = { label: t('settings.device.details'), run: () => router.go({ view: 'settings' }) };
    toasts.info(`${failureText(failure)} ${t('settings.device.out')}`, action);
  });
  bridge.onConnection((reach) => {
    const back = reach === 'there' && !connection.connected;
    connection.reach = reach;
    if (!back) return;
    photos.forget();
    list.reload();
    places.reload();
    queue.reload();
    void exporting.reload();
  });
  return {
    ...{ client, events, bridge, about, router, toasts, photos, list, places, connection, queue, exporting },
    preferences: preferencesState,
    shortcuts: new Shortcuts(),
    selection: new Selection(list),
    adding: new Adding(client, events, bridge, about, toasts),
  };
}

const key = Symbol('app');

export function provideApp(app: App): void {
  setContext(key, app);
}

/** The app of the tree that a component is in. To be called while it is initialised. */
export function useApp(): App {
  return getContext<App>(key);
}
