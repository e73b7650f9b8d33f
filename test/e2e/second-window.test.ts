import { expect, it } from 'vitest';
import { beginFromPanel, sayReady } from './journeys/enhance.ts';
import { goTo, photo, seeThumbnails } from './journeys/stage.ts';
import { albumForTests, describeWindow, onStage, openStage } from './stage.ts';

const album = albumForTests('second');

describeWindow('two windows on one library', () => {
  it('show the same: what one rates, enhances and judges, the other shows', async () => {
    const files = await album(2);
    await onStage({ photos: files }, async (first) => {
      const second = await openStage({ server: first.server });
      try {
        await seeThumbnails(first, files.length);
        await seeThumbnails(second, files.length);
        await photo(first, 'IMG_2041').click();
        await first.page.keyboard.press('4');
        await photo(second, 'IMG_2041')
          .and(second.page.locator(`[aria-label*="${second.t('library.rating.stars', { count: 4 })}"]`))
          .waitFor();

        await second.page.getByRole('button', { name: second.t('library.enhanceAll') }).click();
        await beginFromPanel(second, files.length);
        await sayReady(first, 'IMG_2041');
        await sayReady(first, 'IMG_2042');

        await goTo(first, 'review');
        await goTo(second, 'review');
        for (const { page, t } of [first, second]) {
          await page
            .getByRole('navigation', { name: t('review.strip') })
            .locator('[aria-current=true]')
            .waitFor();
        }
        await first.page.keyboard.press('a');
        await second.page.getByRole('button', { name: new RegExp(`, ${second.t('review.verdict.accepted')}$`) }).waitFor();
        expect(second.window.troubles()).toEqual([]);
      } finally {
        await second.window.close();
      }
    });
  });
});
