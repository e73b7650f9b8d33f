/** The desktop program in Electron itself, where that is installed and there is a display. */
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication } from 'playwright';
import { electronBinary } from '../../../build/package/electron-binary.ts';
import { hasDisplay } from '../../../cli/serve/open-browser.ts';
import { createClient } from '../../../core/api/client.ts';
import type { DesktopApi } from '../../../renderer/host/desktop-api.ts';
import type { Stage } from '../journeys/stage.ts';
import { idleOf } from '../server.ts';
import { wordsOf } from '../words.ts';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface ElectronStage extends Stage {
  /** Runs functions in the main process. */
  readonly program: ElectronApplication;
  /** Errors, warnings and breaches of the policy of the page. Each is a fault. */
  troubles(): readonly string[];
  /** Ends the program as its user does. */
  quit(): Promise<void>;
}

/** Why it cannot be tried here, or null. */
export function whyNoElectron(): string | null {
  if (electronBinary(root) === null) return "Electron's program is not installed (npm run get-electron fetches it)";
  return hasDisplay() ? null : 'there is no display (xvfb-run gives one)';
}

/** Starts what `buildDesktop` has built. `folder` holds what the program keeps, `home` is where dialogs choose. */
export async function openElectron(program: string, folder: string, home: string): Promise<ElectronStage> {
  const executablePath = electronBinary(root);
  if (executablePath === null) throw new Error('There is no Electron.');
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const electron = await _electron.launch({
    executablePath,
    args: [
      ...asRoot,
      program,
      `--user-data-dir=${join(folder, 'profile')}`,
      `--library=${join(folder, 'library')}`,
      '--lang=en-GB',
    ],
    env: { ...(process.env as Record<string, string>), ENLARGER_CACHE: join(folder, 'state'), ENLARGER_MODELS: '' },
  });
  const page = await electron.firstWindow();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  await page.locator('#app > *').first().waitFor();

  const client = createClient(
    async (noun, verb, params) =>
      await page.evaluate(
        async ([asked, how, what]) => {
          const { enlarger } = globalThis as unknown as { enlarger: DesktopApi };
          return await enlarger.send(asked, how, what);
        },
        [noun, verb, params] as const,
      ),
  );
  const choice = await answerDialogs(electron);
  return {
    ...{ page, client, program: electron, t: wordsOf('en') },
    troubles: () => troubles,
    chooseFolder: (name) => choice(join(home, name)),
    takeFolder: () => Promise.resolve(),
    async idle() {
      await idleOf(client);
      await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    },
    async quit() {
      const child = electron.process();
      const ended = once(child, 'exit');
      await electron.evaluate(({ app }) => {
        app.quit();
      });
      await ended;
    },
  };
}

/** Playwright cannot press the buttons of the system: dialogs stay open until the story chooses. */
async function answerDialogs(electron: ElectronApplication): Promise<(path: string) => Promise<void>> {
  await electron.evaluate(({ dialog }) => {
    dialog.showOpenDialog = () =>
      new Promise((resolve) => {
        Object.assign(globalThis, { chooseInDialog: (path: string) => resolve({ canceled: false, filePaths: [path] }) });
      });
  });
  return async (path) => {
    const isChosen = (): Promise<boolean> =>
      electron.evaluate((_electron, chosen) => {
        const holder = globalThis as { chooseInDialog?: (path: string) => void };
        const choose = holder.chooseInDialog;
        delete holder.chooseInDialog;
        choose?.(chosen);
        return choose !== undefined;
      }, path);
    while (!(await isChosen())) await new Promise((resolve) => setTimeout(resolve, 50));
  };
}
