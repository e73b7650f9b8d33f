/** The whole main process: its real library, a real engine, and Electron's place taken by a double. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createClient, type Client } from '../../core/api/client.ts';
import type { Outcome } from '../../core/photo/failure.ts';
import { channels, newsChannel } from '../../electron/channels.ts';
import {
  app,
  BrowserWindow,
  dialog,
  invoke,
  Menu,
  nativeTheme,
  Notification,
  protocol,
  session,
  type FakeSender,
} from './fake-electron.ts';

const home = vi.hoisted(() => ({ folder: '' }));
vi.mock('electron', async () => ({
  ...(await import('./fake-electron.ts')),
  utilityProcess: (await import('./fake/utility-process.ts')).nodeUtilityProcess,
}));
vi.mock('../../electron/program-places.ts', async (original) => ({
  ...(await original<object>()),
  programPlaces: () => ({
    page: join(root, 'renderer'),
    preload: '/app/preload.cjs',
    engineEntry: join(root, 'core/engine/main.ts'),
    models: join(root, 'models'),
    metadata: join(root, 'package.json'),
    icon: null,
    windowState: join(home.folder, 'window.json'),
  }),
}));

const root = fileURLToPath(new URL('../..', import.meta.url));
const photo = (): string => join(home.folder, 'a.jpg');
const page = (): FakeSender => {
  const { webContents } = BrowserWindow.made[0]!;
  return { sender: webContents, senderFrame: webContents.mainFrame };
};
const client: Client = createClient(
  async (noun, verb, params) => (await invoke(page(), channels.call, noun, verb, params)) as Outcome<unknown>,
);
const news = (event: string): unknown[] =>
  page()
    .sender.sent.filter(([channel, name]) => channel === newsChannel && name === event)
    .map(([, , value]) => value);
const get = async (path: string): Promise<Response> =>
  (await protocol.handlers.get('enlarger')?.(new Request(`enlarger://app${path}`))) ?? Response.error();

let photoId = 0;

beforeAll(async () => {
  home.folder = mkdtempSync(join(tmpdir(), 'enlarger-desktop-'));
  vi.stubEnv('ENLARGER_CACHE', join(home.folder, 'state'));
  vi.stubEnv('ENLARGER_LIBRARY', join(home.folder, 'library'));
  writeFileSync(
    photo(),
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#8fb4d8' } })
      .jpeg()
      .toBuffer(),
  );
  process.argv = ['/usr/bin/enlarger'];
  await import('../../electron/main.ts');
});
afterAll(() => rmSync(home.folder, { recursive: true, force: true }));

test('before the program is ready: sandbox, scheme, no network, one instance, and no window', () => {
  expect(app).toMatchObject({ isSandboxed: true, isReady: false, lockData: { paths: [] } });
  expect(protocol.schemes).toHaveLength(1);
  expect(app.switches.has('host-resolver-rules')).toBe(true);
  expect(app.paths.get('userData')).toBe(join('/fake/data', 'enlarger', 'desktop'));
  expect(BrowserWindow.made).toEqual([]);
});

describe('ready', () => {
  beforeAll(async () => {
    app.becomeReady();
    await vi.waitFor(() => {
      expect(BrowserWindow.made).toHaveLength(1);
    });
  });

  test('the page can ask at once, and gets its answers when the library is open', async () => {
    expect(await client.host.about()).toMatchObject({ kind: 'desktop', choosing: 'dialog', reveals: true });
    expect(dialog.errors).toEqual([]);
    expect(session.defaultSession.spellCheckerEnabled).toBe(false);
    expect(page().sender.windowOpenHandler?.({} as never)).toEqual({ action: 'deny' });
  });

  test('the page itself comes over the scheme', async () => {
    const answer = await get('/index.html');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<title>Enlarger</title>');
  });

  test('a dropped photo comes into the library, and its picture to the page', async () => {
    await invoke(page(), channels.listen);
    const granted = (await invoke(page(), channels.grantDropped, [photo()])) as { value: string[] };
    const { ids } = await client.library.add({ grants: granted.value });
    photoId = ids[0] ?? 0;
    await vi.waitFor(
      async () => {
        const answer = await get(`/media/thumbnail/${photoId}`);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('content-type')).toMatch(/^image\//);
        expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
      },
      { timeout: 30_000, interval: 100 },
    );
    expect(news('library').length).toBeGreaterThan(0);
    expect(app.recentDocuments).toEqual([photo()]);
  });

  test('an original is shown by its number', async () => {
    const info = (await (await get(`/media/original/${photoId}/info`)).json()) as { width: number };
    expect(info.width).toBe(300);
    expect((await get(`/media/original/${photoId + 1}/info`)).status).toBe(404);
  });

  test('a second start brings its files to the page and the window to the front', async () => {
    BrowserWindow.made[0]!.emit('ready-to-show');
    BrowserWindow.made[0]!.focused = false;
    app.emit('second-instance', {}, [], '/', { paths: [photo()] });
    await vi.waitFor(() => {
      expect(news('opened')).toMatchObject([{ places: [{ name: 'a.jpg', path: photo() }] }]);
    });
    expect(BrowserWindow.made[0]!.focused).toBe(true);
  });

  test('files that are chosen in the menu go the same way', async () => {
    dialog.answers.open = [home.folder];
    const file = Menu.application?.template.find(({ label }) => label === 'File');
    const [, addFolder] = file?.submenu as { click?: () => void }[];
    addFolder?.click?.();
    await vi.waitFor(() => {
      expect(news('opened')).toHaveLength(2);
    });
  });

  test('theme and language follow the preferences, also outside the page', async () => {
    await client.preferences.set({ theme: 'light', language: 'de' });
    expect(nativeTheme.themeSource).toBe('light');
    expect(Menu.application?.template.map(({ label }) => label)).toContain('Bearbeiten');
  });

  test('a photo is enlarged by the engine, and the end is told to who is elsewhere', async () => {
    BrowserWindow.made[0]!.focused = false;
    const recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' } as const;
    await client.queue.add({ choice: { ids: [photoId] }, recipe });
    await vi.waitFor(
      () => {
        expect(Notification.shown.map(({ options }) => options.title)).toEqual(['Enlarger ist fertig']);
      },
      { timeout: 50_000, interval: 100 },
    );
    const shown = BrowserWindow.made[0]!.progress;
    expect(shown.some(([fraction]) => fraction >= 0)).toBe(true);
    expect(shown.at(-1)?.[0]).toBe(-1);
  });

  test('at the end the library is closed before the program ends, and the window is remembered', async () => {
    app.quit();
    expect(app.hasQuit).toBe(false);
    await vi.waitFor(
      () => {
        expect(app.hasQuit).toBe(true);
      },
      { timeout: 15_000 },
    );
    expect(JSON.parse(readFileSync(join(home.folder, 'window.json'), 'utf8'))).toMatchObject({ theme: 'light' });
    const { openCatalog } = await import('../../core/library/catalog.ts');
    openCatalog({ path: join(home.folder, 'library', 'catalog.db') }).close();
  });
});
