import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { enlargeRaster } from '../../../../core/engine/network/enlarge-raster.ts';
import type { TileInfo } from '../../../../core/engine/network/enlarge-raster.ts';
import type { LoadedModel } from '../../../../core/engine/network/loaded-model.ts';
import type { Network } from '../../../../core/engine/network/session.ts';
import { allocateRows, maxSample } from '../../../../core/engine/raster/raster.ts';
import type { RasterShape, Samples } from '../../../../core/engine/raster/raster.ts';
import type { Channels, SampleDepth } from '../../../../core/photo/facts.ts';
import { fixedTiles } from '../../../../core/engine/device/fixed-tiles.ts';
import { leastTileSide, networkHalo } from '../../../../core/photo/tiles.ts';
import { installedModel } from '../../../fixtures/installed-model.ts';
import { memoryReader, memoryWriter } from '../../../fixtures/memory-raster.ts';
import { cutOut, noise, over } from '../../../fixtures/pictures.ts';

const files = ['int8.onnx', 'gpu.onnx'] as const;
/** One thread: tiny tiles gain nothing from more. Whether threads change the sums is tested on a larger picture. */
const models = {} as Record<(typeof files)[number], LoadedModel>;

beforeAll(async () => {
  for (const file of files) {
    // One in a thread of its own, with several tiles under way, as the engine has it.
    const model = await installedModel(file, 1, file === 'int8.onnx');
    // Small sides, so that small pictures have many tiles.
    models[file] = { ...model, card: { ...model.card, tile: { ...model.card.tile, min: 1 } } };
  }
});
afterAll(async () => {
  for (const file of files) await models[file].network.release();
});

interface Options {
  tileSide?: number;
  network?: Network;
  signal?: AbortSignal;
  onTile?: (info: TileInfo) => void;
}

async function enlarged(model: LoadedModel, shape: RasterShape, samples: Samples, options: Options = {}): Promise<Samples> {
  const output = memoryWriter({ ...shape, width: shape.width * 2, height: shape.height * 2 });
  await enlargeRaster({
    input: memoryReader(shape, samples),
    output,
    network: model.network,
    card: model.card,
    tileSide: 256,
    strength: 0,
    ...options,
  });
  return output.samples;
}

/** Side of a tile whose core is one pixel. */
function leastSide({ card }: LoadedModel): number {
  return leastTileSide({ halo: networkHalo(card.receptiveFieldRadius), multiple: card.tile.multiple });
}

/** First difference, as text that helps; null when equal. */
function difference(a: Samples, b: Samples): string | null {
  if (a.length !== b.length) return `lengths ${String(a.length)} and ${String(b.length)}`;
  for (let index = 0; index < a.length; index += 1)
    if (a[index] !== b[index]) return `at ${String(index)}: ${String(a[index])} and ${String(b[index])}`;
  return null;
}

const sizes: [number, number][] = [
  [1, 1],
  [2, 1],
  [1, 40],
  [40, 1],
  [2, 37],
  [17, 18],
  [31, 29],
  [53, 41],
];
const depths: SampleDepth[] = [8, 16];
const channelCounts: Channels[] = [1, 2, 3, 4];

describe.each(files)('a picture enlarged in tiles with %s', (file) => {
  test.each(channelCounts)('equals itself in tiles of one fixed size ($0 channels)', async (channels) => {
    const tileSide = leastSide(models[file]) + 13;
    const network = fixedTiles(models[file].network, tileSide);
    for (const [width, height] of sizes) {
      const shape = { width, height, channels, bitDepth: 8 as const };
      const samples = noise(shape, width * 1000 + height);
      const fixed = await enlarged(models[file], shape, samples, { tileSide, network });
      expect([shape, difference(fixed, await enlarged(models[file], shape, samples))]).toEqual([shape, null]);
    }
  });

  test.each(channelCounts.flatMap((channels) => depths.map((bitDepth) => ({ channels, bitDepth }))))(
    'equals itself enlarged whole, bit for bit ($channels channels, $bitDepth bits)',
    async ({ channels, bitDepth }) => {
      for (const [width, height] of sizes) {
        const shape = { width, height, channels, bitDepth };
        const samples = noise(shape, width * 1000 + height);
        const whole = await enlarged(models[file], shape, samples);
        // The least side leaves cores of a single pixel: right, but thousands of tiles on all but the smallest pictures.
        const least = leastSide(models[file]);
        for (const tileSide of width * height > 400 ? [least + 5, least + 15] : [least, least + 6]) {
          expect([shape, tileSide, difference(await enlarged(models[file], shape, samples, { tileSide }), whole)]).toEqual([
            shape,
            tileSide,
            null,
          ]);
        }
      }
    },
  );

  test('equals itself enlarged whole at any size and tile side', async () => {
    const side = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.integer({ min: 3, max: 23 }),
        fc.constantFrom(...channelCounts),
        fc.constantFrom(...depths),
        fc.nat(),
        async (width, height, core, channels, bitDepth, seed) => {
          const tileSide = leastSide(models[file]) + core - 1;
          const shape = { width, height, channels, bitDepth };
          const samples = noise(shape, seed);
          const whole = await enlarged(models[file], shape, samples);
          expect(difference(await enlarged(models[file], shape, samples, { tileSide }), whole)).toBeNull();
        },
      ),
      { numRuns: 30 },
    );
  });

  test('equals itself enlarged whole when it is larger than the default tile, whatever the threads', async () => {
    const shape: RasterShape = { width: 601, height: 347, channels: 3, bitDepth: 16 };
    const samples = noise(shape, 7);
    const whole = await enlarged(models[file], shape, samples, { tileSide: 768 });
    const { network } = await installedModel(file, 3);
    for (const tileSide of [128, 256])
      expect(difference(await enlarged(models[file], shape, samples, { tileSide, network }), whole)).toBeNull();
    await network.release();
  });
});

describe('samples', () => {
  test("of an even picture come back as they were, to within the network's own error", async () => {
    for (const bitDepth of depths) {
      const shape: RasterShape = { width: 40, height: 40, channels: 3, bitDepth };
      const middle = Math.round(maxSample(bitDepth) * 0.4);
      const result = await enlarged(models['gpu.onnx'], shape, allocateRows(shape, 40).fill(middle), { tileSide: 32 });
      expect(result[(40 * 80 + 40) * 3]! / maxSample(bitDepth)).toBeCloseTo(0.4, 1);
    }
  });

  test('are rounded to the nearest and clamped', async () => {
    const values = [-1, -0.001, 0, 0.4999 / 255, 0.5001 / 255, 1.4999 / 255, 254.4 / 255, 254.6 / 255, 1, 1.2];
    const halo = models['int8.onnx'].card.receptiveFieldRadius;
    const stub: Network = {
      scale: 2,
      inputPlanes: 3,
      run: (_, width, height) =>
        Promise.resolve(
          Float32Array.from(
            { length: 12 * width * height },
            // By the column of the picture, which begins a halo inside the tile.
            (_unused, index) => values[(Math.floor((index % (2 * width)) / 2) + 10 * values.length - halo) % values.length]!,
          ),
        ),
      inferMs: () => 0,
      release: () => Promise.resolve(),
    };
    const shape: RasterShape = { width: 10, height: 1, channels: 3, bitDepth: 8 };
    const reds = (await enlarged({ ...models['int8.onnx'], network: stub }, shape, noise(shape, 1))).filter(
      (_, index) => index % 6 === 0,
    );
    expect([...reds.slice(0, 10)]).toEqual([0, 0, 0, 0, 1, 1, 254, 255, 255, 255]);
    const deep: RasterShape = { ...shape, bitDepth: 16 };
    const deepReds = (await enlarged({ ...models['int8.onnx'], network: stub }, deep, noise(deep, 1))).filter(
      (_, index) => index % 6 === 0,
    );
    expect([...deepReds.slice(0, 10)]).toEqual(values.map((value) => Math.round(Math.min(Math.max(value, 0), 1) * 65535)));
  });

  test('of a grey picture in three channels stay exactly grey', async () => {
    const grey = noise({ width: 50, height: 40, channels: 1, bitDepth: 8 }, 3);
    const shape: RasterShape = { width: 50, height: 40, channels: 3, bitDepth: 8 };
    const rgb = Uint8Array.from({ length: grey.length * 3 }, (_, index) => grey[Math.floor(index / 3)]!);
    const result = await enlarged(models['int8.onnx'], shape, rgb, { tileSide: 32 });
    for (let index = 0; index < result.length; index += 3)
      expect(result[index] === result[index + 1] && result[index] === result[index + 2]).toBe(true);
    const single = await enlarged(models['int8.onnx'], { ...shape, channels: 1 }, grey);
    expect(
      difference(
        single,
        result.filter((_, index) => index % 3 === 0),
      ),
    ).toBeNull();
  });
});

describe('transparency', () => {
  test.each(depths)('that is constant around a pixel stays exactly so (%i bits)', async (bitDepth) => {
    const shape: RasterShape = { width: 70, height: 60, channels: 4, bitDepth };
    const full = maxSample(bitDepth);
    const samples = cutOut(shape, 0);
    const result = await enlarged(models['int8.onnx'], shape, samples, { tileSide: 32 });
    let constant = 0;
    for (let y = 0; y < shape.height; y += 1) {
      for (let x = 0; x < shape.width; x += 1) {
        const own = samples[(y * shape.width + x) * 4 + 3]!;
        if (own !== 0 && own !== full) continue;
        let even = true;
        for (let row = Math.max(y - 1, 0); row <= Math.min(y + 1, shape.height - 1); row += 1) {
          for (let column = Math.max(x - 1, 0); column <= Math.min(x + 1, shape.width - 1); column += 1)
            even &&= samples[(row * shape.width + column) * 4 + 3] === own;
        }
        if (!even) continue;
        constant += 1;
        for (const [dy, dx] of [
          [0, 0],
          [0, 1],
          [1, 0],
          [1, 1],
        ] as const)
          expect(result[((2 * y + dy) * shape.width * 2 + 2 * x + dx) * 4 + 3]).toBe(own);
      }
    }
    expect(constant).toBeGreaterThan(1000);
  });

  test('hides what is under it: the result does not depend on colours nobody sees', async () => {
    const shape: RasterShape = { width: 70, height: 60, channels: 4, bitDepth: 8 };
    const black = await enlarged(models['int8.onnx'], shape, cutOut(shape, 0), { tileSide: 32 });
    const white = await enlarged(models['int8.onnx'], shape, cutOut(shape, 255), { tileSide: 32 });
    expect(difference(black, white)).toBeNull();
  });

  test('hides colours under a grey picture too: it stays exactly grey', async () => {
    const shape: RasterShape = { width: 40, height: 30, channels: 4, bitDepth: 8 };
    const grey = noise({ ...shape, channels: 2 }, 9);
    const samples = Uint8Array.from({ length: 4800 }, (_, index) => {
      const pixel = Math.floor(index / 4) * 2;
      if (index % 4 === 3) return grey[pixel + 1]!;
      return grey[pixel + 1] === 0 ? 60 * (index % 4) : grey[pixel]!;
    });
    const result = await enlarged(models['int8.onnx'], shape, samples, { tileSide: 32 });
    for (let index = 0; index < result.length; index += 4)
      expect(result[index] === result[index + 1] && result[index] === result[index + 2]).toBe(true);
  });

  test('leaves no fringe: a cut-out over black or white is the same as enlarging it there', async () => {
    const shape: RasterShape = { width: 96, height: 80, channels: 4, bitDepth: 8 };
    const flat: RasterShape = { ...shape, channels: 3 };
    // The worst colour under each background: without the bleed the root mean square is 16 to 19, the largest over 100.
    for (const [background, hidden] of [
      [0, 255],
      [255, 0],
    ] as const) {
      const samples = cutOut(shape, hidden);
      const result = await enlarged(models['int8.onnx'], shape, samples, { tileSide: 48 });
      const after = over(result, background);
      const before = await enlarged(models['int8.onnx'], flat, over(samples, background));
      const signed = Array.from(after, (value, index) => value - before[index]!);
      const edge = signed.filter((_, index) => result[Math.floor(index / 3) * 4 + 3]! % 255 !== 0);
      expect(edge.length).toBeGreaterThan(500);
      expect(Math.abs(edge.reduce((sum, value) => sum + value, 0) / edge.length)).toBeLessThan(2);
      expect(Math.sqrt(edge.reduce((sum, value) => sum + value ** 2, 0) / edge.length)).toBeLessThan(6);
      expect(Math.max(...signed.map(Math.abs))).toBeLessThan(48);
    }
  });

  test('of a whole picture costs no network', async () => {
    const shape: RasterShape = { width: 40, height: 30, channels: 4, bitDepth: 8 };
    const never: Network = { ...models['int8.onnx'].network, run: () => Promise.reject(new Error('was run')) };
    const result = await enlarged(
      models['int8.onnx'],
      shape,
      new Uint8Array(4800).map((_, index) => (index % 4 === 3 ? 0 : 200)),
      { network: never },
    );
    expect(result.every((value) => value === 0)).toBe(true);
  });
});

describe('progress', () => {
  test("is told after every tile, and the network's time never falls", async () => {
    const shape: RasterShape = { width: 60, height: 50, channels: 3, bitDepth: 8 };
    const seen: TileInfo[] = [];
    await enlarged(models['int8.onnx'], shape, noise(shape, 1), { tileSide: 32, onTile: (info) => seen.push(info) });
    expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1));
    expect(seen.at(-1)?.done).toBe(seen[0]?.total);
    for (let index = 1; index < seen.length; index += 1)
      expect(seen[index]!.inferMs).toBeGreaterThanOrEqual(seen[index - 1]!.inferMs);
    expect(seen[0]!.inferMs).toBeGreaterThan(0);
  });

  test('ends at the next tile when it is cancelled', async () => {
    const shape: RasterShape = { width: 200, height: 20, channels: 3, bitDepth: 8 };
    const controller = new AbortController();
    let tiles = 0;
    const run = enlarged(models['int8.onnx'], shape, noise(shape, 1), {
      tileSide: 32,
      signal: controller.signal,
      onTile: () => {
        tiles += 1;
        if (tiles === 3) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(tiles).toBe(3);
  });

  test('lets other work through between tiles', async () => {
    const shape: RasterShape = { width: 200, height: 20, channels: 3, bitDepth: 8 };
    let turns = 0;
    let going = true;
    const turn = (): void => {
      turns += 1;
      if (going) setImmediate(turn);
    };
    setImmediate(turn);
    let tiles = 0;
    await enlarged(models['int8.onnx'], shape, noise(shape, 1), { tileSide: 32, onTile: () => (tiles += 1) });
    going = false;
    expect(turns).toBeGreaterThanOrEqual(tiles);
  });

  test('refuses rasters and tiles that do not fit', async () => {
    const shape: RasterShape = { width: 20, height: 20, channels: 3, bitDepth: 8 };
    const { network, card } = models['int8.onnx'];
    const wrong = memoryWriter({ ...shape, width: 41, height: 40 });
    await expect(
      enlargeRaster({ input: memoryReader(shape, noise(shape, 1)), output: wrong, network, card, tileSide: 256, strength: 0 }),
    ).rejects.toThrow(RangeError);
    await expect(enlarged(models['int8.onnx'], shape, noise(shape, 1), { tileSide: 5000 })).rejects.toThrow(RangeError);
  });
});
