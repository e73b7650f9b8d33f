/** Stored results become files: what is in them follows from the stored pixels alone. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeRaster } from '../../../../core/engine/encode/encode.ts';
import { readMetadata } from '../../../../core/engine/metadata/metadata.ts';
import { emptyMetadata, type PhotoMetadata } from '../../../../core/engine/metadata/photo-metadata.ts';
import { readProvenance } from '../../../../core/engine/metadata/provenance.ts';
import { MemoryPlace } from '../../../../core/engine/raster/byte-store.ts';
import { createRaster } from '../../../../core/engine/raster/tiff-raster-writer.ts';
import { allocateRows, maxSample, type RasterShape, type Samples } from '../../../../core/engine/raster/raster.ts';
import { shrinkRaster } from '../../../../core/engine/resample/shrink-raster.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { formatTraits } from '../../../../core/photo/formats.ts';
import { outputFormats, type OutputFormat } from '../../../../core/photo/recipe.ts';
import { writeEngineResult } from '../../../fixtures/engine-result.ts';
import { exifBlock } from '../metadata/fixtures.ts';
import { fillRows } from '../../../fixtures/fill-rows.ts';
import { memoryReader, memoryWriter } from '../../../fixtures/memory-raster.ts';
import { noise } from '../../../fixtures/pictures.ts';
import { encodeHere } from '../../../fixtures/real-engine.ts';
import { everyShape } from '../../../fixtures/samples.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { p3Profile } from '../../../fixtures/p3-profile.ts';

const folder = temporaryFolder('encode-result');

/** Of the decoded file, so that metadata does not matter. */
async function pixelsOf(path: string): Promise<Buffer> {
  const { depth, channels } = await sharp(path).metadata();
  const deep = depth === 'ushort';
  const image = sharp(path).keepIccProfile();
  const space = deep ? (channels < 3 ? 'grey16' : 'rgb16') : 'srgb';
  return await image
    .toColourspace(space)
    .raw({ depth: deep ? 'ushort' : 'uchar' })
    .toBuffer();
}

/** What the format can hold of the samples, computed one by one: alpha over white, 16 bits rounded to 8. */
function held(shape: RasterShape, samples: Samples, format: OutputFormat): { shape: RasterShape; samples: Samples } {
  const drops = shape.channels % 2 === 0 && !formatTraits[format].alpha;
  const channels = (shape.channels - (drops ? 1 : 0)) as RasterShape['channels'];
  const bitDepth = formatTraits[format].maxDepth > 8 ? shape.bitDepth : 8;
  const into = { ...shape, channels, bitDepth };
  const top = maxSample(shape.bitDepth);
  const scale = maxSample(bitDepth) / top;
  const values = allocateRows(into, shape.height);
  for (let at = 0; at < values.length; at += 1) {
    const from = Math.floor(at / channels) * shape.channels + (at % channels);
    const opacity = drops ? samples[from - (at % channels) + channels]! / top : 1;
    values[at] = Math.round((top + (samples[from]! - top) * opacity) * scale);
  }
  return { shape: into, samples: values };
}

/** The file that the bare encoder makes of these samples. */
async function plainly(shape: RasterShape, samples: Samples, format: OutputFormat, quality: number | null): Promise<Buffer> {
  const place = new MemoryPlace();
  fillRows(createRaster(place, shape), samples);
  const path = folder.of('plainly');
  await encodeRaster({ raster: place, shape, sourceBits: shape.bitDepth, path, format, quality, density: null });
  return await pixelsOf(path);
}

describe('a stored result becomes a file', () => {
  for (const format of outputFormats) {
    it(`of ${format} with the pixels that were stored, as far as the format holds them`, async () => {
      for (const shape of everyShape(70, 37)) {
        const samples = noise(shape, 9);
        const directory = folder.fresh();
        await writeEngineResult(directory, shape, samples, { side: 16 });
        const path = folder.of(`out.${format}`);
        const quality = formatTraits[format].defaultQuality;
        const encoded = await encodeHere(directory, { path, format, quality });
        expect(encoded).toMatchObject({ width: 70, height: 37, strength: 0.25 });
        const kept = held(shape, samples, format);
        expect([shape, await pixelsOf(path)]).toEqual([shape, await plainly(kept.shape, kept.samples, format, quality)]);
      }
    });
  }

  it('as a JPEG in bands, where it is taller than one, with the same pixels, profile and metadata', async () => {
    for (const [channels, quality] of [
      [3, 95],
      [3, 80],
      [1, 80],
    ] as const) {
      const shape: RasterShape = { width: 37, height: 1100, channels, bitDepth: 8 };
      const samples = noise(shape, 4);
      const directory = folder.fresh();
      const profile = channels === 3 ? await p3Profile() : null;
      await writeEngineResult(directory, shape, samples, { side: 16, profile });
      const path = folder.of('tall.jpg');
      const encoded = await encodeHere(directory, { path, format: 'jpeg', quality });
      const bytes = readFileSync(path);
      expect(encoded).toMatchObject({
        height: 1100,
        outputBytes: bytes.length,
        outputSha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(bytes.includes(Buffer.from([0xff, 0xdd, 0, 4]))).toBe(true);
      expect(await pixelsOf(path)).toEqual(await plainly(shape, samples, 'jpeg', quality));
      expect((await sharp(path).metadata()).icc ?? null).toEqual(profile === null ? null : Buffer.from(profile));
      expect((await readProvenance(path))?.modelId).toBe('photo-x2');
    }
  });

  it('shrunk in linear light, before bits or alpha go', async () => {
    for (const shape of everyShape(60, 45)) {
      const samples = noise(shape, 2);
      const directory = folder.fresh();
      await writeEngineResult(directory, shape, samples, { side: 16 });
      for (const format of ['png', 'jpeg'] as const) {
        const size = { width: 21, height: 16 };
        const path = folder.of(`small.${format}`);
        const encoded = await encodeHere(directory, { path, format, quality: 90 }, { size });
        expect([encoded.width, encoded.height]).toEqual([21, 16]);
        const output = memoryWriter({ ...shape, ...size });
        await shrinkRaster({ input: memoryReader(shape, samples), output, icc: null });
        const kept = held(output.shape, output.samples, format);
        expect([shape, await pixelsOf(path)]).toEqual([shape, await plainly(kept.shape, kept.samples, format, 90)]);
      }
    }
  });

  it('whose hash and size are told, with no scratch file left', async () => {
    const shape: RasterShape = { width: 50, height: 40, channels: 4, bitDepth: 16 };
    const directory = folder.fresh();
    await writeEngineResult(directory, shape, noise(shape, 1));
    const place = folder.fresh();
    const path = `${place}/out.jpg`;
    const encoded = await encodeHere(directory, { path, format: 'jpeg', quality: 80 });
    const bytes = readFileSync(path);
    expect(encoded).toMatchObject({
      outputBytes: bytes.length,
      outputSha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(readdirSync(place)).toEqual(['out.jpg']);
  });
});

describe('the metadata of the photo', () => {
  const shape: RasterShape = { width: 30, height: 20, channels: 3, bitDepth: 8 };
  const photo: PhotoMetadata = {
    ...emptyMetadata(),
    exif: exifBlock({ littleEndian: true }),
    xmp: '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:XResolution="300/1"/></rdf:RDF></x:xmpmeta>',
    density: { x: 300, y: 300 },
    notes: [{ keyword: 'Comment', text: 'written by hand' }],
  };

  async function exported(format: OutputFormat, overrides: Parameters<typeof encodeHere>[2] = {}): Promise<PhotoMetadata> {
    const directory = folder.fresh();
    await writeEngineResult(directory, shape, noise(shape, 1), { photo });
    const path = folder.of(`metadata.${format}`);
    await encodeHere(directory, { path, format, quality: formatTraits[format].defaultQuality }, overrides);
    return await readMetadata(path, format);
  }

  it('is in the file, with where the result came from', async () => {
    for (const format of outputFormats) {
      const meta = await exported(format);
      expect([format, meta.exif === null, meta.xmp?.includes('photo-x2')]).toEqual([format, false, true]);
      const provenance = await readProvenance(folder.of(`metadata.${format}`));
      expect(provenance).toMatchObject({ modelId: 'photo-x2', strength: 0.25 });
    }
  });

  it('keeps the density, unless another is asked for, which is then said everywhere', async () => {
    for (const format of outputFormats) {
      expect([format, Math.round((await exported(format)).density?.x ?? 0)]).toEqual([format, 300]);
      const meta = await exported(format, { densityDpi: 240 });
      expect(Math.round(meta.density?.x ?? 0)).toBe(240);
      // sharp reads no density of the others.
      if (format === 'jpeg' || format === 'png' || format === 'tiff')
        expect(Math.round((await sharp(folder.of(`metadata.${format}`)).metadata()).density ?? 0)).toBe(240);
      expect(meta.xmp).toContain('240/1');
      expect(meta.xmp).not.toContain('300/1');
    }
  });

  it('is left out when all is to be stripped, but for a density that was asked for', async () => {
    for (const format of outputFormats) {
      const meta = await exported(format, { strip: 'all', densityDpi: 240 });
      expect([format, meta.xmp, meta.notes]).toEqual([format, null, []]);
      expect(Math.round(meta.density?.x ?? 0)).toBe(240);
      expect(readFileSync(folder.of(`metadata.${format}`)).includes('by hand')).toBe(false);
    }
  });
});
