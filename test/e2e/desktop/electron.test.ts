/** `npm run e2e:electron`: the story in Electron itself, and what of its safety only a running Electron can show. */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDesktop } from '../../../build/package/desktop.ts';
import { contentSecurityPolicy } from '../../../core/host/page-headers.ts';
import type { DesktopApi } from '../../../renderer/host/desktop-api.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { openElectron, root, whyNoElectron, type ElectronStage } from './electron.ts';
import { tellStory } from './story.ts';

const reason = whyNoElectron();
if (reason !== null) console.log(`Electron is not tried: ${reason}`);
const folder = temporaryFolder('electron');

describe.skipIf(reason !== null)('in Electron', { timeout: 300_000 }, () => {
  const home = folder.of('home');
  let stage: ElectronStage;

  beforeAll(async () => {
    mkdirSync(home);
    stage = await openElectron(await buildDesktop({ root, say: () => undefined }), folder.path, home);
  }, 120_000);
  afterAll(() => stage.quit());

  it('goes from an empty library over a review by keyboard to files', async () => {
    await tellStory(stage, home);
    expect(stage.troubles()).toEqual([]);
  });

  it('the page is what was built, under its policy', async () => {
    expect(stage.page.url()).toMatch(/^enlarger:\/\/app\/index\.html/);
    const answer = await stage.page.evaluate(async () => {
      const { headers } = await fetch(location.href);
      return headers.get('content-security-policy');
    });
    expect(answer).toBe(contentSecurityPolicy);
  });

  it('the page has nothing of Node, and of ours its bridge', async () => {
    const names = await stage.page.evaluate(() => ({
      node: ['process', 'require', 'module', 'Buffer', 'global', 'electron'].filter((name) => name in globalThis),
      bridge: Object.keys((globalThis as unknown as { enlarger: DesktopApi }).enlarger).sort(),
    }));
    expect(names).toEqual({ node: [], bridge: ['grantDropped', 'listen', 'send'] });
  });

  it('every page has the preferences that it was made with', async () => {
    const all = await stage.program.evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((contents) => {
        const { getLastWebPreferences } = contents as unknown as { getLastWebPreferences?: () => Electron.WebPreferences };
        return getLastWebPreferences?.call(contents) ?? {};
      }),
    );
    expect(all.length).toBeGreaterThan(0);
    for (const preferences of all) {
      expect(preferences).toMatchObject({
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        webviewTag: false,
      });
    }
  });

  it('leads nowhere and opens nothing', async () => {
    const before = stage.page.url();
    await stage.page.evaluate(() => {
      window.open('https://example.com/');
      const link = Object.assign(document.createElement('a'), { href: 'https://example.com/', target: '_blank' });
      document.body.append(link);
      link.click();
      link.target = '';
      link.click();
      link.remove();
      location.href = 'file:///etc/passwd';
    });
    await stage.page.waitForTimeout(500);
    expect(stage.page.url()).toBe(before);
    expect(stage.program.windows()).toHaveLength(1);
  });

  it('a file that a script made up is no file', async () => {
    const grants = await stage.page.evaluate(
      async () =>
        await (globalThis as unknown as { enlarger: DesktopApi }).enlarger.grantDropped([new File(['x'], '/etc/passwd')]),
    );
    expect(grants).toEqual([]);
  });
});
