import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { ByteSource } from '../../../../core/engine/container/byte-source.ts';
import { gifBlocks } from '../../../../core/engine/container/gif-blocks.ts';
import { boxes, makeBox } from '../../../../core/engine/container/isobmff.ts';
import { isJpegKind, jpegKind, jpegPayload, jpegPayloadLimitBytes, jpegSegments, makeJpegSegment } from '../../../../core/engine/container/jpeg-segments.ts'; // prettier-ignore
import { MalformedContainer, nullIfMalformed } from '../../../../core/engine/container/malformed-container.ts';
import { makePngChunk, pngChunks } from '../../../../core/engine/container/png-chunks.ts';
import { makeRiffChunk, riffChunks } from '../../../../core/engine/container/riff-chunks.ts';
import { scratchSources } from './open-bytes.ts';

const sources = scratchSources();
afterAll(() => {
  sources.close();
});

interface Part {
  readonly start: number;
  readonly end: number | null;
}
interface Walker {
  readonly head: string;
  readonly walk: (source: ByteSource) => Iterable<Part>;
  /** A file of these payloads, and the payloads that a walk over it finds. */
  readonly build: (payloads: Uint8Array[]) => Uint8Array;
  readonly payloads: (source: ByteSource) => Uint8Array[];
}

const scan = Buffer.from([0xff, 0xda, 0, 3, 1]);
const walkers: Record<string, Walker> = {
  png: {
    head: '\x89PNG\r\n\x1a\n',
    walk: pngChunks,
    build: (payloads) => Buffer.concat([Buffer.alloc(8), ...payloads.map((data) => makePngChunk('abCd', data))]),
    payloads: (source) => Array.from(pngChunks(source), ({ dataAt, dataBytes }) => source.read(dataAt, dataBytes)),
  },
  webp: {
    head: 'RIFF\0\0\0\0WEBP',
    walk: riffChunks,
    build: (payloads) => Buffer.concat([Buffer.alloc(12), ...payloads.map((data) => makeRiffChunk('abcd', data))]),
    payloads: (source) => Array.from(riffChunks(source), ({ dataAt, dataBytes }) => source.read(dataAt, dataBytes)),
  },
  jpeg: {
    head: '\xff\xd8',
    walk: jpegSegments,
    build: (payloads) =>
      Buffer.concat([Buffer.from([0xff, 0xd8]), ...payloads.map((data) => makeJpegSegment(jpegKind.exif, data)), scan]),
    payloads: (source) =>
      Array.from(jpegSegments(source))
        .filter((segment) => isJpegKind(source, segment, jpegKind.exif))
        .map((segment) => jpegPayload(source, segment, jpegKind.exif)),
  },
  'iso media': {
    head: '\0\0\0\x10ftypavif\0\0\0\0',
    walk: (source) => boxes(source, 0, source.sizeBytes, true),
    build: (payloads) => Buffer.concat(payloads.map((data) => makeBox('abcd', data))),
    payloads: (source) => Array.from(boxes(source, 0, source.sizeBytes), ({ bodyAt, end }) => source.read(bodyAt, end - bodyAt)),
  },
  gif: {
    head: 'GIF89a\x01\0\x01\0\0\0\0',
    walk: gifBlocks,
    build: (payloads) =>
      Buffer.concat([
        Buffer.from('GIF89a\x01\0\x01\0\0\0\0', 'latin1'),
        ...payloads.map((data) => Buffer.concat([Buffer.from([0x21, 0xfe]), subBlocks(data)])),
        Buffer.from(';'),
      ]),
    payloads: (source) =>
      Array.from(gifBlocks(source), ({ subBlocksAt, end }) => joined(source.read(subBlocksAt, end! - subBlocksAt))),
  },
};

function subBlocks(data: Uint8Array): Buffer {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += 255) {
    const part = data.subarray(at, at + 255);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function joined(blocks: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; blocks[at] !== 0; at += 1 + blocks[at]!) parts.push(blocks.subarray(at + 1, at + 1 + blocks[at]!));
  return Buffer.concat(parts);
}

describe.each(Object.entries(walkers))('%s', (_, { head, walk, build, payloads }) => {
  test('what was made is found again, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 8 }), (data) => {
        const found = payloads(sources.of(build(data)));
        expect(found.map((one) => Buffer.from(one).toString('hex'))).toEqual(data.map((one) => Buffer.from(one).toString('hex')));
      }),
      { numRuns: 40 },
    );
  });

  test('over any bytes a walk ends, goes forward only, and throws nothing but what a reader expects', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(0, 1, 0x21, 0x2c, 0x3b, 0x80, 0xda, 0xff), fc.nat(255)), { maxLength: 300 }),
        (tail) => {
          const source = sources.of(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(tail)]));
          nullIfMalformed(() => {
            let at = 0;
            for (const { start, end } of walk(source)) {
              expect(start).toBeGreaterThanOrEqual(at);
              expect(start).toBeLessThan(source.sizeBytes);
              if (end !== null) expect(end).toBeGreaterThan(start);
              at = end ?? source.sizeBytes;
            }
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('JPEG segments are found behind garbage and fill bytes, as decoders do', () => {
  const payload = Buffer.from('payload');
  for (const between of ['', '\xff\xff\xff', 'garbage', '\xff\0\xff\x01\xff\xd0', 'x'.repeat(60_000)]) {
    const source = sources.of(
      Buffer.concat([
        Buffer.from([0xff, 0xd8]),
        Buffer.from(between, 'latin1'),
        makeJpegSegment(jpegKind.xmp, payload),
        Buffer.from(between, 'latin1'),
        scan,
      ]),
    );
    const segments = [...jpegSegments(source)];
    expect(segments.map(({ marker }) => marker)).toEqual([0xe1, 0xda]);
    expect(isJpegKind(source, segments[0]!, jpegKind.exif)).toBe(false);
    expect(jpegPayload(source, segments[0]!, jpegKind.xmp).toString()).toBe('payload');
    expect(source.u8(segments[0]!.start)).toBe(0xff);
  }
});

test('a JPEG header without a scan, or of endless segments, is malformed', () => {
  const segment = makeJpegSegment(jpegKind.comment, Buffer.alloc(0));
  for (const tail of [[], [0xff, 0xd9], [0xff, 0xe1, 0, 1]])
    expect(() => [...jpegSegments(sources.of(Buffer.from([0xff, 0xd8, ...segment, ...tail])))]).toThrow(MalformedContainer);
  const endless = Buffer.concat([Buffer.from([0xff, 0xd8]), ...Array<Buffer>(100_001).fill(segment), scan]);
  expect(() => [...jpegSegments(sources.of(endless))]).toThrow(MalformedContainer);
});

test.each(Object.entries(jpegKind))('the largest %s segment is found whole', (_, kind) => {
  const payload = Buffer.alloc(jpegPayloadLimitBytes(kind), 7);
  const source = sources.of(Buffer.concat([Buffer.from([0xff, 0xd8]), makeJpegSegment(kind, payload), scan]));
  const [segment] = jpegSegments(source);
  expect(segment!.dataBytes).toBe(65_533);
  expect(jpegPayload(source, segment!, kind).equals(payload)).toBe(true);
});

test('a box may name its size in 64 bits or run to the end, but not out of its parent', () => {
  const wide = Buffer.concat([Buffer.from('\0\0\0\x01wide\0\0\0\0\0\0\0\x12', 'latin1'), Buffer.from('ab')]);
  const last = Buffer.from('\0\0\0\0lastxyz', 'latin1');
  const source = sources.of(Buffer.concat([wide, last]));
  expect(Array.from(boxes(source, 0, source.sizeBytes), ({ type, bodyAt, end }) => [type, source.text(bodyAt, end - bodyAt)]))
    .toEqual([['wide', 'ab'], ['last', 'xyz']]); // prettier-ignore
  for (const size of [2, 7, 20]) {
    const odd = sources.of(Buffer.from([0, 0, 0, size, ...Buffer.from('oddy'), 0, 0]));
    expect(() => [...boxes(odd, 0, odd.sizeBytes)]).toThrow(MalformedContainer);
  }
  const cut = sources.of(makeBox('cut ', Buffer.alloc(20)).subarray(0, 15));
  expect([...boxes(cut, 0, cut.sizeBytes, true)]).toEqual([{ type: 'cut ', start: 0, bodyAt: 8, end: 15 }]);
});
