/** One story on the desktop, from an empty library to files: the same journeys as in a browser, one after the other in one program. */
import { cp, mkdir, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { drawAlbum } from '../../fixtures/album/album.ts';
import { enhanceAlbum } from '../journeys/enhance.ts';
import { exportTwice } from '../journeys/export.ts';
import { firstMinute } from '../journeys/library.ts';
import { reviewByKeyboard } from '../journeys/review.ts';
import type { Stage } from '../journeys/stage.ts';

/** As many as `reviewByKeyboard` goes through. */
const count = 3;

/** `home` is an empty folder of the user's, in which the dialogs choose. */
export async function tellStory(stage: Stage, home: string): Promise<void> {
  const prints = join(home, 'prints');
  const holiday = join(home, 'Holiday');
  for (const folder of [prints, holiday]) await mkdir(folder);
  const drawn = await drawAlbum(join(home, 'drawn'), { count, longSide: 160 });
  for (const file of drawn) await cp(file, join(holiday, basename(file)));

  await firstMinute(stage, 'Holiday', count);
  await stage.idle();
  await enhanceAlbum(stage, 'Journey', count);
  await stage.idle();
  await reviewByKeyboard(stage);
  await exportTwice(stage, 'prints', count, async () => await readdir(prints));
}
