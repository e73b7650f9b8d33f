import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { it } from 'vitest';
import { firstMinute } from './journeys/library.ts';
import { albumForTests, describeWindow, onStage } from './stage.ts';

const album = albumForTests('first-minute');

describeWindow('the first minute', () => {
  it('goes from an empty library over a folder to thumbnails, without reading anything', async () => {
    const files = await album(6);
    await onStage({}, async (stage) => {
      const folder = join(stage.server.root, 'Holiday');
      await mkdir(folder);
      for (const file of files) await cp(file, join(folder, basename(file)));
      await stage.window.screenshot('library-empty');
      await firstMinute(stage, 'Holiday', files.length);
      await stage.window.screenshot('library-first');
    });
  });
});
