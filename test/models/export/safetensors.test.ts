import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkFile, parseNetwork } from '../../../models/export/plain-network.ts';
import { readSafetensors, writeSafetensors } from '../../../models/export/safetensors.ts';
import { build, smallNetworks } from './small-networks.ts';

/** A file with this header and this much data. */
function file(header: unknown, dataBytes: number, claimedLength?: number): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(claimedLength ?? text.length));
  return Buffer.concat([length, text, Buffer.alloc(dataBytes)]);
}

const tensor = (dtype: string, shape: unknown, data_offsets: unknown): Record<string, unknown> => ({
  t: { dtype, shape, data_offsets },
});

describe('a safetensors file', () => {
  test('comes back as it was written, whatever is in it', () => {
    const floats = fc.float32Array({ maxLength: 20, noNaN: true }).map((data) => ({ shape: [data.length], data }));
    const bytes = fc.uint8Array({ maxLength: 20 }).map((data) => ({ shape: [1, data.length], data }));
    const name = fc.string({ maxLength: 8 }).filter((text) => text !== '__metadata__' && text !== '__proto__');
    const key = fc.string({ maxLength: 8 }).filter((text) => text !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(name, fc.oneof(floats, bytes)), fc.dictionary(key, fc.string()), (parts, metadata) => {
        const tensors = new Map(Object.entries(parts));
        const read = readSafetensors(writeSafetensors({ tensors, metadata }));
        expect(read.metadata).toEqual({ ...metadata });
        expect(new Map(read.tensors)).toEqual(tensors);
      }),
    );
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['a length and no more', new Uint8Array(8)],
    ['a header beyond the end', file({}, 0, 3)],
    ['a header of 2^63 bytes', Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 0x80]), Buffer.from('{}')])],
    ['no JSON', file('{"t":', 0)],
    ['a list as header', file([], 0)],
    ['text that is not UTF-8', Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]), Buffer.from([0xff])])],
    ['metadata that is not text', file({ __metadata__: { a: 1 } }, 0)],
    ['an unknown element type', file(tensor('F64', [1], [0, 8]), 8)],
    ['an inherited name as element type', file(tensor('constructor', [1], [0, 8]), 8)],
    ['data beyond the end', file(tensor('F32', [2], [0, 8]), 4)],
    ['data before the start', file(tensor('F32', [1], [-4, 0]), 4)],
    ['data backwards', file(tensor('F32', [1], [4, 0]), 4)],
    ['a shape that does not fit', file(tensor('F32', [3], [0, 8]), 8)],
    ['a shape that overflows', file(tensor('U8', [2 ** 40, 2 ** 40], [0, 8]), 8)],
    ['a fraction as side', file(tensor('U8', [0.5, 2], [0, 1]), 1)],
    ['data that nobody owns', file(tensor('U8', [1], [0, 1]), 2)],
    ['tensors on the same data', file({ ...tensor('U8', [2], [0, 2]), u: { dtype: 'U8', shape: [2], data_offsets: [1, 3] } }, 3)],
    ['a tensor that is no object', file({ t: 3 }, 0)],
  ])('with %s is refused in a sentence', (_, bytes) => {
    expect(() => readSafetensors(bytes)).toThrow(expect.objectContaining({ name: 'EnlargerError', code: 'damaged' }));
  });
});

describe('a trained network', () => {
  test.each(smallNetworks)('comes back from its file: $name', (shape) => {
    const network = build(shape);
    expect(parseNetwork(readSafetensors(writeSafetensors(networkFile(network))))).toEqual(network);
  });

  test('with a missing, extra, misshapen or infinite tensor is refused', () => {
    const { tensors, metadata } = networkFile(build(smallNetworks[0]));
    const changed = (change: (copy: Map<string, unknown>) => void): (() => void) => {
      const copy = new Map(tensors);
      change(copy);
      return () => parseNetwork({ tensors: copy, metadata });
    };
    expect(changed(() => undefined)).not.toThrow();
    expect(changed((copy) => copy.delete('body.1.bias'))).toThrow(/no tensor body\.1\.bias/);
    expect(changed((copy) => copy.set('body.2.weight', copy.get('body.1.weight')))).toThrow(/tensors where/);
    expect(changed((copy) => copy.set('tail.weight', copy.get('head.weight')))).toThrow(/tail\.weight is not F32 of shape/);
    expect(changed((copy) => copy.set('tail.bias', { shape: [12], data: new Float32Array(12).fill(Infinity) }))).toThrow(
      /no numbers/,
    );
    expect(() => parseNetwork({ tensors, metadata: {} })).toThrow(/does not describe itself/);
  });
});
