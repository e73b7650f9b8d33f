import { it } from 'vitest';
import { reviewByKeyboard } from './journeys/review.ts';
import { enhanceAll } from './prepared.ts';
import { albumForTests, describeWindow, onStage } from './stage.ts';

const album = albumForTests('review');

describeWindow('reviewing', () => {
  it('needs no mouse: accept, reject, undo, redo, accept, on to the export', async () => {
    await onStage({ photos: await album(3) }, async (stage) => {
      await enhanceAll(stage.server);
      await reviewByKeyboard(stage);
    });
  });
});
