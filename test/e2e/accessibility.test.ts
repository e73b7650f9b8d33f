import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leave, screens, somethingOfEverything } from './screens.ts';
import { startTestServer, type TestServer } from './server.ts';
import { albumForTests, describeWindow, onStage } from './stage.ts';

const album = albumForTests('accessibility');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describeWindow('axe finds nothing', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ photos: await album(6) });
    await somethingOfEverything(server);
  });
  afterAll(() => server.stop());

  it.each(['dark', 'light'] as const)('on any screen, %s', async (colorScheme) => {
    await onStage({ server, colorScheme }, async (stage) => {
      const found: string[] = [];
      for (const { name, open } of screens) {
        await open(stage);
        await stage.idle();
        await stage.window.screenshot(`${name}-${colorScheme}`);
        found.push(...(await violations(stage.page)).map((violation) => `${name}: ${violation}`));
        for (const alert of await stage.page.getByRole('alert').allInnerTexts()) found.push(`${name}: ${alert}`);
        await leave(stage);
      }
      expect(found).toEqual([]);
    });
  });

  it('in an empty library', async () => {
    await onStage({}, async ({ page, t }) => {
      await page.getByRole('heading', { name: t('library.first.title') }).waitFor();
      expect(await violations(page)).toEqual([]);
    });
  });
});

/** One line for each fault: rule, what it is about, where. */
async function violations(page: Page): Promise<string[]> {
  // By the debugger, which the policy of the page does not bind: the page is tested under the policy that it has.
  if (!(await page.evaluate(() => 'axe' in globalThis))) {
    const session = await page.context().newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: axeSource });
    await session.detach();
  }
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
    return await axe.run();
  });
  return results.violations.map(
    ({ id, help, nodes }) =>
      `${id} (${help}): ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
  );
}
