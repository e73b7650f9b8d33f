import { beforeEach, describe, expect, test } from 'vitest';
import type { Parsed } from '../../../core/api/contract.ts';
import { createEvents } from '../../../core/api/events.ts';
import { createTestDouble } from '../../../core/api/test-double.ts';
import { EnlargerError } from '../../../core/photo/failure.ts';
import { preferencesSchema, usualPreferences, type Preferences } from '../../../core/photo/preferences.ts';
import { language, setLanguage } from '../../../renderer/messages/index.svelte.ts';
import { PreferencesState } from '../../../renderer/state/preferences.svelte.ts';
import { Toasts } from '../../../renderer/state/toasts.svelte.ts';

type Changes = Parsed<'preferences', 'set'>;
type Answer = (changes: Changes) => Preferences | Promise<Preferences>;

function opened(answer: Answer | EnlargerError, initial: Partial<Preferences> = {}) {
  const { client, calls } = createTestDouble({ preferences: { set: answer } });
  const events = createEvents({ check: true });
  const toasts = new Toasts();
  const preferences = new PreferencesState(client, events, { ...usualPreferences, language: 'en', ...initial }, toasts);
  return { preferences, events, toasts, calls };
}

/** What a host answers that takes the changes. */
function changed(changes: Changes): Preferences {
  return preferencesSchema.parse({ ...usualPreferences, language: 'en', ...changes });
}

const theme = (): string | undefined => document.documentElement.dataset['theme'];

beforeEach(() => setLanguage('en'));

describe('preferences', () => {
  test('are applied to the page from the beginning', async () => {
    const { preferences } = opened(() => usualPreferences, { theme: 'light', language: 'de' });
    await preferences.ready;
    expect(theme()).toBe('light');
    expect(language()).toBe('de');
  });

  test('leave the theme to the system where the user did', async () => {
    const { preferences } = opened(() => usualPreferences, { theme: 'system' });
    await preferences.ready;
    expect(theme()).toBeUndefined();
  });

  test('are shown at once, before the host has answered', async () => {
    const { preferences, calls } = opened((changes) => changed(changes));
    const asked = preferences.set({ theme: 'dark' });
    expect(preferences.current.theme).toBe('dark');
    expect(theme()).toBe('dark');
    await asked;
    expect(calls).toEqual([{ call: 'preferences.set', params: { theme: 'dark' } }]);
    expect(preferences.current.theme).toBe('dark');
  });

  test('are taken back when the host refuses, which is told', async () => {
    const { preferences, toasts } = opened(new EnlargerError('disk-full', 'There is no room.'), { theme: 'light' });
    await preferences.set({ theme: 'dark', language: 'ja' });
    expect(preferences.current.theme).toBe('light');
    expect(theme()).toBe('light');
    expect(language()).toBe('en');
    expect(toasts.shown.map(({ kind }) => kind)).toEqual(['error']);
  });

  test('are those of the last change, whatever is answered last', async () => {
    const answers: (() => void)[] = [];
    const { preferences } = opened((changes) => new Promise((resolve) => answers.push(() => resolve(changed(changes)))));
    const first = preferences.set({ rowHeight: 100 });
    const second = preferences.set({ rowHeight: 300 });
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.();
    await second;
    answers[0]?.();
    await first;
    expect(preferences.current.rowHeight).toBe(300);
  });

  test('follow other windows, but not while a change of this one is on its way', async () => {
    let answer = (): void => undefined;
    const { preferences, events } = opened((changes) => new Promise((resolve) => (answer = () => resolve(changed(changes)))));
    events.emit('preferences', { ...usualPreferences, language: 'en', theme: 'light' });
    expect(preferences.current.theme).toBe('light');
    const asked = preferences.set({ theme: 'dark' });
    events.emit('preferences', { ...usualPreferences, language: 'en', theme: 'light' });
    expect(preferences.current.theme).toBe('dark');
    await expect.poll(() => (answer(), preferences.current.theme)).toBe('dark');
    await asked;
    expect(theme()).toBe('dark');
  });
});
