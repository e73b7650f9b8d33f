/** What is told of real photos, against independent readers. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import ExifReader from 'exifreader';
import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../../../core/engine/look/details/details.ts';
import { readMetadata } from '../../../../../core/engine/metadata/metadata.ts';
import { recognise } from '../../../../../core/engine/recognise/recognise.ts';
import type { PhotoDetails } from '../../../../../core/photo/photo-details.ts';
import { sharedData } from '../../../../fixtures/shared-data.ts';

describe('real photos', () => {
  const corpus = sharedData('corpus');
  const hasExiftool = spawnSync('exiftool', ['-ver']).status === 0;
  if (corpus === null) console.log('details: the shared corpus is absent, its photos are not covered');
  if (!hasExiftool) console.log('details: exiftool is absent, details are compared with ExifReader alone');
  const folders = ['exif-samples', 'orientation', 'sharp-fix', 'libvips', 'libavif'];
  const files = (corpus === null ? [] : folders).flatMap((name) => {
    const path = `${String(corpus)}/${name}`;
    return readdirSync(path).map((file) => `${path}/${file}`).filter((file) => statSync(file).isFile()); // prettier-ignore
  });

  /** Null for what that reader refuses. */
  function readByOthers(path: string): ExifReader.ExpandedTags | null {
    try {
      return ExifReader.load(readFileSync(path), { expanded: true });
    } catch {
      return null;
    }
  }

  async function details(): Promise<{ path: string; told: PhotoDetails }[]> {
    const found = [];
    for (const path of files) {
      const facts = await recognise(path).catch(() => null);
      if (facts !== null) found.push({ path, told: detailsOf(await readMetadata(path, facts.format)) });
    }
    return found;
  }

  it.skipIf(corpus === null)('tell what an independent reader finds in their EXIF', async () => {
    let compared = 0;
    for (const { path, told: mine } of await details()) {
      const tags = readByOthers(path);
      const theirs = tags?.exif;
      if (theirs === undefined || tags === null) continue;
      const original = theirs.DateTimeOriginal?.description;
      if (original !== undefined && /^[12]\d{3}:(0[1-9]|1[0-2]):/.test(original))
        expect([path, mine.takenAt?.slice(0, 19)]).toEqual([path, original.replace(/^(\d+):(\d+):(\d+) /, '$1-$2-$3T')]);
      const model = theirs.Model?.description.trim();
      if (model !== undefined && model !== '')
        expect([path, mine.camera]).toEqual([path, expect.stringContaining(model.split(',')[0]!)]);
      const [over = 0, under = 0] = (theirs.FNumber?.value as readonly number[] | undefined) ?? [];
      if (over > 0 && under > 0) expect([path, mine.fNumber]).toEqual([path, over / under]);
      if (tags.gps?.Latitude !== undefined && tags.gps.Longitude !== undefined)
        expect([path, mine.latitude?.toFixed(9)]).toEqual([path, tags.gps.Latitude.toFixed(9)]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(60);
  });

  it.skipIf(corpus === null || !hasExiftool)('tell what exiftool finds', async () => {
    const all = await details();
    // It ends with 1 when it calls one of them broken, and tells of the others all the same.
    const paths = all.map(({ path }) => path);
    const { stdout } = spawnSync('exiftool', ['-j', '-n', '-G0', '-q', '-q', ...paths], { maxBuffer: 1 << 28 });
    const tags = JSON.parse(stdout.toString()) as Record<string, unknown>[];
    expect(tags).toHaveLength(all.length);
    for (const [index, { path, told: mine }] of all.entries()) {
      const theirs = tags[index] ?? {};
      const original = theirs['EXIF:DateTimeOriginal'];
      if (typeof original === 'string' && /^[12]\d{3}:(0[1-9]|1[0-2]):/.test(original))
        expect([path, mine.takenAt?.slice(0, 19)]).toEqual([
          path,
          original.replace(/^(\d+):(\d+):(\d+) /, '$1-$2-$3T').slice(0, 19),
        ]);
      for (const [mineName, theirName] of [
        ['fNumber', 'EXIF:FNumber'],
        ['exposureSeconds', 'EXIF:ExposureTime'],
        ['focalLengthMm', 'EXIF:FocalLength'],
      ] as const) {
        const value = theirs[theirName];
        if (typeof value === 'number' && value > 0)
          expect([path, mineName, mine[mineName]?.toPrecision(6)]).toEqual([path, mineName, value.toPrecision(6)]);
      }
      const stars = theirs['XMP:Rating'];
      if (typeof stars === 'number' && stars >= 0) expect([path, mine.rating]).toEqual([path, stars]);
    }
  });
});
