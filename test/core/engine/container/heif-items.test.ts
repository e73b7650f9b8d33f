import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { primaryItem, readHeifMeta, readItemInfos, readItemProperties, readItemReferences } from '../../../../core/engine/container/heif-items.ts'; // prettier-ignore
import { readItemLocations } from '../../../../core/engine/container/heif-locations.ts';
import { fullBoxHead, makeBox } from '../../../../core/engine/container/isobmff.ts';
import { MalformedContainer } from '../../../../core/engine/container/malformed-container.ts';
import { readMetadata } from '../../../../core/engine/metadata/metadata.ts';
import { recognise } from '../../../../core/engine/recognise/recognise.ts';
import { scratchSources } from './open-bytes.ts';

const sources = scratchSources();
afterAll(() => {
  sources.close();
});

const ftyp = makeBox('ftyp', Buffer.from('avif\0\0\0\0mif1', 'latin1'));

/** Big-endian numbers, each `[value, bytes]`. */
function numbers(...list: (readonly [value: number, bytes: number])[]): Buffer {
  return Buffer.concat(list.map(([value, bytes]) => Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex')));
}

function file(...children: Uint8Array[]): Buffer {
  return Buffer.concat([ftyp, makeBox('meta', fullBoxHead(0, 0), ...children)]);
}

/** Item 1 is the picture, item 2 its alpha, item 3 an XMP packet that describes item 1. */
function tables(isWide: boolean, isWideIndex: boolean): Buffer {
  const id = isWide ? 4 : 2;
  const infe = (item: number, rest: string) =>
    makeBox('infe', fullBoxHead(isWide ? 3 : 2, 0), numbers([item, id], [0, 2]), Buffer.from(rest, 'latin1'));
  const reference = (type: string, from: number, to: number[]) =>
    makeBox(type, numbers([from, id], [to.length, 2], ...to.map((one) => [one, id] as const)));
  const index = isWideIndex ? 2 : 1;
  const flag = isWideIndex ? 0x8000 : 0x80;
  return file(
    makeBox('pitm', fullBoxHead(isWide ? 1 : 0, 0), numbers([1, id])),
    makeBox('iinf', fullBoxHead(isWide ? 1 : 0, 0), numbers([3, id]), infe(1, 'av01\0'), infe(2, 'av01alpha\0'), infe(3, 'mimename\0application/rdf+xml\0deflate\0')),
    makeBox('iprp',
      makeBox('ipco', makeBox('one '), makeBox('two '), makeBox('thre')),
      makeBox('ipma', fullBoxHead(isWide ? 1 : 0, isWideIndex ? 1 : 0), numbers([2, 4], [1, id], [3, 1], [flag + 3, index], [1, index], [9, index], [2, id], [1, 1], [2, index])),
    ),
    makeBox('iref', fullBoxHead(isWide ? 1 : 0, 0), reference('auxl', 2, [1]), reference('cdsc', 3, [1, 2])),
  ); // prettier-ignore
}

describe.each([false, true])('with items of 32 bits: %s', (isWide) => {
  test.each([false, true])('and properties of 16 bits: %s, all tables are read', (isWideIndex) => {
    const source = sources.of(tables(isWide, isWideIndex));
    const meta = readHeifMeta(source)!;
    expect(primaryItem(source, meta)).toBe(1);
    expect(readItemInfos(source, meta)).toMatchObject([
      { id: 1, type: 'av01', contentType: '' },
      { id: 2, type: 'av01', contentType: '' },
      { id: 3, type: 'mime', contentType: 'application/rdf+xml', contentEncoding: 'deflate' },
    ]);
    const properties = readItemProperties(source, meta);
    // Property 9 does not exist, item 3 has none.
    expect([1, 2, 3].map((item) => properties(item).map(({ type }) => type))).toEqual([['thre', 'one '], ['two '], []]);
    expect(readItemReferences(source, meta)).toMatchObject([
      { type: 'auxl', from: 2, to: [1] },
      { type: 'cdsc', from: 3, to: [1, 2] },
    ]);
  });
});

describe.each([0, 1, 2])('iloc of version %i', (version) => {
  test.each([0, 4, 8])('with offsets of %i bytes is read, base and index included', (bytes) => {
    const id = version < 2 ? 2 : 4;
    const indexBytes = version === 0 ? 0 : 4;
    const extent = (offset: number): [number, number][] => [
      ...(indexBytes === 0 ? [] : [[7, 4] as [number, number]]),
      ...(bytes === 0 ? [] : [[offset, bytes] as [number, number]]),
      [5, 4],
    ];
    const body = numbers(
      [bytes * 16 + 4, 1], [8 * 16 + indexBytes, 1], [2, id],
      ...[11, 12].flatMap((item): [number, number][] => [
        [item, id], ...(version === 0 ? [] : [[1, 2] as [number, number]]), [0, 2], [1000, 8], [2, 2], ...extent(30), ...extent(60),
      ]),
    ); // prettier-ignore
    const source = sources.of(file(makeBox('iloc', fullBoxHead(version, 0), body)));
    const extents = [30, 60].map((offset) => ({ offset: 1000 + (bytes === 0 ? 0 : offset), length: 5 }));
    const method = version === 0 ? 0 : 1;
    expect(readItemLocations(source, readHeifMeta(source)!)).toEqual(
      [11, 12].map((id) => ({ id, method, dataReference: 0, extents })),
    );
  });
});

/** Short tables that name millions of entries; each would fill the memory if it were believed. */
const bombs = {
  'references beyond their box': makeBox(
    'iref',
    fullBoxHead(0, 0),
    ...Array<Buffer>(5000).fill(makeBox('dimg', numbers([1, 2], [0xffff, 2]))),
  ),
  'extents of no bytes': makeBox(
    'iloc',
    fullBoxHead(0, 0),
    numbers([0, 2], [60_000, 2]),
    Buffer.concat(Array<Buffer>(60_000).fill(numbers([1, 2], [0, 2], [0xffff, 2]))),
  ),
};

test.each(Object.entries(bombs))('%s are malformed, and take no memory', (_, bomb) => {
  const source = sources.of(file(bomb));
  const meta = readHeifMeta(source)!;
  const before = process.memoryUsage().heapUsed;
  expect(() => [readItemReferences(source, meta), readItemLocations(source, meta)]).toThrow(MalformedContainer);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 2 ** 20);
});

test('a meta box of more children than any photo has is malformed', () => {
  const source = sources.of(file(Buffer.concat(Array<Buffer>(100_002).fill(makeBox('free')))));
  expect(() => readHeifMeta(source)).toThrow(MalformedContainer);
});

test('what is malformed is damage to the one who recognises, and a problem to the one who reads metadata', async () => {
  const path = sources.path();
  const pitm = makeBox('pitm', fullBoxHead(0, 0), numbers([1, 2]));
  const xmp = makeBox('infe', fullBoxHead(2, 0), numbers([1, 2], [0, 2]), Buffer.from('mime\0application/rdf+xml\0'));
  const iinf = makeBox('iinf', fullBoxHead(0, 0), numbers([1, 2]), xmp);
  writeFileSync(path, file(pitm, iinf, ...Object.values(bombs)));
  await expect(recognise(path)).rejects.toMatchObject({ code: 'damaged' });
  const { problems } = await readMetadata(path, 'avif');
  expect(problems).toEqual([expect.stringMatching(/^XMP could not be read \(.+\)$/)]);
});
