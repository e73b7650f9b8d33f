/** One Chromium for all windows of a process: started with the first, gone with the last. */
import { chromium, type Browser, type BrowserContextOptions, type BrowserContext } from 'playwright';
import { chromiumArguments, findChromium } from '../../build/chromium.ts';

let shared: { readonly browser: Promise<Browser>; users: number } | null = null;

export interface BrowserSession {
  readonly context: BrowserContext;
  /** Doing it twice does no harm. */
  close(): Promise<void>;
}

/** A profile of its own. Rejects where there is no Chromium. */
export async function openSession(options: BrowserContextOptions): Promise<BrowserSession> {
  shared ??= { browser: launch(), users: 0 };
  const mine = shared;
  mine.users += 1;
  const leave = async (): Promise<void> => {
    mine.users -= 1;
    if (mine.users > 0) return;
    if (shared === mine) shared = null;
    await (await mine.browser).close();
  };
  const context = await (await mine.browser).newContext(options);
  let closing: Promise<void> | undefined;
  return {
    context,
    close: () => (closing ??= context.close().then(leave)),
  };
}

/** Why no window can be tested here, or null. For `describe.skipIf`. */
export function whyNoBrowser(): string | null {
  const found = findChromium();
  return 'reason' in found ? found.reason : null;
}

async function launch(): Promise<Browser> {
  const found = findChromium();
  if ('reason' in found) throw new Error(found.reason);
  return await chromium.launch({ executablePath: found.executablePath, args: chromiumArguments() });
}
