/** The desktop program where there is no Electron: see stand-in.ts for what is real in it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildDesktop } from '../../../build/package/desktop.ts';
import { drawAlbum } from '../../fixtures/album/album.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';
import { app, BrowserWindow } from '../../electron/fake-electron.ts';
import { goTo, seeThumbnails } from '../journeys/stage.ts';
import { describeWindow } from '../stage.ts';
import { openStandIn, type DesktopStage } from './stand-in.ts';
import { tellStory } from './story.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = temporaryFolder('desktop');
const places = vi.hoisted(() => ({ windowState: '' }));

vi.mock('electron', async () => ({
  ...(await import('../../electron/fake-electron.ts')),
  utilityProcess: (await import('../../electron/fake/utility-process.ts')).nodeUtilityProcess,
}));
vi.mock('../../../electron/program-places.ts', async (original) => ({
  ...(await original<object>()),
  programPlaces: () => ({
    page: join(root, 'out/renderer'),
    preload: join(root, 'out/electron/preload.cjs'),
    engineEntry: join(root, 'core/engine/main.ts'),
    models: join(root, 'models'),
    metadata: join(root, 'package.json'),
    icon: null,
    windowState: places.windowState,
  }),
}));

describeWindow('the desktop program', () => {
  const home = folder.of('home');
  let stage: DesktopStage;

  beforeAll(async () => {
    mkdirSync(home);
    places.windowState = folder.of('window.json');
    vi.stubEnv('ENLARGER_CACHE', folder.of('state'));
    vi.stubEnv('ENLARGER_LIBRARY', folder.of('library'));
    process.argv = ['/usr/bin/enlarger'];
    await buildDesktop({ root, say: () => undefined });
    await import('../../../electron/main.ts');
    app.becomeReady();
    await vi.waitFor(() => {
      expect(BrowserWindow.made).toHaveLength(1);
    });
    stage = await openStandIn(join(root, 'out/electron/preload.cjs'), home);
  });
  afterAll(() => stage.quit());

  it('goes from an empty library over a review by keyboard to files', async () => {
    await tellStory(stage, home);
    expect(stage.troubles()).toEqual([]);
  });

  it('takes photos that are dropped on it, and nothing that a script made up', async () => {
    const [photo = ''] = await drawAlbum(folder.of('more'), { count: 1, longSide: 200 });
    await goTo(stage, 'library');
    await stage.dropFiles(['forged.jpg', 'real.jpg'], { 'real.jpg': photo });
    await seeThumbnails(stage, 4);
    expect(stage.page.url()).toMatch(/index\.html#\/library/);
    expect(stage.troubles()).toEqual([]);
  });

  it('takes what a second start hands over', async () => {
    const [photo = ''] = await drawAlbum(folder.of('given'), { count: 1, longSide: 220 });
    app.emit('second-instance', {}, [], '/', { paths: [photo] });
    await seeThumbnails(stage, 5);
    await stage.page.screenshot({ path: join(root, '.cache/screenshots/desktop.png') });
    expect(stage.troubles()).toEqual([]);
  });
});
