import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allocateRows, maxSample, type RasterShape, type Samples } from '../../../../core/engine/raster/raster.ts';
import { sharp, type Sharp } from '../../../../core/engine/sharp.ts';
import type { Channels, SampleDepth } from '../../../../core/photo/facts.ts';
import { outputFormats, type OutputFormat } from '../../../../core/photo/recipe.ts';
import { enhanceHere, sha256Of } from '../../../fixtures/real-engine.ts';
import { p3Profile } from '../../../fixtures/p3-profile.ts';

let folder = '';
let p3: Uint8Array = new Uint8Array();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'enhance-test-'));
  p3 = await p3Profile();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Smooth, asymmetric, every channel different: enlarging it must change little but the size. */
function picture(shape: RasterShape): Samples {
  const samples = allocateRows(shape, shape.height);
  const top = maxSample(shape.bitDepth);
  for (let y = 0; y < shape.height; y += 1) {
    for (let x = 0; x < shape.width; x += 1) {
      const [u, v] = [(x + 0.5) / shape.width, (y + 0.5) / shape.height];
      const colours = shape.channels < 3 ? [0.2 + 0.6 * u * v] : [0.1 + 0.8 * u, 0.9 - 0.7 * v, 0.3 + 0.3 * u * v];
      const values = shape.channels % 2 === 0 ? [...colours, 0.4 + 0.6 * v] : colours;
      for (let channel = 0; channel < shape.channels; channel += 1)
        samples[(y * shape.width + x) * shape.channels + channel] = Math.round((values[channel] ?? 0) * top);
    }
  }
  return samples;
}

function encode(image: Sharp, format: OutputFormat, deep: boolean): Sharp {
  switch (format) {
    case 'jpeg':
      return image.jpeg({ quality: 100, chromaSubsampling: '4:4:4' });
    case 'png':
      return image.png();
    case 'webp':
      return image.webp({ lossless: true, exact: true });
    case 'avif':
      return image.avif({ quality: 95, chromaSubsampling: '4:4:4', bitdepth: deep ? 12 : 8, effort: 1 });
    case 'tiff':
      return image.tiff({ compression: 'lzw' });
  }
}

async function writePhoto(path: string, shape: RasterShape, format: OutputFormat, icc: Uint8Array | null): Promise<Samples> {
  const samples = picture(shape);
  const deep = shape.bitDepth === 16;
  const raw = sharp(samples, { raw: { width: shape.width, height: shape.height, channels: shape.channels } });
  const space = shape.channels < 3 ? (deep ? 'grey16' : 'b-w') : deep ? 'rgb16' : 'srgb';
  let image = raw.toColourspace(space);
  if (icc !== null) {
    // Attaching a profile by sharp converts; a tagged carrier of the same samples does not.
    const tagged = await image.tiff({ compression: 'none' }).toBuffer();
    const carrier = join(folder, 'profile.icc');
    writeFileSync(carrier, icc);
    image = sharp(tagged).toColourspace(space).withIccProfile(carrier);
  }
  await encode(image, format, deep).toFile(path);
  return samples;
}

async function readPhoto(path: string): Promise<{
  samples: Samples;
  stride: number;
  channels: number;
  deep: boolean;
  width: number;
  height: number;
  icc: Uint8Array | null;
  orientation: number;
}> {
  const facts = await sharp(path).metadata();
  const deep = facts.depth === 'ushort';
  const space = deep ? (facts.channels === 1 ? 'grey16' : 'rgb16') : facts.channels === 1 ? 'b-w' : null;
  let image = sharp(path).keepIccProfile();
  if (space !== null) image = image.toColourspace(space);
  const { data, info } = await image.raw({ depth: deep ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
  const samples = deep ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : new Uint8Array(data);
  return {
    samples,
    stride: info.channels,
    channels: facts.channels,
    deep,
    width: info.width,
    height: info.height,
    icc: facts.icc === undefined ? null : new Uint8Array(facts.icc),
    orientation: facts.orientation ?? 1,
  };
}

/** Mean of each channel, 0..1. */
function means(samples: Samples, stride: number, top: number): number[] {
  const sums = Array<number>(stride).fill(0);
  samples.forEach((value, at) => {
    sums[at % stride] = (sums[at % stride] ?? 0) + value;
  });
  return sums.map((sum) => sum / (samples.length / stride) / top);
}

const depths: Record<OutputFormat, SampleDepth[]> = { jpeg: [8], webp: [8], png: [8, 16], tiff: [8, 16], avif: [8, 16] };
const channelCounts: Record<OutputFormat, Channels[]> = {
  jpeg: [1, 3],
  webp: [3, 4],
  avif: [3, 4],
  png: [1, 2, 3, 4],
  tiff: [1, 2, 3, 4],
};

describe('enhancing keeps what a photo is', () => {
  let covered = 0;
  for (const format of outputFormats) {
    for (const bitDepth of depths[format]) {
      for (const channels of channelCounts[format]) {
        for (const tagged of channels < 3 ? [false] : [false, true]) {
          it(`${format}, ${String(bitDepth)} bits, ${String(channels)} channels, ${tagged ? 'P3' : 'no profile'}`, async () => {
            const shape = { width: 37, height: 23, channels, bitDepth };
            const source = join(folder, `in.${format}`);
            const output = join(folder, `out.${format}`);
            await writePhoto(source, shape, format, tagged ? p3 : null);
            const before = await readPhoto(source);
            const hash = sha256Of(source);
            const { encoded } = await enhanceHere(source, output);
            const after = await readPhoto(output);
            expect(encoded).toMatchObject({ width: 74, height: 46 });
            expect([after.width, after.height]).toEqual([74, 46]);
            expect(after.channels).toBe(before.channels);
            expect(after.deep).toBe(bitDepth === 16);
            expect(after.icc).toEqual(before.icc);
            expect(after.icc !== null).toBe(tagged);
            const top = maxSample(bitDepth);
            means(after.samples, after.stride, top).forEach((mean, channel) => {
              expect(Math.abs(mean - (means(before.samples, before.stride, top)[channel] ?? NaN))).toBeLessThan(0.006);
            });
            expect(sha256Of(source)).toBe(hash);
            expect(readdirSync(folder).filter((name) => name.endsWith('.tif'))).toEqual([]);
            covered += 1;
          });
        }
      }
    }
  }
  it('covered every combination', () => {
    expect(covered).toBe(39);
  });
});

describe('enhancing turns every photo upright', () => {
  for (const format of ['jpeg', 'png', 'webp', 'tiff'] as const) {
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      it(`${format} with orientation ${String(orientation)}`, async () => {
        const upright = join(folder, 'upright.png');
        await writePhoto(upright, { width: 40, height: 24, channels: 3, bitDepth: 8 }, 'png', null);
        const source = join(folder, `turned.${format}`);
        await encode(await stored(upright, orientation), format, false)
          .withMetadata({ orientation })
          .toFile(source);
        const output = join(folder, `turned-out.${format}`);
        await enhanceHere(source, output);
        const after = await readPhoto(output);
        expect([after.width, after.height]).toEqual([80, 48]);
        expect(after.orientation).toBe(1);
        const corner = (x: number, y: number): number[] => [
          ...after.samples.subarray((y * 80 + x) * after.stride, (y * 80 + x) * after.stride + 3),
        ];
        const expected = picture({ width: 80, height: 48, channels: 3, bitDepth: 8 });
        for (const [x, y] of [
          [8, 6],
          [70, 6],
          [8, 40],
          [70, 40],
        ] as const) {
          corner(x, y).forEach((value, channel) => {
            expect(Math.abs(value - (expected[(y * 80 + x) * 3 + channel] ?? NaN))).toBeLessThan(10);
          });
        }
      });
    }
  }

  /** The stored pixels that `orientation` turns back upright. */
  async function stored(path: string, orientation: number): Promise<Sharp> {
    const turn = (degrees: number, image: Buffer): Promise<Buffer> => sharp(image).rotate(degrees).png().toBuffer();
    const flip = (image: Buffer): Promise<Buffer> => sharp(image).flip().png().toBuffer();
    const flop = (image: Buffer): Promise<Buffer> => sharp(image).flop().png().toBuffer();
    const image = readFileSync(path);
    switch (orientation) {
      case 2:
        return sharp(await flop(image));
      case 3:
        return sharp(await turn(180, image));
      case 4:
        return sharp(await flip(image));
      case 5:
        return sharp(await flop(await turn(90, image)));
      case 6:
        return sharp(await turn(270, image));
      case 7:
        return sharp(await flop(await turn(270, image)));
      case 8:
        return sharp(await turn(90, image));
      default:
        return sharp(image);
    }
  }
});

describe('enhancing', () => {
  it('reaches a target size between the scales, exactly', async () => {
    const source = join(folder, 'size.png');
    await writePhoto(source, { width: 41, height: 29, channels: 4, bitDepth: 16 }, 'png', null);
    for (const pixels of [20, 41, 60, 82, 100, 164, 165]) {
      const output = join(folder, 'size-out.png');
      const { encoded } = await enhanceHere(source, output, { recipe: { target: { kind: 'width', pixels } } });
      expect(encoded.width).toBe(pixels);
      const after = await readPhoto(output);
      expect([after.width, after.height, after.channels, after.deep]).toEqual([pixels, Math.round((29 * pixels) / 41), 4, true]);
    }
  });

  it('makes ×4 by two passes, the same pixels as enlarging the enlarged photo', async () => {
    const source = join(folder, 'four.png');
    await writePhoto(source, { width: 33, height: 21, channels: 3, bitDepth: 8 }, 'png', null);
    const [once, twice, four] = [join(folder, 'once.png'), join(folder, 'twice.png'), join(folder, 'four-out.png')];
    await enhanceHere(source, once);
    await enhanceHere(once, twice);
    await enhanceHere(source, four, { recipe: { target: { kind: 'scale', scale: 4 } } });
    expect((await readPhoto(four)).samples).toEqual((await readPhoto(twice)).samples);
  });

  it('lays a cut-out over white where the format has no transparency, and rounds 16 bits to 8', async () => {
    const source = join(folder, 'cut.png');
    await writePhoto(source, { width: 30, height: 20, channels: 4, bitDepth: 16 }, 'png', null);
    const output = join(folder, 'cut.jpg');
    const { encoded } = await enhanceHere(source, output, { exported: { format: 'jpeg', quality: 100 } });
    expect(encoded.width).toBe(60);
    const after = await readPhoto(output);
    expect([after.channels, after.deep]).toEqual([3, false]);
    // Top left of the picture: red 0.1, alpha 0.4 → 0.1 · 0.4 + 0.6 = 0.64.
    expect(Math.abs((after.samples[0] ?? 0) - 0.645 * 255)).toBeLessThan(8);
  });

  it('refuses an original that is not the one the plan was made for, and leaves nothing', async () => {
    const source = join(folder, 'changed.png');
    await writePhoto(source, { width: 30, height: 20, channels: 3, bitDepth: 8 }, 'png', null);
    const output = join(folder, 'changed-out.png');
    const { facts } = await enhanceHere(source, output);
    writeFileSync(source, Buffer.concat([readFileSync(source), Buffer.from([0])]));
    await expect(enhanceHere(source, output, { params: { facts } })).rejects.toMatchObject({ code: 'source-changed' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tif'))).toEqual([]);
  });

  it('tells why a model cannot be loaded, and leaves nothing', async () => {
    const source = join(folder, 'model.png');
    await writePhoto(source, { width: 30, height: 20, channels: 3, bitDepth: 8 }, 'png', null);
    const params = { model: { directory: folder, file: 'int8.onnx' } };
    await expect(enhanceHere(source, join(folder, 'model-out.png'), { params })).rejects.toMatchObject({ code: 'model-missing' });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tif'))).toEqual([]);
  });

  it('writes no metadata but the profile when all is to be stripped', async () => {
    const source = join(folder, 'strip.jpg');
    await sharp({ create: { width: 20, height: 20, channels: 3, background: 'teal' } })
      .withIccProfile('p3')
      .withExif({ IFD0: { Make: 'Maker', Artist: 'Somebody' } })
      .jpeg()
      .toFile(source);
    const output = join(folder, 'strip-out.jpg');
    await enhanceHere(source, output, { exported: { strip: 'all' } });
    const facts = await sharp(output).metadata();
    expect(facts.icc).toBeDefined();
    expect([facts.exif, facts.xmp, facts.iptc]).toEqual([undefined, undefined, undefined]);
    expect(readFileSync(output).includes('Somebody')).toBe(false);
    await enhanceHere(source, output);
    expect(readFileSync(output).includes('Somebody')).toBe(true);
    expect((await sharp(output).metadata()).xmp?.toString()).toContain('photo-x2');
  });
});
