/** Photos become stored results. */
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { handlers } from '../../../../core/engine/handlers.ts';
import { readMetadata } from '../../../../core/engine/metadata/metadata.ts';
import { readManifest } from '../../../../core/engine/result/manifest.ts';
import { openResult } from '../../../../core/engine/result/stored-result.ts';
import type { EngineContext } from '../../../../core/engine/serve.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { photoFraction } from '../../../../core/photo/progress.ts';
import { pixelVersion } from '../../../../core/photo/result.ts';
import { cutOutPng, goodPhotos, phoneJpeg } from '../../../fixtures/photos.ts';
import { quietContext, renderHere, sha256Of, shippedCard } from '../../../fixtures/real-engine.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const folder = temporaryFolder('render');
const size = { width: 96, height: 72 };

describe('render', () => {
  it('says everything that decided the pixels, and what the files hold', async () => {
    const path = await phoneJpeg(folder.path, 6, size);
    const directory = folder.of('result');
    const { facts, result } = await renderHere(path, directory);
    const manifest = await readManifest(directory);
    expect(manifest).toMatchObject({
      parts: {
        sourceSha256: sha256Of(path),
        orientation: 6,
        modelSha256: shippedCard.variants.find(({ file }) => file === 'int8.onnx')?.sha256,
        passes: 1,
        resize: null,
        pixelVersion,
      },
      width: 192,
      height: 144,
      channels: 3,
      bitDepth: 8,
      sourceBits: 8,
      strength: result.strength,
    });
    expect(facts.orientation).toBe(6);
    const bytes = readdirSync(directory).reduce((sum, name) => sum + statSync(`${directory}/${name}`).size, 0);
    expect(result.storedBytes).toBe(bytes);
    expect(result).toMatchObject({ width: 192, height: 144, reusedTiles: 0 });
  });

  it('keeps the metadata of every kind of photo as it was read', async () => {
    for (const [name, make] of Object.entries(goodPhotos)) {
      const directory = folder.of('metadata');
      const path = await make(folder.path);
      // The network has nothing to do with it.
      const { facts } = await renderHere(path, directory, { recipe: { target: { kind: 'width', pixels: 40 } } });
      const { metadata, manifest } = await openResult(directory);
      expect([name, metadata.photo]).toEqual([name, await readMetadata(path, facts.format)]);
      expect([name, manifest.sourceBits, manifest.colourConverted]).toEqual([name, facts.bitDepth, facts.colour === 'cmyk']);
    }
  });

  it('stores the same bytes each time, whatever the tile side', async () => {
    const path = await cutOutPng(folder.path, size);
    const [first, second] = [folder.of('first'), folder.of('second')];
    await renderHere(path, first, { recipe: { target: { kind: 'scale', scale: 4 } } });
    await renderHere(path, second, {
      recipe: { target: { kind: 'scale', scale: 4 } },
      params: { tileSide: shippedCard.tile.min },
    });
    for (const name of readdirSync(first))
      expect([name, sha256Of(`${first}/${name}`)]).toEqual([name, sha256Of(`${second}/${name}`)]);
  });

  it('leaves no manifest of a photo that changed meanwhile, nor a scratch file', async () => {
    const path = folder.of('changing.jpg');
    cpSync(await phoneJpeg(folder.path, 1, size), path);
    const resultDirectory = folder.fresh();
    const scratchDirectory = folder.fresh();
    const { params } = await renderHere(path, folder.of('before'));
    const context: EngineContext = {
      ...quietContext,
      progress(stage) {
        if (stage === 'infer') writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from([0])]));
      },
    };
    const rendering = handlers.render({ ...params, resultDirectory, scratchDirectory }, context);
    await expect(rendering).rejects.toMatchObject({ code: 'source-changed', retry: true });
    expect(readdirSync(resultDirectory)).not.toContain('result.json');
    expect(readdirSync(scratchDirectory)).toEqual([]);
  });

  it('stops when it is cancelled, and leaves no manifest and no scratch file', async () => {
    const path = await phoneJpeg(folder.path, 1, size);
    const { params } = await renderHere(path, folder.of('whole'));
    for (const stage of ['decode', 'infer', 'resize'] as const) {
      const resultDirectory = folder.fresh();
      const scratchDirectory = folder.fresh();
      const controller = new AbortController();
      const context: EngineContext = {
        ...quietContext,
        signal: controller.signal,
        progress(reached) {
          if (reached === stage) controller.abort();
        },
      };
      const resize = { width: 150, height: 112 };
      const rendering = handlers.render({ ...params, resize, resultDirectory, scratchDirectory }, context);
      await expect(rendering).rejects.toMatchObject({ code: 'cancelled' });
      expect(readdirSync(resultDirectory)).not.toContain('result.json');
      expect(readdirSync(scratchDirectory)).toEqual([]);
    }
  });

  it('reports progress that only grows, to the end', async () => {
    const path = await phoneJpeg(folder.path, 1, size);
    const { params } = await renderHere(path, folder.of('steps'), { recipe: { target: { kind: 'width', pixels: 300 } } });
    const fractions: number[] = [];
    const context: EngineContext = {
      ...quietContext,
      progress(stage, fraction) {
        fractions.push(photoFraction(stage, fraction));
      },
    };
    await handlers.render({ ...params, resultDirectory: folder.fresh() }, context);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.length).toBeGreaterThan(5);
  });

  it('copies and shrinks without a network', async () => {
    const path = await phoneJpeg(folder.path, 1, { width: 120, height: 80 });
    const directory = folder.of('shrunk');
    const { result } = await renderHere(path, directory, { recipe: { target: { kind: 'width', pixels: 60 } } });
    expect(result).toMatchObject({ width: 60, height: 40, tiles: 0, strength: null });
    expect(await sharp(`${directory}/pixels.tif`).metadata()).toMatchObject({ width: 60, height: 40 });
    expect((await readManifest(directory)).parts.modelSha256).toBeNull();
  });
});
