/** The window as a person meets it: real server, real browser, and a list of everything that went wrong in it. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright';
import type { Client } from '../../core/api/client.ts';
import { openSession } from './browser.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts';

export interface WindowOptions extends TestServerOptions {
  /** In CSS pixels. Default: 1280 × 800. */
  readonly size?: { readonly width: number; readonly height: number };
  /** A language of the browser, such as `de-DE`. Default: `en-GB`. */
  readonly locale?: string;
  /** Default: dark, as the window is meant first. */
  readonly colorScheme?: 'dark' | 'light';
  /** Default: reduced, so that pictures of it are the same each time. */
  readonly reducedMotion?: 'reduce' | 'no-preference';
  /** Forced colours, as Windows has them for high contrast. */
  readonly forcedColors?: 'active' | 'none';
  /** Size of text as the user sets it in the browser; 2 is 200 %. Default: 1. */
  readonly textScale?: number;
  /** View to begin with, such as `#/review`. */
  readonly hash?: string;
  /** A server that is running already, for a second window on it. It is not stopped with the window. */
  readonly server?: TestServer;
}

export interface TestWindow {
  readonly page: Page;
  readonly server: TestServer;
  readonly client: Client;
  /** Errors and warnings on the console, uncaught errors, breaches of the Content-Security-Policy, requests to anywhere else. Each is a fault. */
  troubles(): readonly string[];
  /** Resolves when the program has nothing left to do and every picture on the screen is there. */
  idle(): Promise<void>;
  /** Writes `.cache/screenshots/<name>.png`; returns its path. */
  screenshot(name: string): Promise<string>;
  /** Closes the window, and ends the server that it started. Doing it twice does no harm. */
  close(): Promise<void>;
}

const screenshots = fileURLToPath(new URL('../../.cache/screenshots', import.meta.url));
/** Chromium's default size of text, in CSS pixels. */
const usualTextSize = { standard: 16, fixed: 13 } as const;

/** Opens it and waits until it shows something. */
export async function openWindow(options: WindowOptions = {}): Promise<TestWindow> {
  const server = options.server ?? (await startTestServer(options));
  try {
    return await openOn(server, options);
  } catch (error) {
    if (options.server === undefined) await server.stop();
    throw error;
  }
}

async function openOn(server: TestServer, options: WindowOptions): Promise<TestWindow> {
  const { context, close } = await openSession(contextOptions(options));
  try {
    const page = await context.newPage();
    if (options.textScale !== undefined) await setTextScale(page, options.textScale);
    const troubles = await collectTroubles(page, server.url);
    await page.goto(server.url + (options.hash ?? ''));
    await page.locator('#app > *').first().waitFor();
    return {
      ...{ page, server, client: server.client },
      troubles: () => [...troubles],
      async idle() {
        await server.idle();
        await page.waitForFunction(() => [...document.images].every((image) => image.complete));
      },
      async screenshot(name) {
        await mkdir(screenshots, { recursive: true });
        const path = join(screenshots, `${name}.png`);
        await page.screenshot({ path });
        return path;
      },
      async close() {
        await close();
        if (options.server === undefined) await server.stop();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function contextOptions(options: WindowOptions): BrowserContextOptions {
  const { size = { width: 1280, height: 800 }, locale = 'en-GB', colorScheme = 'dark', reducedMotion = 'reduce' } = options;
  const { forcedColors = 'none' } = options;
  return { viewport: size, locale, colorScheme, reducedMotion, forcedColors, timezoneId: 'Europe/Berlin' };
}

/** As the user's setting does it, which no style sheet of the page can tell from a larger `rem`. */
async function setTextScale(page: Page, scale: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const fontSizes = { standard: usualTextSize.standard * scale, fixed: usualTextSize.fixed * scale };
  await session.send('Page.setFontSizes', { fontSizes });
}

async function collectTroubles(page: Page, url: string): Promise<readonly string[]> {
  const troubles: string[] = [];
  const { origin } = new URL(url);
  page.on('console', (message) => {
    const { url: where } = message.location();
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(`console: ${message.text()} (${where})`);
  });
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(`${origin}/`) && !asked.startsWith('blob:')) troubles.push(`request: ${asked}`);
  });
  await page.exposeFunction('reportViolation', (text: string) => troubles.push(`policy: ${text}`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => {
      const { reportViolation } = window as unknown as { reportViolation: (text: string) => void };
      reportViolation(`${violatedDirective} ${blockedURI} ${sample}`);
    });
  });
  return troubles;
}
