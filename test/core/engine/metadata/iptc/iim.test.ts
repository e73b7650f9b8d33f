import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIim, withoutLocation } from '../../../../../core/engine/metadata/iptc/iim.ts';
import { copyrightOfResources, iptcOfResources, resourcesOfIptc } from '../../../../../core/engine/metadata/iptc/photoshop.ts';
import { MalformedMetadata } from '../../../../../core/engine/metadata/malformed.ts';
import { copyrightBlock, imageResource, iptcBlock, iptcDataset } from '../fixtures.ts';

const datasets = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 255 }), fc.uint8Array({ maxLength: 60 })),
  {
    maxLength: 12,
  },
);
const places = [26, 27, 90, 92, 95, 100, 101];

test('datasets come back as they were put in', () => {
  fc.assert(
    fc.property(datasets, (list) => {
      const block = Buffer.concat(list.map(([record, dataset, value]) => iptcDataset(record, dataset, Buffer.from(value))));
      expect(parseIim(block).map(({ record, dataset, value }) => [record, dataset, Uint8Array.from(value)])).toEqual(list);
    }),
  );
});

test('stripping takes the places of record 2, all of them, and nothing else', () => {
  fc.assert(
    fc.property(datasets, (list) => {
      const part = ([record, dataset, value]: (typeof list)[number]) => iptcDataset(record, dataset, Buffer.from(value));
      const kept = Buffer.concat(list.filter(([record, dataset]) => record !== 2 || !places.includes(dataset)).map(part));
      expect(Buffer.from(withoutLocation(Buffer.concat(list.map(part))) ?? []).equals(kept)).toBe(true);
    }),
  );
  expect(Buffer.from(withoutLocation(iptcBlock) ?? []).includes('SECRET-PLACE')).toBe(false);
});

test('lengths beyond 32,767 use the extended form', () => {
  const value = Buffer.alloc(40_000, 65);
  const block = Buffer.concat([
    Buffer.from([0x1c, 2, 120, 0x80, 4, 0, 0, 0x9c, 0x40]),
    value,
    iptcDataset(2, 5, Buffer.from('next')),
  ]);
  expect(parseIim(block).map((each) => each.value.length)).toEqual([40_000, 4]);
});

test('random bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      try {
        const total = parseIim(Buffer.concat([Buffer.from([0x1c]), bytes])).reduce((sum, each) => sum + each.raw.length, 0);
        expect(total).toBeLessThanOrEqual(bytes.length + 1);
      } catch (thrown) {
        expect(
          thrown instanceof MalformedMetadata ||
            (thrown as { code?: string }).code === 'ERR_OUT_OF_RANGE' ||
            (thrown as { code?: string }).code === 'ERR_BUFFER_OUT_OF_BOUNDS',
        ).toBe(true);
      }
    }),
  );
});

test('Photoshop resources give IPTC back from among others', () => {
  const other = Buffer.concat([Buffer.from('8BIM\x04\x0c\x03abc', 'latin1'), Buffer.from([0, 0, 0, 3, 1, 2, 3, 0])]);
  for (const length of [1, 2, 61]) {
    const iptc = Buffer.alloc(length, 0x1c);
    expect(Buffer.from(iptcOfResources(Buffer.concat([other, resourcesOfIptc(iptc)])) ?? []).equals(iptc)).toBe(true);
  }
  expect(iptcOfResources(other)).toBeNull();
});

test('of other Photoshop resources only those of the copyright are kept', () => {
  const digest = imageResource(0x0425, Buffer.alloc(16, 7));
  const [flag, address] = [copyrightBlock.subarray(0, 14), copyrightBlock.subarray(14)];
  const all = Buffer.concat([digest, flag, resourcesOfIptc(iptcBlock), address, imageResource(0x040c, Buffer.from('thumbnail'))]);
  expect(Buffer.from(copyrightOfResources(all) ?? []).equals(copyrightBlock)).toBe(true);
  expect(copyrightOfResources(digest)).toBeNull();
  expect(copyrightOfResources(imageResource(0x040b, Buffer.alloc(100_000, 65)))).toBeNull();
  for (let length = 0; length < copyrightBlock.length; length++) {
    const cut = copyrightOfResources(copyrightBlock.subarray(0, length));
    expect(cut === null || Buffer.from(cut).equals(flag)).toBe(true);
  }
});
