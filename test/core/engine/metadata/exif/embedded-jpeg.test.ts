import fc from 'fast-check';
import { expect, test } from 'vitest';
import { embeddedJpegs } from '../../../../../core/engine/metadata/exif/embedded-jpeg.ts';
import { thumbnail } from '../fixtures.ts';

test('finds every preview exactly, whatever stands around it', () => {
  const quiet = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.map((byte) => byte & 0x7f)); // no markers
  fc.assert(
    fc.property(quiet, quiet, quiet, (before, between, after) => {
      const block = Buffer.concat([before, thumbnail, between, thumbnail, after]);
      const second = before.length + thumbnail.length + between.length;
      expect(embeddedJpegs(block, { start: 0, end: block.length })).toEqual([
        { start: before.length, end: before.length + thumbnail.length },
        { start: second, end: second + thumbnail.length },
      ]);
    }),
  );
});

test('takes a preview that is cut off, and leaves what never reaches a scan', () => {
  const cut = thumbnail.subarray(0, thumbnail.length - 2);
  expect(embeddedJpegs(cut, { start: 0, end: cut.length })).toEqual([{ start: 0, end: cut.length }]);
  const noScan = Buffer.from([0xff, 0xd8, 0xff, 0xdb, 0, 4, 1, 2, 0xff, 0xd9]);
  expect(embeddedJpegs(noScan, { start: 0, end: noScan.length })).toEqual([]);
});
