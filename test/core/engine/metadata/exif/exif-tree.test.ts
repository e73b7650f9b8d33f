import { describe, expect, test } from 'vitest';
import {
  buildExif,
  densityFields,
  emptyTree,
  exifDensity,
  parseExifTree,
  shrinkExif,
} from '../../../../../core/engine/metadata/exif/exif-tree.ts';
import { exifBlock } from '../fixtures.ts';

describe.each([true, false])('a tree of EXIF values (little-endian: %s)', (littleEndian) => {
  test.each([true, false])('comes back from a block of its own in either order (little-endian: %s)', (targetOrder) => {
    const { littleEndian: order, ...tree } = parseExifTree(exifBlock({ littleEndian }));
    expect(order).toBe(littleEndian);
    const again = parseExifTree(buildExif(tree, targetOrder));
    expect(again).toEqual({ ...tree, littleEndian: targetOrder });
    expect(tree.gps.length).toBe(5);
  });

  test('tells the density in pixels an inch', () => {
    expect(exifDensity(exifBlock({ littleEndian }))).toEqual({ x: 300, y: 300 });
  });
});

test('a density survives its fields', () => {
  for (const density of [
    { x: 72, y: 72 },
    { x: 299.9994, y: 96.012 },
  ]) {
    expect(exifDensity(buildExif({ ...emptyTree(), ifd0: densityFields(density) }, true))).toEqual(density);
  }
});

test('shrinking takes maker notes first and stays within the limit', () => {
  const block = exifBlock({ littleEndian: true, makerNote: Buffer.alloc(80_000, 7) });
  const { exif, dropped } = shrinkExif(block, 65_527);
  expect(exif.length).toBeLessThanOrEqual(65_527);
  expect(dropped).toEqual([0x927c]);
  expect(parseExifTree(exif).gps).toEqual(parseExifTree(block).gps);
});

test('what fits is not touched', () => {
  const block = exifBlock({ littleEndian: false });
  expect(shrinkExif(block, block.length)).toEqual({ exif: block, dropped: [] });
});
