import { afterAll, beforeAll, expect, it } from 'vitest';
import { layoutFaults } from './layout-faults.ts';
import { leave, screens, somethingOfEverything } from './screens.ts';
import { startTestServer, type TestServer } from './server.ts';
import { albumForTests, describeWindow, isLong, onStage } from './stage.ts';

const album = albumForTests('layout');

const usual = { locale: 'en-GB', textScale: 1 };
const german = { locale: 'de-DE', textScale: 1 };
const large = { locale: 'en-GB', textScale: 2 };
const both = { locale: 'de-DE', textScale: 2 };

/** What each adds; all of them together take minutes. */
const some = [
  { width: 360, ...german },
  { width: 360, ...large },
  { width: 1024, ...both },
  { width: 2560, ...usual },
];
const all = [360, 1024, 2560].flatMap((width) => [usual, german, large, both].map((kind) => ({ width, ...kind })));

describeWindow('everything fits', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ photos: await album(6) });
    await somethingOfEverything(server);
  });
  afterAll(() => server.stop());

  it.each(isLong ? all : some)('at $width pixels, $locale, text times $textScale', async ({ width, locale, textScale }) => {
    const size = { width, height: Math.round(width < 500 ? width * 2 : width * 0.6) };
    await onStage({ server, size, locale, textScale }, async (stage) => {
      const faults: string[] = [];
      for (const { name, open } of screens) {
        await open(stage);
        await stage.idle();
        await stage.window.screenshot([name, width, locale.slice(0, 2), textScale * 100].join('-'));
        faults.push(...(await layoutFaults(stage.page)).map((fault) => `${name}: ${fault}`));
        for (const alert of await stage.page.getByRole('alert').allInnerTexts()) faults.push(`${name}: ${alert}`);
        await leave(stage);
      }
      expect(faults).toEqual([]);
    });
  });
});
