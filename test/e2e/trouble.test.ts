import { rename, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { beginFromPanel } from './journeys/enhance.ts';
import { goTo, photo, photos, seeThumbnails } from './journeys/stage.ts';
import { photoIds, twice } from './prepared.ts';
import { enginesOf } from './processes.ts';
import { startTestServer } from './server.ts';
import { albumForTests, describeWindow, onStage, openStage } from './stage.ts';

const album = albumForTests('trouble');

describeWindow('when something goes wrong', () => {
  it.skipIf(process.platform !== 'linux')(
    'an engine that is killed is a line in the queue, and its photo is made all the same',
    async () => {
      const files = await album(2, 900);
      await onStage({ photos: files }, async (stage) => {
        const { page, t, client } = stage;
        await seeThumbnails(stage, files.length);
        await page.getByRole('button', { name: t('library.enhanceAll') }).click();
        await beginFromPanel(stage, files.length);
        await goTo(stage, 'queue');
        const running = page.getByRole('listitem').filter({ has: page.getByRole('progressbar') });
        await running.first().waitFor();
        await expect
          .poll(async () => (await client.queue.status()).running[0]?.fraction ?? 0, { timeout: 30_000 })
          .toBeGreaterThan(0);
        for (const pid of enginesOf(stage.server)) process.kill(pid, 'SIGKILL');
        await page
          .getByText(t('queue.lostAgain'))
          .or(page.getByText(t('queue.lostWaits')))
          .first()
          .waitFor();
        await stage.window.screenshot('queue-lost-engine');
        expect(await page.getByRole('dialog').count()).toBe(0);
        await stage.idle();
        expect((await client.queue.status()).counts).toMatchObject({ done: files.length, failed: 0 });
        expect(await page.getByRole('alert').count()).toBe(0);
      });
    },
  );

  it('a window that is loaded again in the middle of a batch shows where it is, and nothing is done twice', async () => {
    const files = await album(3, 700);
    await onStage({ photos: files }, async (stage) => {
      const { page, t, client } = stage;
      await stage.idle();
      await client.queue.add({ choice: { ids: await photoIds(client) }, recipe: twice });
      const bar = page.getByRole('region', { name: t('queue.title'), exact: true });
      await bar.getByRole('progressbar').waitFor();
      await page.reload();
      await bar.getByRole('progressbar').waitFor();
      await bar.getByText(t('queue.nothing')).waitFor({ timeout: 60_000 });
      const { jobs } = await client.queue.jobs({});
      expect(jobs.filter(({ kind }) => kind === 'enhance').map(({ status }) => status.state)).toEqual(files.map(() => 'done'));
    });
  });

  it('a damaged photo says so; it fails alone, and the queue says why and what to do', async () => {
    const files = await album(3);
    await onStage({ photos: files }, async (stage) => {
      const { page, t, client, server } = stage;
      await seeThumbnails(stage, files.length);
      await truncate(join(server.root, 'photos', 'IMG_2042.jpg'), 3000);
      await client.library.rescan();
      await photo(stage, 'IMG_2042')
        .and(page.locator(`[aria-label*="${t('library.state.damaged')}"]`))
        .waitFor();
      await stage.window.screenshot('library-damaged');
      await page.getByRole('button', { name: t('library.enhanceAll') }).click();
      await beginFromPanel(stage, files.length);
      await stage.idle();
      await page.getByRole('link', { name: t('queue.failedCount', { count: 1 }) }).click();
      const row = page.getByRole('listitem').filter({ hasText: 'IMG_2042.jpg' });
      const { jobs } = await client.queue.jobs({ kinds: ['enhance'] });
      const [failure] = jobs.flatMap(({ status }) => (status.state === 'failed' ? [status.failure] : []));
      expect(failure?.code).toBe('damaged');
      await row.getByText(failure?.message ?? '').waitFor();
      await stage.window.screenshot('queue-failed');
      const { results } = await client.review.list({ state: 'ready' });
      expect(results.map(({ name }) => name).sort()).toEqual(['IMG_2041.jpg', 'IMG_2043.jpg']);
    });
  });

  it('a page of a server that was started again says so, and does not wait for ever', async () => {
    const first = await startTestServer();
    const { page, t, window } = await openStage({ server: first });
    try {
      await first.stop();
      const banner = page.getByRole('alert');
      await banner.getByText(t('shell.lost')).waitFor();
      await banner.getByText(t('shell.startedAgain')).waitFor();
      const second = await startTestServer({ port: Number(new URL(first.url).port) });
      onTestFinished(() => second.stop());
      await banner.getByText(t('shell.gone')).waitFor();
      await window.screenshot('gone');
      // Whoever loads it again then gets no window; the address that was printed leads to one.
      expect((await page.reload())?.status()).toBe(404);
      await page.goto(second.url);
      await page.getByRole('navigation', { name: t('shell.views') }).waitFor();
    } finally {
      await window.close();
    }
  });

  it('a window whose first question is not answered says so, and can be tried again', async () => {
    // The browser itself complains of what is not answered.
    const { page, t, window } = await openStage();
    try {
      await page.route('**/api/host.about', (route) => route.abort());
      await page.reload();
      await page.getByRole('heading', { name: t('shell.notOpened') }).waitFor();
      await window.screenshot('not-opened');
      await page.unroute('**/api/host.about');
      await page.getByRole('button', { name: t('common.retry') }).click();
      await page.getByRole('navigation', { name: t('shell.views') }).waitFor();
    } finally {
      await window.close();
    }
  });

  it('photos whose drive is away are offline, and there again with it', async () => {
    const files = await album(2);
    await onStage({ photos: files }, async (stage) => {
      const { page, t, client, server } = stage;
      await seeThumbnails(stage, files.length);
      const [here, away] = [join(server.root, 'photos'), join(server.root, 'unplugged')];
      await rename(here, away);
      await client.library.rescan();
      const offline = photos(stage).and(page.locator(`[aria-label*="${t('library.state.offline')}"]`));
      await expect.poll(() => offline.count()).toBe(files.length);
      await stage.window.screenshot('library-offline');
      await rename(away, here);
      await client.library.rescan();
      await expect.poll(() => offline.count()).toBe(0);
      await seeThumbnails(stage, files.length);
    });
  });
});
