/** Whatever happens to the files of a result: nothing that is made of them is wrong. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyMetadata } from '../../../../core/engine/metadata/photo-metadata.ts';
import type { RasterShape } from '../../../../core/engine/raster/raster.ts';
import { writeResultTile } from '../../../../core/engine/result/result-tile.ts';
import { isFailureCode } from '../../../../core/photo/failure.ts';
import { levelCount, levelSize } from '../../../../core/photo/zoom-levels.ts';
import { writeEngineResult } from '../../../fixtures/engine-result.ts';
import { noise, randomStream } from '../../../fixtures/pictures.ts';
import { encodeHere } from '../../../fixtures/real-engine.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const folder = temporaryFolder('damage');
const [whole, hurt, output] = [folder.of('whole'), folder.of('hurt'), folder.of('output')];
const shape: RasterShape = { width: 75, height: 60, channels: 3, bitDepth: 16 };
const side = 16;

/** Everything that can be made of a result, by name; what was refused as damaged is null. */
async function everything(directory: string): Promise<Map<string, Buffer | null>> {
  const made = new Map<string, Buffer | null>();
  const add = async (name: string, make: () => Promise<unknown>): Promise<void> => {
    try {
      await make();
      made.set(name, readFileSync(output));
    } catch (thrown) {
      if (!isFailureCode(thrown, 'damaged')) throw thrown;
      expect(thrown).toMatchObject({ retry: true });
      made.set(name, null);
    }
  };
  await add('png as stored', async () => encodeHere(directory, { path: output, format: 'png', quality: null }));
  await add('jpeg of 8 bits', async () => encodeHere(directory, { path: output, format: 'jpeg', quality: 90 }));
  const small = { width: 20, height: 16 };
  await add('a smaller png', async () => encodeHere(directory, { path: output, format: 'png', quality: null }, { size: small }));
  for (let level = 0; level < levelCount(shape); level += 1) {
    const { width, height } = levelSize(shape, level);
    for (let y = 0; y * side < height; y += 1) {
      for (let x = 0; x * side < width; x += 1) {
        const tile = { resultDirectory: directory, level, x, y, output };
        await add(`tile ${String(level)}/${String(x)}_${String(y)}`, async () => writeResultTile(tile));
      }
    }
  }
  return made;
}

let right: Map<string, Buffer | null>;
let names: string[];
beforeAll(async () => {
  mkdirSync(whole);
  const photo = { ...emptyMetadata(), xmp: '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', density: { x: 300, y: 300 } };
  await writeEngineResult(whole, shape, noise(shape, 3), { side, photo });
  right = await everything(whole);
  names = readdirSync(whole).sort();
});

async function expectNothingWrong(hurtIt: () => void): Promise<{ refused: number }> {
  rmSync(hurt, { recursive: true, force: true });
  cpSync(whole, hurt, { recursive: true });
  hurtIt();
  let refused = 0;
  for (const [name, made] of await everything(hurt)) {
    if (made === null) refused += 1;
    else expect([name, made.equals(right.get(name) ?? Buffer.alloc(0))]).toEqual([name, true]);
  }
  return { refused };
}

describe('a result', () => {
  it('is made of these files, and whole before it is hurt', () => {
    expect(names).toEqual(['level-2.tif', 'level-3.tif', 'metadata.json', 'pixels.tif', 'result.json']);
    expect([...right.values()]).not.toContain(null);
  });

  it('with any bit flipped anywhere gives nothing that is wrong, and the flip is noticed', async () => {
    const random = randomStream(7);
    for (let flip = 0; flip < 100; flip += 1) {
      // Every file gets its share of flips, however small it is.
      const path = join(hurt, names[flip % names.length]!);
      let at = 0;
      const { refused } = await expectNothingWrong(() => {
        const bytes = readFileSync(path);
        at = Math.floor(random() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        writeFileSync(path, bytes);
      });
      expect([path, at, refused > 0]).toEqual([path, at, true]);
    }
  });

  it('with a file cut, emptied or gone gives nothing that is wrong', async () => {
    for (const name of names) {
      const path = join(hurt, name);
      const { length } = readFileSync(join(whole, name));
      for (const bytes of [0, 1, Math.floor(length / 2), length - 1])
        expect((await expectNothingWrong(() => truncateSync(path, bytes))).refused).toBeGreaterThan(0);
      expect((await expectNothingWrong(() => unlinkSync(path))).refused).toBeGreaterThan(0);
    }
  });

  it('with files of another result gives nothing that is wrong', async () => {
    const other = folder.fresh();
    await writeEngineResult(other, shape, noise(shape, 4), { side });
    for (const name of names) {
      await expectNothingWrong(() => {
        if (name !== 'result.json') writeFileSync(join(hurt, name), readFileSync(join(other, name)));
      });
    }
  });
});
