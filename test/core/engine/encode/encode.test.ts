import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodedDepth, encodeRaster } from '../../../../core/engine/encode/encode.ts';
import { allocateRows, maxSample, type RasterShape, type Samples } from '../../../../core/engine/raster/raster.ts';
import { createRaster } from '../../../../core/engine/raster/tiff-raster-writer.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import type { Channels, SampleDepth } from '../../../../core/photo/facts.ts';
import { outputFormats, type OutputFormat } from '../../../../core/photo/recipe.ts';
import { p3Profile } from '../../../fixtures/p3-profile.ts';

let folder = '';
let p3: Uint8Array = new Uint8Array();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'encode-test-'));
  p3 = await p3Profile();
});
afterAll(async () => rm(folder, { recursive: true }));

/** A smooth picture with every channel different, so that lossy formats stay near and swapped channels do not. */
function ramp(shape: RasterShape): Samples {
  const samples = allocateRows(shape, shape.height);
  const top = maxSample(shape.bitDepth);
  for (let y = 0; y < shape.height; y += 1) {
    for (let x = 0; x < shape.width; x += 1) {
      const values = [x / (shape.width - 1), y / (shape.height - 1), 0.3, 0.2 + (0.8 * x) / (shape.width - 1)];
      const used = shape.channels < 3 ? [values[0], values[3]] : values;
      for (let channel = 0; channel < shape.channels; channel += 1)
        samples[(y * shape.width + x) * shape.channels + channel] = Math.round((used[channel] ?? 0) * top);
    }
  }
  return samples;
}

async function readBack(
  path: string,
): Promise<{ samples: Samples; stride: number; channels: number; bits: number; icc: boolean; density: number | undefined }> {
  const facts = await sharp(path).metadata();
  const deep = facts.depth === 'ushort';
  // sharp drops alpha from raw grey: grey with alpha is read as three equal colours.
  const space = deep ? (facts.channels === 1 ? 'grey16' : 'rgb16') : facts.channels === 1 ? 'b-w' : null;
  let picture = sharp(path).keepIccProfile();
  if (space !== null) picture = picture.toColourspace(space);
  const { data: raw, info } = await picture.raw({ depth: deep ? 'ushort' : 'uchar' }).toBuffer({ resolveWithObject: true });
  const samples = deep ? new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2) : new Uint8Array(raw);
  return {
    samples,
    stride: info.channels,
    channels: facts.channels,
    bits: deep ? 16 : 8,
    icc: facts.icc !== undefined,
    density: facts.density,
  };
}

// Largest difference in 1/255 that a format's compression may cause on this picture; 0 where it is lossless.
const tolerance: Record<OutputFormat, number> = { png: 0, tiff: 0, jpeg: 3, webp: 10, avif: 6 };

describe('encodeRaster', () => {
  for (const format of outputFormats) {
    for (const bitDepth of [8, 16] as SampleDepth[]) {
      if (encodedDepth(format, bitDepth) !== bitDepth) continue;
      for (const channels of [1, 2, 3, 4] as Channels[]) {
        if (format === 'jpeg' && channels % 2 === 0) continue;
        for (const icc of [false, true]) {
          if (icc && channels < 3) continue;
          it(`writes the device values of ${String(channels)} channels of ${String(bitDepth)} bits ${icc ? 'in P3' : 'without profile'} as ${format}`, async () => {
            const shape = { width: 61, height: 37, channels, bitDepth };
            const rasterPath = join(folder, 'raster.tif');
            const samples = ramp(shape);
            const density = { x: 300, y: 300 };
            const raster = createRaster(rasterPath, shape, { icc: icc ? p3 : null, density });
            raster.writeRows(0, shape.height, samples);
            raster.close();
            const path = join(folder, `out.${format}`);
            expect(
              await encodeRaster({
                raster: rasterPath,
                shape,
                sourceBits: bitDepth,
                path,
                format,
                quality: format === 'png' || format === 'tiff' ? null : 95,
                density,
              }),
            ).toBeGreaterThan(0);
            const back = await readBack(path);
            expect(back.icc).toBe(icc);
            expect(back.bits).toBe(bitDepth);
            const grey = channels < 3;
            expect(back.channels).toBe(grey && (format === 'webp' || format === 'avif') ? channels + 2 : channels);
            if (format === 'png' || format === 'tiff') expect(Math.round(back.density ?? 0)).toBe(300);
            let worst = 0;
            for (let pixel = 0; pixel < shape.width * shape.height; pixel += 1) {
              for (let channel = 0; channel < channels; channel += 1) {
                const spread = grey && channel === 1 ? back.stride - 1 : channel;
                worst = Math.max(
                  worst,
                  Math.abs((samples[pixel * channels + channel] ?? NaN) - (back.samples[pixel * back.stride + spread] ?? NaN)),
                );
              }
            }
            expect((worst / maxSample(bitDepth)) * 255).toBeLessThanOrEqual(tolerance[format]);
          });
        }
      }
    }
  }

  for (const { format, bitDepth } of [
    { format: 'webp', bitDepth: 8 },
    { format: 'avif', bitDepth: 8 },
    { format: 'avif', bitDepth: 16 },
  ] as const) {
    for (const channels of [1, 2] as const) {
      it(`converts ${String(channels)} channels of ${String(bitDepth)}-bit grey with a grey profile to sRGB for ${format}`, async () => {
        const shape = { width: 16, height: 16, channels, bitDepth };
        // Linear grey: 21.6 % of the light, which sRGB codes as 128. Alpha, where there is one, is no light.
        const linear = Math.round(0.2158605 * maxSample(bitDepth));
        const samples = allocateRows(shape, 16).fill(maxSample(bitDepth));
        for (let at = 0; at < samples.length; at += channels) samples[at] = linear;
        const rasterPath = join(folder, 'grey.tif');
        const raster = createRaster(rasterPath, shape, { icc: greyProfile(), density: null });
        raster.writeRows(0, 16, samples);
        raster.close();
        const path = join(folder, `grey.${format}`);
        await encodeRaster({ raster: rasterPath, shape, sourceBits: bitDepth, path, format, quality: 100, density: null });
        const back = await readBack(path);
        expect(back.icc).toBe(false);
        expect(back.bits).toBe(bitDepth);
        expect(Math.abs(((back.samples[0] ?? 0) / maxSample(bitDepth)) * 255 - 128)).toBeLessThanOrEqual(2);
        const kept = join(folder, 'grey.png');
        await encodeRaster({
          raster: rasterPath,
          shape,
          sourceBits: bitDepth,
          path: kept,
          format: 'png',
          quality: null,
          density: null,
        });
        expect((await readBack(kept)).samples[0]).toBe(linear);
      });
    }
  }

  it('says not-writable when the target cannot be written', async () => {
    const shape = { width: 4, height: 4, channels: 3, bitDepth: 8 } as const;
    const rasterPath = join(folder, 'small.tif');
    const raster = createRaster(rasterPath, shape, { icc: null, density: null });
    raster.writeRows(0, 4, allocateRows(shape, 4));
    raster.close();
    await expect(
      encodeRaster({
        raster: rasterPath,
        shape,
        sourceBits: 8,
        path: join(folder, 'missing', 'out.png'),
        format: 'png',
        quality: null,
        density: null,
      }),
    ).rejects.toMatchObject({ code: 'not-writable' });
  });
});

/** A minimal ICC v2 grey profile with a linear curve. */
function greyProfile(): Uint8Array {
  const tags: [string, Uint8Array][] = [
    ['desc', textTag('desc', 'Linear grey')],
    ['wtpt', xyzTag()],
    ['kTRC', new Uint8Array([...ascii('curv'), 0, 0, 0, 0, 0, 0, 0, 0])],
    ['cprt', new Uint8Array([...ascii('text'), 0, 0, 0, 0, ...ascii('none'), 0, 0, 0, 0])],
  ];
  let offset = 128 + 4 + tags.length * 12;
  const profile = new Uint8Array(offset + tags.reduce((sum, [, data]) => sum + Math.ceil(data.length / 4) * 4, 0));
  const view = new DataView(profile.buffer);
  view.setUint32(0, profile.length);
  view.setUint32(8, 0x02400000);
  profile.set(ascii('mntrGRAYXYZ '), 12);
  profile.set(ascii('acsp'), 36);
  view.setInt32(68, 63190);
  view.setInt32(72, 65536);
  view.setInt32(76, 54061);
  view.setUint32(128, tags.length);
  tags.forEach(([name, data], index) => {
    profile.set(ascii(name), 132 + index * 12);
    view.setUint32(136 + index * 12, offset);
    view.setUint32(140 + index * 12, data.length);
    profile.set(data, offset);
    offset += Math.ceil(data.length / 4) * 4;
  });
  return profile;
}

function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function textTag(type: string, text: string): Uint8Array {
  const data = new Uint8Array(12 + text.length + 1 + 78);
  data.set(ascii(type));
  new DataView(data.buffer).setUint32(8, text.length + 1);
  data.set(ascii(text), 12);
  return data;
}

function xyzTag(): Uint8Array {
  const data = new Uint8Array(20);
  data.set(ascii('XYZ '));
  const view = new DataView(data.buffer);
  view.setInt32(8, 63190);
  view.setInt32(12, 65536);
  view.setInt32(16, 54061);
  return data;
}
