/** Parts of results before the whole: the same pixels, and no tile is made twice. */
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { handlers } from '../../../../core/engine/handlers.ts';
import { forgetDecoded } from '../../../../core/engine/preview/decoded-photo.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import type { PreviewParams } from '../../../../core/photo/engine-protocol.ts';
import type { Target } from '../../../../core/photo/recipe.ts';
import { networkHalo } from '../../../../core/photo/tiles.ts';
import { blockGrid, blockRegion } from '../../../../renderer/features/enhance/live/block-grid.ts';
import { cutOutPng, deepTiff, greyJpeg, p3Png, phoneJpeg } from '../../../fixtures/photos.ts';
import { quietContext, renderHere, sha256Of, shippedCard, type RenderedHere } from '../../../fixtures/real-engine.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const folder = temporaryFolder('preview');
const tileSide = shippedCard.tile.min;
const size = { width: 100, height: 72 };
const output = folder.of('preview.png');
const tileLog = folder.of('log.tiles');

type Region = PreviewParams['region'];

/** A whole run to compare with, and what a preview of the same photo needs. */
async function wholeRun(path: string, target: Target, log: string | null = null): Promise<RenderedHere> {
  return await renderHere(path, folder.of('whole'), { recipe: { target }, params: { tileSide, tileLog: log } });
}

async function preview({ params }: RenderedHere, region: Region) {
  return await handlers.preview({ ...params, tileLog, region, output }, quietContext);
}

/** What a browser paints of a part of the stored result. */
async function painted(path: string, region: Region | null): Promise<Buffer> {
  const whole = await sharp(path).toColourspace('srgb').png().toBuffer();
  const part = region === null ? sharp(whole) : sharp(whole).extract({ left: region.x, top: region.y, ...region });
  return await part.ensureAlpha().raw().toBuffer();
}

function begin(): void {
  rmSync(tileLog, { force: true });
  forgetDecoded();
}

const photos = [
  { name: 'a phone’s JPEG', make: (at: string) => phoneJpeg(at, 6, size), scales: [2, 4] },
  { name: 'a P3 PNG', make: (at: string) => p3Png(at, size), scales: [2] },
  { name: 'a deep TIFF', make: (at: string) => deepTiff(at, size), scales: [2] },
  { name: 'a cut-out', make: (at: string) => cutOutPng(at, size), scales: [2, 4] },
  { name: 'a grey JPEG', make: (at: string) => greyJpeg(at, size), scales: [2] },
] as const;

describe('a preview', () => {
  for (const { name, make, scales } of photos) {
    for (const scale of scales) {
      it(`of ${name} ×${String(scale)} has the pixels of the whole run, and leaves it only the other tiles`, async () => {
        begin();
        const path = await make(folder.path);
        const target: Target = { kind: 'scale', scale };
        const run = await wholeRun(path, target);
        const alone = run.result;
        const expected = sha256Of(`${folder.of('whole')}/pixels.tif`);
        const regions: Region[] = [
          { x: 0, y: 0, width: 40, height: 30 },
          { x: alone.width - 33, y: alone.height - 21, width: 33, height: 21 },
          { x: Math.floor(alone.width / 2) - 20, y: Math.floor(alone.height / 2), width: 61, height: 1 },
        ];
        let made = 0;
        for (const region of regions) {
          const answer = await preview(run, region);
          expect([answer.width, answer.height]).toEqual([region.width, region.height]);
          expect(await painted(output, null)).toEqual(await painted(`${folder.of('whole')}/pixels.tif`, region));
          const again = await preview(run, region);
          expect([again.tiles, again.reusedTiles > 0]).toEqual([0, true]);
          made += answer.tiles;
        }
        expect(made).toBeGreaterThan(0);
        expect(made).toBeLessThan(alone.tiles);
        const { result } = await wholeRun(path, target, tileLog);
        expect([result.tiles + made, result.reusedTiles]).toEqual([alone.tiles, made]);
        expect(sha256Of(`${folder.of('whole')}/pixels.tif`)).toBe(expected);
      });
    }
  }

  it.each([
    { scale: 2, passes: 1 },
    { scale: 4, passes: 2 },
  ] as const)('×$scale costs one tile of its last run for each block that the window asks for', async ({ scale, passes }) => {
    begin();
    const run = await wholeRun(await phoneJpeg(folder.path, 6, size), { kind: 'scale', scale });
    const { receptiveFieldRadius, tile } = shippedCard;
    const tiles = { tileSide, halo: networkHalo(receptiveFieldRadius), multiple: tile.multiple };
    const grid = blockGrid(run.params.facts, { scale: shippedCard.scale, tiles }, scale);
    const blocks = grid.rows.slice(1).flatMap((_, y) => grid.columns.slice(1).map((__, x) => ({ level: 0, x, y })));
    expect(blocks.length).toBeGreaterThan(4);
    let [made, reused] = [0, 0];
    for (const block of blocks) {
      const region = blockRegion(grid, block);
      const answer = await preview(run, region);
      expect([answer.width, answer.height]).toEqual([region.width, region.height]);
      if (passes === 1) expect(answer).toMatchObject({ tiles: 1, reusedTiles: 0 });
      made += answer.tiles;
      reused += answer.reusedTiles;
    }
    // Those of a run before are looked at by more than one block.
    expect([made, reused > 0]).toEqual([run.result.tiles, passes > 1]);
  });

  it('serves a run that shrinks afterwards, too', async () => {
    begin();
    const path = await phoneJpeg(folder.path, 1, size);
    const target: Target = { kind: 'width', pixels: 180 };
    const run = await wholeRun(path, target);
    const expected = sha256Of(`${folder.of('whole')}/pixels.tif`);
    const { tiles } = await preview(run, { x: 70, y: 60, width: 50, height: 50 });
    const { result } = await wholeRun(path, target, tileLog);
    expect([result.tiles + tiles, result.reusedTiles]).toEqual([run.result.tiles, tiles]);
    expect(sha256Of(`${folder.of('whole')}/pixels.tif`)).toBe(expected);
  });

  it('is cut to the picture, and refused outside of it', async () => {
    begin();
    const run = await wholeRun(await phoneJpeg(folder.path, 1, size), { kind: 'scale', scale: 2 });
    const answer = await preview(run, { x: 190, y: 124, width: 4000, height: 4000 });
    expect([answer.width, answer.height]).toEqual([10, 20]);
    expect(await sharp(output).metadata()).toMatchObject({ format: 'png', width: 10, height: 20 });
    for (const region of [
      { x: 200, y: 0, width: 1, height: 1 },
      { x: 0, y: 144, width: 1, height: 1 },
    ])
      await expect(preview(run, region)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('of what is not enlarged is the photo itself', async () => {
    begin();
    const run = await wholeRun(await p3Png(folder.path, size), { kind: 'width', pixels: 60 });
    const region = { x: 11, y: 7, width: 30, height: 20 };
    expect(await preview(run, region)).toMatchObject({ tiles: 0, reusedTiles: 0 });
    expect(await painted(output, null)).toEqual(await painted(run.params.path, region));
  });

  it('does not decode the same photo again, but does when its bytes are others', async () => {
    begin();
    const path = folder.of('again.jpg');
    copyFileSync(await phoneJpeg(folder.path, 1, size), path);
    const run = await wholeRun(path, { kind: 'scale', scale: 2 });
    const region = { x: 0, y: 0, width: 20, height: 20 };
    await preview(run, region);
    const first = readFileSync(output);
    // What is decoded already does not need the file.
    writeFileSync(path, 'no photo any more');
    await preview(run, region);
    expect(readFileSync(output)).toEqual(first);
    const cleaned = { ...run, params: { ...run.params, strength: 1 } };
    rmSync(tileLog);
    await preview(cleaned, region);
    expect(readFileSync(output)).not.toEqual(first);
    rmSync(tileLog);
    await preview(run, region);
    expect(readFileSync(output)).toEqual(first);
    forgetDecoded();
    await expect(preview(run, region)).rejects.toMatchObject({ code: 'source-changed' });
  });

  it('leaves no scratch file, and no tile of a photo that changed', async () => {
    begin();
    const path = folder.of('changed.jpg');
    copyFileSync(await phoneJpeg(folder.path, 1, size), path);
    const run = await wholeRun(path, { kind: 'scale', scale: 2 });
    const scratchDirectory = folder.fresh();
    const region = { x: 0, y: 0, width: 20, height: 20 };
    await preview({ ...run, params: { ...run.params, scratchDirectory } }, region);
    expect(readdirSync(scratchDirectory)).toEqual([]);
    begin();
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from([0])]));
    await expect(preview(run, region)).rejects.toMatchObject({ code: 'source-changed' });
    expect(readdirSync(folder.path)).not.toContain('log.tiles');
  });

  it('stops when it is cancelled', async () => {
    begin();
    const { params } = await wholeRun(await phoneJpeg(folder.path, 1, size), { kind: 'scale', scale: 2 });
    const region = { x: 0, y: 0, width: 200, height: 144 };
    const controller = new AbortController();
    const context = { ...quietContext, signal: controller.signal, progress: () => controller.abort() };
    await expect(handlers.preview({ ...params, tileLog, region, output }, context)).rejects.toMatchObject({ code: 'cancelled' });
  });
});
