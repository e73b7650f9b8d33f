import { describe, expect, test } from 'vitest';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import { PictureSet } from '../../../../renderer/features/enhance/picture-set.svelte.ts';
import { holdPictures } from './bitmaps.ts';

const turn = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('pictures that belong together', () => {
  test('come one by one at first, then all at once', async () => {
    const { asked, read } = holdPictures();
    const pictures = new PictureSet(read, 0);
    pictures.want(['before', 'after']);
    await turn();
    await asked[0]?.come();
    expect([pictures.shown.length, pictures.loading]).toEqual([1, true]);
    await asked[1]?.come();
    expect([pictures.shown.length, pictures.loading]).toEqual([2, false]);

    const first = pictures.shown;
    pictures.want(['before', 'other']);
    await turn();
    await asked[2]?.come();
    expect(pictures.shown).toBe(first);
    await asked[3]?.come();
    expect(pictures.shown).not.toBe(first);
    expect(pictures.shown.map(({ width }) => width)).toEqual([4, 4]);
    // Those that are not shown any more are freed.
    expect(first.map(({ width }) => width)).toEqual([0, 0]);
    pictures.close();
  });

  test('of an older wish are stopped, and never shown', async () => {
    const { asked, read } = holdPictures();
    const pictures = new PictureSet(read, 0);
    pictures.want(['one']);
    await turn();
    pictures.want(['two']);
    expect(asked[0]?.signal.aborted).toBe(true);
    await turn();
    await asked[1]?.come();
    expect([asked.map(({ path }) => path), pictures.shown.length, pictures.loading]).toEqual([['one', 'two'], 1, false]);
    pictures.close();
    expect(pictures.shown).toEqual([]);
  });

  test('wait until the wish has rested', async () => {
    const { asked, read } = holdPictures();
    const pictures = new PictureSet(read, 30);
    pictures.want(['first']);
    await turn();
    await asked[0]?.come();
    for (const path of ['a', 'b', 'c']) pictures.want([path]);
    await turn(60);
    expect(asked.map(({ path }) => path)).toEqual(['first', 'c']);
    pictures.close();
  });

  test('stay when the next cannot be had, and say why', async () => {
    const { asked, read } = holdPictures();
    const pictures = new PictureSet(read, 0);
    pictures.want(['one']);
    await turn();
    await asked[0]?.come();
    pictures.want(['two']);
    await turn();
    await asked[1]?.fail(new EnlargerError('damaged', 'The file is damaged.'));
    expect([pictures.failure?.code, pictures.shown.length, pictures.loading]).toEqual(['damaged', 1, false]);
    pictures.want(['three']);
    expect([pictures.failure, pictures.loading]).toEqual([null, true]);
    pictures.close();
  });
});
