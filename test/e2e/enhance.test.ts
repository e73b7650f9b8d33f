import { expect, it } from 'vitest';
import { enhanceAlbum, enhanceOne, pauseAndResume } from './journeys/enhance.ts';
import { goTo, seeThumbnails } from './journeys/stage.ts';
import { photoIds, twice } from './prepared.ts';
import { albumForTests, describeWindow, onStage } from './stage.ts';

const album = albumForTests('enhance');

describeWindow('enhancing', () => {
  it('takes one photo from the grid to the review', async () => {
    const files = await album(3);
    await onStage({ photos: files }, async (stage) => {
      await seeThumbnails(stage, files.length);
      await enhanceOne(stage, 'IMG_2041');
      const { results } = await stage.client.review.list({});
      expect(results).toMatchObject([{ name: 'IMG_2041.jpg', state: 'ready', cached: true }]);
      await stage.window.screenshot('library-ready');
    });
  });

  it('takes a whole album from its menu', async () => {
    const files = await album(4);
    await onStage({ photos: files }, async (stage) => {
      await seeThumbnails(stage, files.length);
      await enhanceAlbum(stage, 'Journey', files.length);
      await stage.idle();
      const { counts } = await stage.client.queue.status();
      expect(counts).toMatchObject({ queued: 0, running: 0, failed: 0, done: files.length });
      expect((await stage.client.review.list({ state: 'ready' })).results).toHaveLength(files.length);
    });
  });

  it('pauses and goes on', async () => {
    // Large enough that a fast computer is not through before the pause.
    const files = await album(6, 900);
    await onStage({ photos: files }, async (stage) => {
      await stage.idle();
      await stage.client.queue.add({ choice: { ids: await photoIds(stage.client) }, recipe: twice });
      await pauseAndResume(stage);
      await goTo(stage, 'queue');
      await stage.page.getByRole('listitem').first().waitFor();
      await stage.window.screenshot('queue-running');
      await stage.client.queue.cancel({});
    });
  });
});
