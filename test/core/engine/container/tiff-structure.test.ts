import { afterAll, describe, expect, test } from 'vitest';
import { MalformedContainer } from '../../../../core/engine/container/malformed-container.ts';
import { bytesOfType, entryNumber, findEntry, readDirectory, readTiffHead } from '../../../../core/engine/container/tiff-structure.ts'; // prettier-ignore
import { scratchSources } from './open-bytes.ts';

const sources = scratchSources();
afterAll(() => {
  sources.close();
});

type Entry = readonly [tag: number, type: number, count: number, value: number];
interface Kind {
  readonly littleEndian: boolean;
  readonly isBig: boolean;
}
const kinds: Kind[] = [true, false].flatMap((littleEndian) => [true, false].map((isBig) => ({ littleEndian, isBig })));

function number(value: number, bytes: number, { littleEndian }: Kind): Buffer {
  const big = Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');
  return littleEndian ? big.reverse() : big;
}

/** A file of one directory; `claimed` replaces the number of its entries. Values are written at the width of their type. */
function tiff(kind: Kind, entries: Entry[], next = 0, claimed = entries.length): Buffer {
  const word = kind.isBig ? 8 : 4;
  const rows = entries.flatMap(([tag, type, count, value]) => {
    const field = Buffer.alloc(word);
    const width = Math.min(word, (bytesOfType(type) ?? word) * count > word ? word : (bytesOfType(type) ?? word));
    number(value, width, kind).copy(field);
    return [number(tag, 2, kind), number(type, 2, kind), number(count, word, kind), field];
  });
  return Buffer.concat([
    Buffer.from(kind.littleEndian ? 'II' : 'MM'),
    number(kind.isBig ? 43 : 42, 2, kind),
    ...(kind.isBig ? [number(8, 2, kind), number(0, 2, kind), number(16, 8, kind)] : [number(8, 4, kind)]),
    number(claimed, kind.isBig ? 8 : 2, kind),
    ...rows,
    number(next, word, kind),
  ]);
}

describe.each(kinds)('%o', (kind) => {
  test('a directory is read wherever it stands, and the first of two equal tags counts', () => {
    const bytes = tiff(kind, [[254, 4, 1, 70_000], [256, 3, 1, 640], [256, 3, 1, 7], [258, 3, 100, 999], [700, 99, 3, 50]], 4242); // prettier-ignore
    for (const base of [0, 6, 70_000]) {
      const source = sources.of(Buffer.concat([Buffer.alloc(base), bytes]));
      const head = readTiffHead(source, base)!;
      expect(head).toMatchObject({ ...kind, base, firstDirectory: kind.isBig ? 16 : 8 });
      const directory = readDirectory(source, head, head.firstDirectory);
      expect(directory.entries.map(({ tag }) => tag)).toEqual([254, 256, 256, 258, 700]);
      expect([254, 256, 999].map((tag) => entryNumber(source, head, findEntry(directory, tag)))).toEqual([
        70_000,
        640,
        undefined,
      ]);
      expect(entryNumber(source, head, findEntry(directory, 256), 1)).toBeUndefined();
      expect(findEntry(directory, 258)).toMatchObject({ valueAt: base + 999, valueBytes: 200 });
      expect(findEntry(directory, 700)).toMatchObject({ valueBytes: null });
      expect(directory.next).toBe(4242);
    }
  });

  test('a table that is cut off or impossibly long is malformed; a cut-off pointer to the next is none', () => {
    const bytes = tiff(kind, [[256, 3, 1, 640]], 1);
    const start = kind.isBig ? 16 : 8;
    const word = kind.isBig ? 8 : 4;
    for (let length = start; length < bytes.length; length++) {
      const source = sources.of(bytes.subarray(0, length));
      const head = readTiffHead(source, 0)!;
      if (length < bytes.length - word) expect(() => readDirectory(source, head, start)).toThrow(MalformedContainer);
      else expect(readDirectory(source, head, start).next).toBe(0);
    }
    const long = sources.of(Buffer.concat([tiff(kind, [], 0, 4097), Buffer.alloc(4097 * 20)]));
    expect(() => readDirectory(long, readTiffHead(long, 0)!, start)).toThrow(MalformedContainer);
  });
});

test('what has no TIFF head has none', () => {
  for (const text of ['', 'II*\0', 'II*\0\x08\0\0', 'IM*\0\x08\0\0\0', 'II\0*\x08\0\0\0', 'MM*\0\0\0\0\x08', 'II+\0\x04\0\0\0\x10\0\0\0\0\0\0\0'])
    expect(readTiffHead(sources.of(Buffer.from(text, 'latin1')), 0)).toBeNull(); // prettier-ignore
});
