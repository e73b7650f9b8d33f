import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { PhotoFormat } from '../../../../core/photo/facts.ts';
import { outputFormats, type StripPolicy } from '../../../../core/photo/recipe.ts';
import { embedMetadata, finishMetadata, readMetadata } from '../../../../core/engine/metadata/metadata.ts';
import { readProvenance } from '../../../../core/engine/metadata/provenance.ts';
import { sharedData } from '../../../fixtures/shared-data.ts';
import { encoded, provenance } from './fixtures.ts';

const corpus = sharedData('corpus');
const hasExiftool = spawnSync('exiftool', ['-ver']).status === 0;
if (corpus === null) console.log('metadata: the shared corpus is absent, its files are not covered');
if (!hasExiftool) console.log('metadata: exiftool is absent, tags are not compared with an independent reader');

const folder = mkdtempSync(join(tmpdir(), 'enlarger-corpus-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const samples = ['exif-samples', 'sharp-fix', 'libvips', 'libavif', 'orientation', 'widegamut'];
const hostile = ['bombs', 'libheif-fuzz', 'libpng-testpngs', 'pngsuite', 'zune-fuzz', 'bmpsuite'];

function filesOf(folders: string[]): string[] {
  if (corpus === null) return [];
  return folders.flatMap((name) => {
    const path = join(corpus, name);
    return readdirSync(path).map((file) => join(path, file)).filter((file) => statSync(file).isFile()); // prettier-ignore
  });
}

function containerOf(path: string): PhotoFormat | null {
  const head = readFileSync(path).toString('latin1', 0, 12);
  if (head.startsWith('\xff\xd8')) return 'jpeg';
  if (head.startsWith('\x89PNG')) return 'png';
  if (head.startsWith('RIFF')) return 'webp';
  if (/^(II[*+]|MM\0[*+])/.test(head)) return 'tiff';
  if (head.startsWith('GIF8')) return 'gif';
  return head.slice(4, 8) === 'ftyp' ? 'avif' : null;
}

interface Tags {
  SourceFile: string;
  [name: string]: unknown;
}

/** Tags by exiftool, numbers unformatted, duplicates told apart by group. */
function tagsOf(paths: string[]): Tags[] {
  const text = execFileSync('exiftool', ['-j', '-G1', '-a', '-n', '-q', '-q', ...paths], { maxBuffer: 1 << 28 }).toString();
  return JSON.parse(text) as Tags[];
}

async function converted(
  path: string,
  format: (typeof outputFormats)[number],
  strip: StripPolicy,
  file: Buffer,
): Promise<string> {
  const metadata = await readMetadata(path, containerOf(path) ?? 'jpeg');
  const target = join(folder, `${strip}-${path.split('/').slice(-2).join('-')}.${format}`);
  writeFileSync(target, file);
  const finished = finishMetadata(metadata, { strip, width: 40, height: 30, colourConverted: false, provenance });
  await embedMetadata({ encoded: target, format, metadata: finished });
  return target;
}

describe.skipIf(corpus === null)('the shared corpus', () => {
  test('hostile files are read within bounds by every reader, whatever they claim to be', { timeout: 120_000 }, async () => {
    const files = filesOf(hostile).filter((path) => statSync(path).size < 64 * 1024 * 1024);
    let blockBytes = 0;
    for (const path of files) {
      for (const format of ['jpeg', 'png', 'webp', 'tiff', 'avif', 'heic', 'gif'] as const) {
        const meta = await readMetadata(path, format);
        for (const block of [meta.exif, meta.iptc, meta.icc]) blockBytes = Math.max(blockBytes, block?.length ?? 0);
        if (meta.exif === null && meta.xmp === null && meta.iptc === null) continue;
        for (const strip of ['none', 'gps'] as const)
          finishMetadata(meta, { strip, width: 1, height: 1, colourConverted: true, provenance });
      }
      expect(await readProvenance(path)).toBeNull();
    }
    expect(blockBytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(files.length).toBeGreaterThan(100);
    console.log(`metadata: ${files.length} hostile files read`);
  });

  test('every sample goes into every format and comes back with its provenance', { timeout: 120_000 }, async () => {
    const files = filesOf(samples).filter((path) => containerOf(path) !== null);
    for (const format of outputFormats) {
      const file = await encoded(format, { profile: true });
      for (const path of files) expect(await readProvenance(await converted(path, format, 'none', file))).toEqual(provenance);
    }
    expect(files.length).toBeGreaterThan(250);
    console.log(`metadata: ${files.length} samples written into ${outputFormats.length} formats`);
  });

  const positioned = filesOf(['exif-samples']).filter((path) => path.includes('gps'));
  test.skipIf(!hasExiftool).each(outputFormats)(
    '%s: exiftool finds the same position without stripping, none with it',
    { timeout: 120_000 },
    async (format) => {
      expect(positioned.length).toBeGreaterThan(5);
      const file = await encoded(format, { profile: true });
      const isPosition = (name: string) =>
        /GPS|Latitude|Longitude|Location|MakerNote/i.test(name) && !/^(System|Composite|File)/.test(name);
      const positions = (tags: Tags) => Object.entries(tags).filter(([name]) => name !== 'SourceFile' && isPosition(name)); // prettier-ignore
      const [kept, stripped]: [string[], string[]] = [[], []];
      for (const path of positioned) {
        kept.push(await converted(path, format, 'none', file));
        stripped.push(await converted(path, format, 'gps', file));
      }
      const [before, after, none] = [positioned, kept, stripped].map(tagsOf);
      for (const [index, tags] of (before ?? []).entries()) {
        const [same, without] = [after?.[index], none?.[index]];
        if (same === undefined || without === undefined) throw new Error('exiftool said nothing');
        expect(positions(same)).toEqual(positions(tags));
        expect(positions(without)).toEqual([]);
        expect([without['ExifIFD:DateTimeOriginal'], without['IFD0:Model']]).toEqual([
          tags['ExifIFD:DateTimeOriginal'],
          tags['IFD0:Model'],
        ]);
        expect(without['ICC-header:ProfileClass']).toBeDefined();
      }
      console.log(`metadata: ${positioned.length} photos with a position compared by exiftool (${format})`);
    },
  );

  test.skipIf(!hasExiftool)(
    'exiftool reads every EXIF and maker note tag of a JPEG as before',
    { timeout: 120_000 },
    async () => {
      const file = await encoded('jpeg', { profile: true });
      const files = filesOf(['exif-samples']).filter((path) => containerOf(path) === 'jpeg');
      const groups =
        /^(IFD0|ExifIFD|GPS|InteropIFD|Canon|CanonCustom|Nikon|Sony|Olympus|Panasonic|Pentax|FujiFilm|Casio|Ricoh|Sanyo|Minolta|Kodak|Reconyx|IPTC|XMP-dc|XMP-photoshop):/;
      const edited =
        /Orientation|Image(Width|Height)|Dimension|FocalPlane.Res|Preview|Thumbnail|BitsPerSample|Photometric|SamplesPerPixel|Compression|PlanarConf/;
      let compared = 0;
      const results: string[] = [];
      for (const path of files) results.push(await converted(path, 'jpeg', 'none', file));
      const [before, after] = [files, results].map(tagsOf);
      for (const [index, tags] of (before ?? []).entries()) {
        for (const [name, value] of Object.entries(tags)) {
          if (!groups.test(name) || edited.test(name)) continue;
          expect([tags.SourceFile, name, after?.[index]?.[name]]).toEqual([tags.SourceFile, name, value]);
          compared++;
        }
      }
      expect(compared).toBeGreaterThan(2000);
      console.log(`metadata: ${compared} tags of ${files.length} photos compared by exiftool`);
    },
  );
});
