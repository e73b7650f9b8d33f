/** What a real browser lets other pages do to the window: nothing, even if they knew its address. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoBrowser } from './browser.ts';
import { openWindow, type TestWindow } from './window.ts';

describe.skipIf(whyNoBrowser() !== null)('the window in a browser', () => {
  let window: TestWindow;
  let url: string;
  beforeAll(async () => {
    window = await openWindow();
    ({ url } = window.server);
  });
  afterAll(() => window.close());

  it('runs under its policy with nothing to complain of, and hears the news', async () => {
    const { page } = window;
    const first = await page.evaluate(
      (address) =>
        new Promise<string>((resolve, reject) => {
          const socket = new WebSocket(address);
          socket.onmessage = ({ data }) => resolve(String(data));
          socket.onerror = () => reject(new Error('refused'));
        }),
      `${url.replace('http', 'ws')}events`,
    );
    expect(JSON.parse(first)).toHaveProperty('event');
    expect(window.troubles()).toEqual([]);
  });

  it('is in the theme of its user before any of its scripts has run', async () => {
    const before = await window.client.preferences.get();
    const context = await window.page.context().browser()!.newContext({ javaScriptEnabled: false, colorScheme: 'dark' });
    try {
      const page = await context.newPage();
      const background = async (): Promise<string> => {
        await page.goto(url);
        return await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
      };
      const dark = await background();
      await window.client.preferences.set({ theme: 'light' });
      expect(await background()).not.toBe(dark);
    } finally {
      await context.close();
      await window.client.preferences.set({ theme: before.theme });
    }
  });

  it('is the same window in a second tab: what one changes, the other hears', async () => {
    const other = await openWindow({ server: window.server });
    try {
      const heard = other.page.evaluate(
        (address) =>
          new Promise<unknown>((resolve) => {
            new WebSocket(address).onmessage = ({ data }) => {
              const news = JSON.parse(String(data)) as { event: string; value: { theme: string } };
              if (news.event === 'preferences' && news.value.theme === 'light') resolve(news.value.theme);
            };
          }),
        `${url.replace('http', 'ws')}events`,
      );
      await window.client.preferences.set({ theme: 'light' });
      expect(await heard).toBe('light');
      expect(other.troubles()).toEqual([]);
    } finally {
      await other.close();
    }
  });

  const attempts: readonly (readonly [name: string, attempt: (page: Page) => Promise<unknown>])[] = [
    [
      'a script in the markup',
      (page) => page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<script>globalThis.broken = 1</script>')),
    ],
    [
      'a script that is made',
      (page) =>
        page.evaluate(() =>
          document.body.append(Object.assign(document.createElement('script'), { text: 'globalThis.broken = 1' })),
        ),
    ],
    ['a handler in the markup', (page) => page.evaluate(() => document.body.setAttribute('onclick', 'globalThis.broken = 1'))],
    [
      'a frame',
      (page) =>
        page.evaluate(() => document.body.append(Object.assign(document.createElement('iframe'), { src: location.href }))),
    ],
    ['a word to another server', (page) => page.evaluate(() => fetch('http://127.0.0.1:1/').then(String, () => 'refused'))],
    [
      'a picture from another server',
      (page) =>
        page.evaluate(() =>
          document.body.append(Object.assign(document.createElement('img'), { src: 'http://127.0.0.1:1/x.png' })),
        ),
    ],
  ];
  it.each(attempts)('does not let %s in', async (_name, attempt) => {
    const victim = await openWindow({ server: window.server });
    try {
      await attempt(victim.page).catch(() => 'refused');
      await expect.poll(() => victim.troubles().filter((trouble) => trouble.startsWith('policy: '))).not.toEqual([]);
      await victim.page.click('body', { force: true });
      expect(await victim.page.evaluate(() => 'broken' in globalThis)).toBe(false);
    } finally {
      await victim.close();
    }
  });

  describe('for a page of another program on this computer', () => {
    let stranger: Server;
    let page: Page;
    beforeAll(async () => {
      stranger = createServer((_request, response) => {
        response.setHeader('content-type', 'text/html');
        response.end('<!doctype html><title>stranger</title>');
      }).listen(0, '127.0.0.1');
      await once(stranger, 'listening');
      page = await window.page.context().newPage();
      await page.goto(`http://127.0.0.1:${String((stranger.address() as AddressInfo).port)}/`);
    });
    afterAll(async () => {
      await page.close();
      stranger.close();
    });

    it('answers no call', async () => {
      const outcomes = await page.evaluate(async (base) => {
        const call = (init: RequestInit) =>
          fetch(`${base}api/preferences.set`, { method: 'POST', body: '{"theme":"dark"}', ...init }).then(
            (answer) => answer.type + String(answer.status),
            () => 'refused',
          );
        return [
          await call({ headers: { 'content-type': 'application/json' } }),
          await call({ headers: { 'content-type': 'text/plain' } }),
          // What it does is done whether or not the answer can be read.
          await call({ mode: 'no-cors' }),
          await call({ mode: 'no-cors', credentials: 'include', keepalive: true }),
        ];
      }, url);
      expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused']);
      expect((await window.client.preferences.get()).theme).toBe('light');
    });

    it('opens no WebSocket', async () => {
      const opened = await page.evaluate(
        (address) =>
          new Promise<boolean>((resolve) => {
            const socket = new WebSocket(address);
            socket.onopen = () => resolve(true);
            socket.onerror = () => resolve(false);
          }),
        `${url.replace('http', 'ws')}events`,
      );
      expect(opened).toBe(false);
    });

    it('is not shown in its frames, nor are its files and pictures read', async () => {
      const framed = await page.evaluate(async (base) => {
        const load = (element: HTMLElement, more: object) =>
          new Promise<string>((resolve) => {
            element.onload = () => resolve('loaded');
            element.onerror = () => resolve('refused');
            document.body.append(Object.assign(element, more));
          });
        const script = await load(document.createElement('script'), { src: `${base}assets/index.js` });
        const picture = await load(document.createElement('img'), { src: `${base}media/thumbnail/1` });
        const icon = await load(document.createElement('img'), { src: base });
        const frame = document.createElement('iframe');
        await load(frame, { src: base });
        return { script, picture, icon, frame: frame.contentDocument };
      }, url);
      expect(framed).toEqual({ script: 'refused', picture: 'refused', icon: 'refused', frame: null });
      const inner = page.frames().find((frame) => frame !== page.mainFrame());
      expect(await inner?.content()).not.toContain('id="app"');
    });

    it('is not reached through a link of it, which could carry it into a window that it holds', async () => {
      const opened = page.context().waitForEvent('page');
      await page.evaluate((base) => void open(base), url);
      const popup = await opened;
      await popup.waitForLoadState();
      expect(await popup.content()).toContain('Forbidden');
      await popup.close();
    });
  });
});
