/** What the user decided, in this window and in every other one of the same library. */
import type { Client } from '../../core/api/client.ts';
import type { Params } from '../../core/api/contract.ts';
import type { Events } from '../../core/api/events.ts';
import type { Preferences } from '../../core/photo/preferences.ts';
import { setLanguage } from '../messages/index.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export class PreferencesState {
  /** As they are shown: with what the host has not confirmed yet. */
  current: Preferences;
  /** The language is there. */
  readonly ready: Promise<void>;
  readonly #client: Client;
  readonly #toasts: Toasts;
  /** What the host said last. */
  #confirmed: Preferences;
  #asked = 0;
  #waiting = 0;

  constructor(client: Client, events: Events, initial: Preferences, toasts: Toasts) {
    this.#client = client;
    this.#toasts = toasts;
    this.#confirmed = initial;
    this.current = $state.raw(initial);
    this.ready = this.#show(initial);
    events.subscribe('preferences', (value) => {
      this.#confirmed = value;
      // News of the change before would take back the one that is on its way.
      if (this.#waiting === 0) void this.#show(value);
    });
  }

  /** Shown at once, and taken back when the host refuses. */
  async set(changes: Params<'preferences', 'set'>): Promise<void> {
    const turn = (this.#asked += 1);
    this.#waiting += 1;
    const shown = this.#show({ ...this.current, ...(changes as Partial<Preferences>) });
    try {
      this.#confirmed = await this.#client.preferences.set($state.snapshot(changes));
    } catch (error) {
      this.#toasts.failed(error);
    }
    this.#waiting -= 1;
    await shown;
    if (turn === this.#asked) await this.#show(this.#confirmed);
  }

  async #show(preferences: Preferences): Promise<void> {
    this.current = preferences;
    const { theme, language } = preferences;
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
    try {
      await setLanguage(language);
    } catch (error) {
      this.#toasts.failed(error);
    }
  }
}
