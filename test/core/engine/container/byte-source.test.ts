import { closeSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ByteSource, readLimitBytes } from '../../../../core/engine/container/byte-source.ts';
import { MalformedContainer } from '../../../../core/engine/container/malformed-container.ts';
import { scratchSources } from './open-bytes.ts';

const sources = scratchSources();
afterAll(() => {
  sources.close();
});

const bytes = Buffer.from(Uint8Array.from({ length: 200_000 }, (_, index) => (index * 2654435761) >>> 24));

const kinds = [
  ['on the disk', (content: Buffer) => sources.of(content)],
  ['in memory', (content: Buffer) => new ByteSource(content, content.length)],
] as const;

test.each(kinds)('any reads in any order give the bytes of the file %s, or say that it ends', (_, sourceOf) => {
  const source = sourceOf(bytes);
  const offset = fc.integer({ min: -10, max: bytes.length + 10 });
  // Lengths around nothing, a number, the window of 64 KiB, and the whole file.
  const length = fc.oneof(fc.nat(12), fc.integer({ min: 65_500, max: 65_600 }), fc.integer({ min: -3, max: bytes.length + 3 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(offset, length), { minLength: 1, maxLength: 20 }), (reads) => {
      const copies = reads.map(([at, count]) => {
        const isInside = at >= 0 && count >= 0 && at + count <= bytes.length;
        expect(source.has(at, count)).toBe(isInside);
        if (isInside) return source.read(at, count);
        expect(() => source.read(at, count)).toThrow(MalformedContainer);
        return null;
      });
      // Looked at in the end: a copy does not change with later reads.
      for (const [index, [at, count]] of reads.entries()) {
        if (copies[index] !== null) expect(copies[index]!.equals(bytes.subarray(at, at + count))).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test.each(kinds)('numbers %s are those of a Buffer in both byte orders, at every distance from the end', (_, sourceOf) => {
  const source = sourceOf(bytes);
  const places = [...Array(40).keys()].flatMap((near) => [near, 65_530 + near, bytes.length - 20 + near]);
  for (const at of places) {
    const readers = [
      [1, () => source.u8(at), () => bytes.readUInt8(at)],
      [2, () => source.u16(at), () => bytes.readUInt16BE(at)],
      [2, () => source.u16(at, true), () => bytes.readUInt16LE(at)],
      [4, () => source.u32(at), () => bytes.readUInt32BE(at)],
      [4, () => source.u32(at, true), () => bytes.readUInt32LE(at)],
    ] as const;
    for (const [width, read, expected] of readers) {
      if (at + width <= bytes.length) expect(read()).toBe(expected());
      else expect(read).toThrow(MalformedContainer);
    }
  }
});

test('a number of 64 bits is exact, or no position', () => {
  const source = sources.of(Buffer.from('001fffffffffffff0020000000000000ffffffffffffffff', 'hex'));
  expect(source.u64(0)).toBe(Number.MAX_SAFE_INTEGER);
  for (const at of [8, 16]) expect(() => source.u64(at)).toThrow(MalformedContainer);
  expect(source.u64(8, true)).toBe(0x2000);
});

test.each([NaN, Infinity, -Infinity, 0.5, 2 ** 53, Number.MAX_VALUE])('%s is no place in a file', (odd) => {
  const source = sources.of(bytes);
  for (const [at, length] of [[odd, 1], [0, odd]] as const) expect(() => source.read(at, length)).toThrow(MalformedContainer); // prettier-ignore
});

test('one read gives at most its limit, however large the file is', () => {
  const path = sources.path();
  writeFileSync(path, '');
  truncateSync(path, 8 * 2 ** 30);
  const file = openSync(path, 'r');
  const source = new ByteSource(file, 8 * 2 ** 30);
  expect(source.read(2 ** 32, readLimitBytes)).toHaveLength(readLimitBytes);
  for (const length of [readLimitBytes + 1, 2 ** 32]) expect(() => source.read(0, length)).toThrow(MalformedContainer);
  closeSync(file);
});

test.each([1, 1000, 100_000])('a file that shrinks while it is read is malformed (%i bytes asked for)', (length) => {
  const path = sources.path();
  writeFileSync(path, bytes);
  const file = openSync(path, 'r');
  const source = new ByteSource(file, bytes.length);
  truncateSync(path, 10);
  expect(() => source.read(50, length)).toThrow(MalformedContainer);
  expect(source.read(0, 10).equals(bytes.subarray(0, 10))).toBe(true);
  closeSync(file);
});
