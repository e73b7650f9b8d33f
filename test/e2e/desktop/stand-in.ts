/**
 * The desktop program with everything of its own, where Electron's is not to be had: the real main process over a double of Electron, the real preload
 * script and the real page in a Chromium. What is missing is the sandbox between them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { createClient } from '../../../core/api/client.ts';
import type { Outcome } from '../../../core/photo/failure.ts';
import { app, BrowserWindow, dialog, invoke, protocol } from '../../electron/fake-electron.ts';
import { openSession } from '../browser.ts';
import type { Stage } from '../journeys/stage.ts';
import { idleOf } from '../server.ts';
import { wordsOf } from '../words.ts';

/** A secure origin without a server: every request to it is answered by the program's own handler. */
const origin = 'https://enlarger.test';

export interface DesktopStage extends Stage {
  /** Errors, warnings and breaches of the policy of the page. Each is a fault. */
  troubles(): readonly string[];
  /** Drops files of these names on the page; those in `places` lie on the disk. */
  dropFiles(names: readonly string[], places: Readonly<Record<string, string>>): Promise<void>;
  /** Ends the program as its user does. */
  quit(): Promise<void>;
}

/** The main process runs, and its page is opened. `preload` is the bundled script, `home` the folder in which dialogs choose. */
export async function openStandIn(preload: string, home: string): Promise<DesktopStage> {
  const { webContents } = BrowserWindow.made[0] ?? {};
  if (webContents === undefined) throw new Error('The program has no window.');
  const ask = (channel: string, args: unknown[]): Promise<unknown> =>
    invoke({ sender: webContents, senderFrame: webContents.mainFrame }, channel, ...args);

  const { context, close } = await openSession({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.exposeFunction('standInInvoke', ask);
  await page.addInitScript({ content: `{${standInRequire}\n${await readFile(preload, 'utf8')}}` });
  await page.route(`${origin}/**`, async (route) => {
    const asked = new URL(route.request().url());
    const request = new Request(`enlarger://app${asked.pathname}${asked.search}`);
    const answer = (await protocol.handlers.get('enlarger')?.(request)) ?? Response.error();
    await route.fulfill({
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()),
    });
  });
  webContents.onSent = (channel, args) => void tell(page, channel, args);
  await page.goto(`${origin}/index.html`);
  BrowserWindow.made[0]?.emit('ready-to-show');

  const client = createClient(
    async (noun, verb, params) => (await ask('enlarger:call', [noun, verb, params])) as Outcome<unknown>,
  );
  const choice = answerDialogs();
  return {
    ...{ page, client, t: wordsOf('en') },
    troubles: () => troubles,
    chooseFolder: (name) => choice.take(join(home, name)),
    takeFolder: () => Promise.resolve(),
    async idle() {
      await idleOf(client);
      await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    },
    async dropFiles(names, places) {
      await page.evaluate(
        ([dropped, lying]) => {
          Object.assign(globalThis, { standInPlaces: lying });
          const dataTransfer = new DataTransfer();
          for (const name of dropped) dataTransfer.items.add(new File(['x'], name));
          for (const type of ['dragover', 'drop'] as const)
            document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
        },
        [names, places] as const,
      );
    },
    async quit() {
      webContents.onSent = null;
      await close();
      app.quit();
      while (!app.hasQuit) await new Promise((resolve) => setTimeout(resolve, 20));
    },
  };
}

/** Electron as a preload script sees it, made of what the page has. */
const standInRequire = `
const listeners = new Map();
globalThis.standInTell = (channel, args) => { for (const listener of listeners.get(channel) ?? []) listener({}, ...args); };
const require = () => ({
  contextBridge: { exposeInMainWorld: (name, api) => { globalThis[name] = api; } },
  ipcRenderer: {
    invoke: (channel, ...args) => globalThis.standInInvoke(channel, args),
    on: (channel, listener) => { listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener)); },
    off: (channel, listener) => { listeners.get(channel)?.delete(listener); },
  },
  webUtils: { getPathForFile: (file) => globalThis.standInPlaces?.[file.name] ?? '' },
});`;

async function tell(page: Page, channel: string, args: readonly unknown[]): Promise<void> {
  if (page.isClosed()) return;
  await page
    .evaluate(
      ([told, values]) => {
        const { standInTell } = globalThis as unknown as { standInTell: (channel: string, args: readonly unknown[]) => void };
        standInTell(told, values);
      },
      [channel, args] as const,
    )
    // The page may be closed while it is told.
    .catch(() => undefined);
}

/** Dialogs stay open until the story chooses. */
function answerDialogs(): { take: (path: string) => Promise<void> } {
  let choose: (paths: string[]) => void = () => undefined;
  let seen = dialog.opened.length;
  const wait = (): void => {
    dialog.answers.open = new Promise((resolve) => {
      choose = resolve;
    });
  };
  wait();
  return {
    async take(path) {
      while (dialog.opened.length === seen) await new Promise((resolve) => setTimeout(resolve, 20));
      seen = dialog.opened.length;
      choose([path]);
      wait();
    },
  };
}
