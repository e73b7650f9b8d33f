import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

/** Where distributions put a Chromium, in the order in which they are tried. */
const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;

/** A browser to test with, or the sentence that says why there is none. */
export type ChromiumSearch = { readonly executablePath: string } | { readonly reason: string };

/**
 * Looks for the Chromium that the tests of the window use: the one that `ENLARGER_CHROMIUM` names, the system's, Playwright's own.
 * Downloads nothing.
 */
export function findChromium(env: NodeJS.ProcessEnv = process.env): ChromiumSearch {
  const named = env['ENLARGER_CHROMIUM'];
  if (named !== undefined && named !== '') {
    return existsSync(named) ? { executablePath: named } : { reason: `ENLARGER_CHROMIUM names ${named}, which does not exist.` };
  }
  const found = [...USUAL_PLACES, chromium.executablePath()].find((file) => existsSync(file));
  return found === undefined
    ? { reason: 'No Chromium was found; install one or name it with ENLARGER_CHROMIUM.' }
    : { executablePath: found };
}

/** Options that Chromium needs on this machine: as root it starts only without its sandbox. */
export function chromiumArguments(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
