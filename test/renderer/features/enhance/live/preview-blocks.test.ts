import { describe, expect, test } from 'vitest';
import { EnlargerError } from '../../../../../core/photo/failure.ts';
import { PreviewBlocks, type BlockPlan } from '../../../../../renderer/features/enhance/live/preview-blocks.svelte.ts';
import { holdPictures } from '../bitmaps.ts';

const grid = { columns: [0, 500, 1002, 1300], rows: [0, 502, 700] };
const plan = (key: string): BlockPlan => ({
  key,
  grid,
  path: ({ x, y, width, height }) => `${key} ${x},${y},${width},${height}`,
});
const block = (x: number, y: number) => ({ level: 0, x, y });
const three = [block(0, 0), block(1, 0), block(2, 0)];

function tilesOf({ layers }: PreviewBlocks): Record<string, string[]> {
  return Object.fromEntries(layers.map(({ key, tiles }) => [key, tiles.map(({ x, y }) => `${x} ${y}`)]));
}

describe('blocks of a preview', () => {
  test('are asked for two at a time in their order, as the grid has them, and each once', async () => {
    const { asked, read } = holdPictures();
    const blocks = new PreviewBlocks(read);
    const wanted = [block(1, 0), block(0, 0), block(2, 1)];
    blocks.want(plan('a'), wanted);
    expect(asked.map(({ path }) => path)).toEqual(['a 500,0,502,502', 'a 0,0,500,502']);
    await asked[0]?.come();
    expect(asked[2]?.path).toBe('a 1002,502,298,198');
    expect(tilesOf(blocks)).toEqual({ a: ['1 0'] });
    await asked[1]?.come();
    expect(blocks.has(plan('a'), wanted)).toBe(false);
    await asked[2]?.come();
    expect([blocks.has(plan('a'), wanted), blocks.has(plan('b'), wanted)]).toEqual([true, false]);
    blocks.want(plan('a'), [block(0, 0), block(1, 0)]);
    expect(asked).toHaveLength(3);
    blocks.close();
  });

  test('that left the view are stopped, those that stay go on', async () => {
    const { asked, read } = holdPictures();
    const blocks = new PreviewBlocks(read);
    blocks.want(plan('a'), [block(0, 0), block(1, 0)]);
    blocks.want(plan('a'), [block(1, 0), block(2, 0)]);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await asked[1]?.come();
    await asked[2]?.come();
    expect(tilesOf(blocks)).toEqual({ a: ['1 0', '2 0'] });
    blocks.close();
  });

  test('of the recipe before stay below until all in view are of the new one', async () => {
    const { asked, read } = holdPictures();
    const blocks = new PreviewBlocks(read);
    blocks.want(plan('old'), [block(0, 0), block(1, 0)]);
    for (const one of [...asked]) await one.come();
    const old = blocks.layers[0]!.tiles[0]!.bitmap;
    blocks.want(plan('new'), [block(0, 0), block(1, 0)]);
    expect(tilesOf(blocks)).toEqual({ old: ['0 0', '1 0'], new: [] });
    await asked[2]?.come();
    expect(tilesOf(blocks)).toEqual({ old: ['0 0', '1 0'], new: ['0 0'] });
    expect(old.width).toBe(4);
    await asked[3]?.come();
    expect(tilesOf(blocks)).toEqual({ new: ['0 0', '1 0'] });
    // Freed, not left to the garbage collector.
    expect(old.width).toBe(0);
    blocks.close();
  });

  test('of a few recipes at most lie over each other', async () => {
    const { asked, read } = holdPictures();
    const blocks = new PreviewBlocks(read);
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      blocks.want(plan(key), three);
      await asked.at(-2)?.come();
    }
    expect(blocks.layers.map(({ key }) => key)).toEqual(['c', 'd', 'e']);
    blocks.close();
    expect(blocks.layers).toEqual([]);
  });

  test('are given up after a failure, until something else is wanted', async () => {
    const { asked, read } = holdPictures();
    const blocks = new PreviewBlocks(read);
    blocks.want(plan('a'), three);
    await asked[0]?.fail(new EnlargerError('device-failed', 'The engine ended.', { retry: true }));
    expect([blocks.failure?.code, asked.length]).toEqual(['device-failed', 2]);
    blocks.want(plan('a'), three);
    expect([blocks.failure, asked.length]).toEqual([null, 3]);
    blocks.close();
  });

  test('rest when nothing is to be seen, and stay', async () => {
    const { asked, read } = holdPictures();
    const blocks = new PreviewBlocks(read);
    blocks.want(plan('a'), three);
    await asked[0]?.come();
    blocks.rest();
    expect([asked.slice(1).every(({ signal }) => signal.aborted), tilesOf(blocks)]).toEqual([true, { a: ['0 0'] }]);
    blocks.close();
  });
});
