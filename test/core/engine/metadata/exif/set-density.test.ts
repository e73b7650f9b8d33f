import { describe, expect, it } from 'vitest';
import { buildExif, emptyTree, exifDensity, parseExifTree } from '../../../../../core/engine/metadata/exif/exif-tree.ts';
import { setExifDensity } from '../../../../../core/engine/metadata/exif/set-density.ts';
import { defaultMakerNote, exifBlock } from '../fixtures.ts';

describe.each([true, false])('setting the density of EXIF (little-endian: %s)', (littleEndian) => {
  it('changes the three values where they stand, and not a byte else', () => {
    const block = exifBlock({ littleEndian });
    for (const density of [72, 240, 299.5, 1200]) {
      const set = setExifDensity(block, density);
      expect(exifDensity(set)).toEqual({ x: density, y: density });
      expect(set).toHaveLength(block.length);
      const changed = [...set].filter((value, at) => value !== block[at]).length;
      expect(changed).toBeLessThanOrEqual(16);
      expect(Buffer.from(set).includes(defaultMakerNote)).toBe(true);
    }
    expect(Buffer.from(setExifDensity(block, 300)).equals(block)).toBe(true);
  });

  it('adds them where they are missing or counted otherwise, and keeps the rest', () => {
    const { ifd0, exif } = parseExifTree(exifBlock({ littleEndian }));
    const kept = ifd0.filter(({ tag }) => tag !== 0x11b && tag !== 0x128);
    const without = buildExif({ ...emptyTree(), ifd0: kept, exif }, littleEndian);
    const set = setExifDensity(without, 240);
    expect(exifDensity(set)).toEqual({ x: 240, y: 240 });
    const names = (block: Uint8Array) => parseExifTree(block).ifd0.map(({ tag }) => tag);
    expect(names(set).toSorted()).toEqual([...names(without), 0x11b, 0x128].toSorted());
    expect(parseExifTree(set).exif).toEqual(parseExifTree(without).exif);
    expect(exifDensity(setExifDensity(buildExif(emptyTree(), littleEndian), 96))).toEqual({ x: 96, y: 96 });
  });

  it('refuses what is no EXIF', () => {
    expect(() => setExifDensity(Buffer.from('no EXIF at all, really'), 72)).toThrow();
  });
});
