import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { outputFormats } from '../../../../core/photo/recipe.ts';
import {
  embedInParts,
  embedMetadata,
  finishMetadata,
  type PhotoMetadata,
  readMetadata,
} from '../../../../core/engine/metadata/metadata.ts';
import { parseExifTree } from '../../../../core/engine/metadata/exif/exif-tree.ts';
import { readProvenance } from '../../../../core/engine/metadata/provenance.ts';
import {
  copyrightBlock,
  encoded,
  exifBlock,
  iptcBlock,
  metadataWith,
  positionPatterns,
  provenance,
  xmpPacket,
} from './fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-metadata-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const finish = { strip: 'none', width: 40, height: 30, colourConverted: false, provenance } as const;
const full = metadataWith({
  exif: exifBlock({ littleEndian: false }),
  xmp: xmpPacket,
  iptc: iptcBlock,
  copyright: copyrightBlock,
  density: { x: 240, y: 240 },
  notes: [{ keyword: 'Comment', text: 'A note: ünïcode' }],
});
const variants = outputFormats.flatMap((format) => [
  { format, alpha: false, profile: false },
  { format, alpha: format !== 'jpeg', profile: true },
  ...(format === 'webp' ? [{ format, alpha: false, profile: false, lossless: true }, { format, alpha: true, profile: false, lossless: true }] : []),
  ...(format === 'tiff' ? [{ format, alpha: true, profile: true, big: true }] : []),
]); // prettier-ignore

async function embedded(variant: (typeof variants)[number], metadata: PhotoMetadata, problems: string[] = []): Promise<string> {
  const path = join(folder, `${JSON.stringify(variant).replace(/\W+/g, '-')}.${variant.format}`);
  const bare = await encoded(variant.format, variant);
  writeFileSync(path, bare);
  const { format } = variant;
  const onProblem = (problem: string) => problems.push(problem);
  const written = await embedMetadata({ encoded: path, format, metadata, onProblem });
  const file = readFileSync(path);
  expect(written).toEqual({ bytes: file.length, sha256: createHash('sha256').update(file).digest('hex') });
  if (format !== 'tiff') {
    const other = `${path}.held`;
    expect(await embedInParts([bare], other, { format, metadata })).toEqual(written);
    expect(readFileSync(other).equals(file)).toBe(true);
  }
  return path;
}

async function pixels(input: string | Buffer): Promise<Buffer> {
  return sharp(input).keepIccProfile().raw().toBuffer();
}

describe.each(variants)('$format (alpha: $alpha, profile: $profile, lossless: $lossless, big: $big)', (variant) => {
  const { format } = variant;

  test('pixels and profile are what the encoder wrote', async () => {
    const path = await embedded(variant, finishMetadata(full, finish));
    const original = await encoded(format, variant);
    expect((await pixels(path)).equals(await pixels(original))).toBe(true);
    const [before, after] = [await sharp(original).metadata(), await sharp(path).metadata()];
    expect(after.icc).toEqual(before.icc);
    expect([after.width, after.height, after.hasAlpha, after.depth]).toEqual([
      before.width,
      before.height,
      before.hasAlpha,
      before.depth,
    ]);
  });

  test('our reader finds every block again', async () => {
    const finished = finishMetadata(full, finish);
    const read = await readMetadata(await embedded(variant, finished), format);
    expect(read.problems).toEqual([]);
    if (format === 'tiff') {
      const [before, after] = [parseExifTree(finished.exif ?? Buffer.alloc(0)), parseExifTree(read.exif ?? Buffer.alloc(0))];
      expect([after.exif, after.gps, after.interop]).toEqual([before.exif, before.gps, before.interop]);
      expect(after.ifd0.find((field) => field.tag === 0x10f)).toEqual(before.ifd0.find((field) => field.tag === 0x10f));
    } else {
      expect(Buffer.from(read.exif ?? []).equals(Buffer.from(finished.exif ?? []))).toBe(true);
    }
    if (format === 'webp' || format === 'avif') expect(read.xmp).toContain('A caption');
    else expect(Buffer.from(read.iptc ?? []).equals(iptcBlock)).toBe(true);
    for (const kept of ['Titel', 'kept too', '<rdf:li>two</rdf:li>', 'a&#10;b &lt;&amp;&quot; é 😀'])
      expect(read.xmp).toContain(kept);
    expect(read.xmp).not.toContain('STALE-IMAGE');
    if (format === 'jpeg' || format === 'png') expect(read.notes).toEqual(full.notes);
    if (format === 'jpeg' || format === 'tiff') expect(Buffer.from(read.copyright ?? []).equals(copyrightBlock)).toBe(true);
  });

  test('sharp, an independent reader, finds EXIF, XMP, density and an upright picture', async () => {
    const finished = finishMetadata(full, finish);
    const found = await sharp(await embedded(variant, finished)).metadata();
    expect(found.orientation ?? 1).toBe(1);
    expect(found.xmp?.toString()).toContain('enlarger:SourceSHA256');
    if (format === 'tiff')
      expect(found.density).toBe(300); // EXIF's own resolution, which TIFF shares, wins over the container's
    else expect(found.exif?.subarray(found.exif.indexOf(Buffer.from('MM'))).equals(Buffer.from(finished.exif ?? []))).toBe(true);
    if (format === 'jpeg' || format === 'tiff') expect(found.iptc?.includes(iptcBlock)).toBe(true);
  });

  test('provenance comes back whole', async () => {
    expect(await readProvenance(await embedded(variant, finishMetadata(full, finish)))).toEqual(provenance);
    expect(await readProvenance(await embedded(variant, finishMetadata(metadataWith({}), finish)))).toEqual(provenance);
  });

  test('embedding again replaces, so that the file says everything once', async () => {
    const path = await embedded(variant, finishMetadata(full, finish));
    const other = finishMetadata(metadataWith({}), { ...finish, provenance: { ...provenance, scale: 4 } });
    await embedMetadata({ encoded: path, format, metadata: other });
    const read = await readMetadata(path, format);
    expect(read.xmp).not.toContain('Titel');
    expect(await readProvenance(path)).toEqual({ ...provenance, scale: 4 });
    if (format !== 'tiff') expect(read.exif).toBeNull();
    expect((await pixels(path)).equals(await pixels(await encoded(format, variant)))).toBe(true);
  });

  test('--strip gps leaves no byte of the position in the file, and keeps the date', async () => {
    const kept = readFileSync(await embedded(variant, finishMetadata(full, finish)));
    expect(positionPatterns.some((pattern) => kept.includes(pattern))).toBe(true);
    const stripped = readFileSync(await embedded(variant, finishMetadata(full, { ...finish, strip: 'gps' })));
    for (const pattern of positionPatterns) expect(stripped.includes(pattern)).toBe(false);
    expect(stripped.includes('2024:05:06 07:08:09')).toBe(true);
    expect(stripped.includes('Titel')).toBe(true);
  });

  test('--strip all leaves the profile only', async () => {
    const path = await embedded(variant, finishMetadata(full, { ...finish, strip: 'all' }));
    const { exif, xmp, iptc, copyright, icc, notes } = await readMetadata(path, format);
    expect([xmp, iptc, copyright, notes]).toEqual([null, null, null, []]);
    if (format !== 'tiff') expect(exif).toBeNull();
    expect(icc !== null).toBe(variant.profile);
    expect(await readProvenance(path)).toBeNull();
  });

  test.each(['exif', 'xmp', 'iptc', 'copyright', 'density', 'notes'] as const)(
    '%s alone is carried, and nothing else appears',
    async (kind) => {
      const metadata = metadataWith({ [kind]: full[kind] });
      const read = await readMetadata(await embedded(variant, metadata), format);
      const travelsAsXmp = kind === 'iptc' && (format === 'webp' || format === 'avif');
      expect(read.xmp !== null).toBe(kind === 'xmp' || travelsAsXmp);
      expect(read.iptc !== null).toBe(kind === 'iptc' && !travelsAsXmp);
      expect(read.copyright !== null).toBe(kind === 'copyright' && (format === 'jpeg' || format === 'tiff'));
      if (format !== 'tiff')
        expect(read.exif !== null).toBe(kind === 'exif' || (kind === 'density' && (format === 'webp' || format === 'avif')));
      if (kind === 'density')
        expect([read.density?.x, read.density?.y].map((value) => Math.round(value ?? 0))).toEqual([240, 240]);
    },
  );
});

test('EXIF and XMP beyond a JPEG segment are shrunk and split, and told', async () => {
  const large = `<odd:Large xmlns:odd="urn:odd:">${'A'.repeat(150_000)}</odd:Large></rdf:Description>`;
  const metadata = finishMetadata(
    metadataWith({
      exif: exifBlock({ littleEndian: true, makerNote: Buffer.alloc(70_000, 3) }),
      xmp: xmpPacket.replace('</rdf:Description>', large),
    }),
    finish,
  );
  const problems: string[] = [];
  const path = await embedded({ format: 'jpeg', alpha: false, profile: false }, metadata, problems);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(String(0x927c));
  const read = await readMetadata(path, 'jpeg');
  expect(read.extendedXmp.length).toBe(3);
  const rejoined = finishMetadata(read, finish);
  expect(rejoined.xmp).toContain('A'.repeat(150_000));
  expect(rejoined.xmp).not.toContain('HasExtendedXMP');
  expect(rejoined.problems).toEqual([]);
  expect(await readProvenance(path)).toEqual(provenance);
});

test.each([false, true])('a TIFF directory starts at a multiple of 8 (BigTIFF: %s)', async (big) => {
  for (const text of ['a', 'ab', 'abc']) {
    const metadata = finishMetadata(metadataWith({}), { ...finish, provenance: { ...provenance, software: text } });
    const file = readFileSync(await embedded({ format: 'tiff', alpha: false, profile: false, big }, metadata));
    expect((big ? Number(file.readBigUInt64LE(8)) : file.readUInt32LE(4)) % 8).toBe(0);
  }
});

test.each(['jpeg', 'png', 'webp', 'avif'] as const)("a TIFF's own size does not get into the EXIF of a %s", async (format) => {
  const original = join(folder, 'original.tif');
  writeFileSync(original, await encoded('tiff'));
  const path = await embedded(
    { format, alpha: false, profile: false },
    finishMetadata(await readMetadata(original, 'tiff'), finish),
  );
  const { exif } = await readMetadata(path, format);
  const tags = parseExifTree(exif ?? Buffer.alloc(0)).ifd0.map((field) => field.tag);
  expect(tags).toContain(0x11a);
  expect(tags.filter((id) => id === 0x100 || id === 0x101)).toEqual([]);
});

test('files that are not ours have no provenance', async () => {
  const foreign = join(folder, 'foreign.png');
  writeFileSync(foreign, await encoded('png'));
  const text = join(folder, 'text.jpg');
  writeFileSync(text, 'no photo');
  const cut = join(folder, 'cut.jpg');
  writeFileSync(cut, Buffer.from([0xff, 0xd8, 0xff]));
  for (const path of [foreign, text, cut, folder, join(folder, 'missing.png')]) expect(await readProvenance(path)).toBeNull();
});
