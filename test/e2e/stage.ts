/** Windows for tests: opened, used, found without fault, closed. */
import { afterAll, describe, expect, onTestFinished } from 'vitest';
import { drawAlbum } from '../fixtures/album/album.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { whyNoBrowser } from './browser.ts';
import type { Stage } from './journeys/stage.ts';
import { openWindow, type TestWindow, type WindowOptions } from './window.ts';
import { wordsOf } from './words.ts';

const reason = whyNoBrowser();
if (reason !== null) console.log(`windows are not tested: ${reason}`);

/** A journey goes through several processes, each of which takes a while to start on a busy machine. */
const journeyMs = 120_000;

/** Skipped where there is no browser. */
export function describeWindow(name: string, work: () => void): void {
  describe.skipIf(reason !== null)(name, { timeout: journeyMs }, work);
}

/** Also what takes minutes. */
export const isLong = process.env['ENLARGER_TEST_LONG'] === '1';

/** A stage over the local server, whose folders are browsed in the window itself. */
export interface ServerStage extends Stage {
  readonly window: TestWindow;
  readonly server: TestWindow['server'];
}

/** Opens a window. It is for the caller to close it. */
export async function openStage(options: WindowOptions = {}): Promise<ServerStage> {
  const window = await openWindow(options);
  const { page, client, server } = window;
  const t = wordsOf(options.locale?.startsWith('de') === true ? 'de' : 'en');
  return {
    ...{ page, client, t, window, server },
    async chooseFolder(name) {
      const dialog = page.getByRole('dialog');
      await dialog
        .getByRole('list', { name: t('library.browser.folders') })
        .getByRole('button', { name, exact: true })
        .click();
    },
    async takeFolder(button) {
      await page.getByRole('button', { name: button }).click();
    },
    idle: () => window.idle(),
  };
}

/** Opens a window, does something in it, and sees that nothing went wrong meanwhile: no error, no breach of the policy, no request elsewhere. */
export async function onStage(options: WindowOptions, work: (stage: ServerStage) => Promise<void>): Promise<void> {
  const stage = await openStage(options);
  // A test that takes too long is over, and what it does is not.
  onTestFinished(() => stage.window.close());
  try {
    await work(stage);
    expect(stage.window.troubles()).toEqual([]);
  } catch (error) {
    await showFailure(stage);
    throw error;
  } finally {
    await stage.window.close();
  }
}

/** What a person would have seen, and what the browser complained of. */
async function showFailure({ window }: ServerStage): Promise<void> {
  const name = (expect.getState().currentTestName ?? 'test').replaceAll(/[^a-z]+/gi, '-').slice(0, 80);
  try {
    console.log([`seen in ${await window.screenshot(`failed-${name}`)}`, ...window.troubles()].join('\n'));
  } catch (error) {
    console.log(`nothing to be seen: ${String(error)}`);
  }
}

/** Draws photos for the tests of a file, which go with it. Small ones, so that a network is through with one in a moment. */
export function albumForTests(name: string): (count: number, longSide?: number) => Promise<string[]> {
  const folder = temporaryFolder(`e2e-${name}`);
  const drawn = new Map<string, Promise<string[]>>();
  afterAll(() => drawn.clear());
  return (count, longSide = 160) => {
    const key = `${count}-${longSide}`;
    const paths = drawn.get(key) ?? drawAlbum(folder.of(key), { count, longSide });
    drawn.set(key, paths);
    return paths;
  };
}
