/** What the user decided about the program, kept with the library: its calls, and who is told of a change. */
import type { Handlers } from '../api/contract.ts';
import type { Settings } from '../library/settings.ts';
import { preferencesSchema, usualPreferences, type Preferences } from '../photo/preferences.ts';

export interface PreferenceStore {
  get(): Preferences;
  readonly handlers: Handlers<'preferences'>;
}

const key = 'preferences';

/** `onChanged` is told what holds now, once it is on the disk, and what held before. */
export function openPreferences(settings: Settings, onChanged: (now: Preferences, before: Preferences) => void): PreferenceStore {
  const get = (): Preferences => settings.get(key, preferencesSchema) ?? usualPreferences;
  return {
    get,
    handlers: {
      get: () => Promise.resolve(get()),
      set(changes) {
        const before = get();
        const named = Object.entries(changes).filter(([, value]) => value !== undefined);
        const now = preferencesSchema.parse({ ...before, ...Object.fromEntries(named) });
        settings.set(key, preferencesSchema, now);
        onChanged(now, before);
        return Promise.resolve(now);
      },
    },
  };
}
