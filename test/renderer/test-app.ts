/** A whole window without a program behind it. */
import { createEvents, type Events } from '../../core/api/events.ts';
import { createTestDouble, type Overrides, type TestDouble } from '../../core/api/test-double.ts';
import { toFailure } from '../../core/photo/failure.ts';
import { usualPreferences } from '../../core/photo/preferences.ts';
import type { Bridge } from '../../renderer/host/bridge.ts';
import { openApp, type App } from '../../renderer/state/app.svelte.ts';

export interface TestApp {
  readonly app: App;
  readonly calls: TestDouble['calls'];
  /** What the host tells. */
  readonly events: Events;
}

export interface TestAppOptions {
  readonly overrides?: Overrides;
  readonly bridge?: Partial<Bridge>;
  /** View to begin with. Default: the library. */
  readonly hash?: string;
}

/** A picture that a browser shows: one grey pixel. */
const pixel = 'data:image/gif;base64,R0lGODlhAQABAIAAAICAgAAAACwAAAAAAQABAAACAkQBADs=';

/** The app that `openApp` makes of a test double of the contract. */
export async function openTestApp({ overrides = {}, bridge = {}, hash = '#/library' }: TestAppOptions = {}): Promise<TestApp> {
  history.replaceState(null, '', hash);
  const double = createTestDouble({ ...overrides, preferences: { get: usualPreferences, ...overrides.preferences } });
  const events = createEvents({ check: true });
  const nouns = double.client as unknown as Record<string, Record<string, (params: unknown) => Promise<unknown>>>;
  const app = await openApp({
    async send(noun, verb, params) {
      try {
        const value = await nouns[noun]?.[verb]?.(params);
        return { ok: true, value };
      } catch (error) {
        return { ok: false, failure: toFailure(error) };
      }
    },
    listen(listener) {
      const names = ['queue', 'job', 'library', 'scan', 'preferences', 'opened', 'deviceOut'] as const;
      const ends = names.map((name) => events.subscribe(name, (value) => listener(name, value)));
      return () => {
        for (const end of ends) end();
      };
    },
    onConnection: (listener) => (listener('there'), () => undefined),
    mediaUrl: (path) => `${pixel}#${path}`,
    grantDropped: () => Promise.resolve(null),
    ...bridge,
  });
  return { app, calls: double.calls, events };
}
