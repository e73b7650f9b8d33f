import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isResultKey, resultKey } from '../../../core/cache/result-key.ts';
import { resultPartsSchema, type ResultParts } from '../../../core/photo/result.ts';

const sha256 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const side = fc.integer({ min: 1, max: 100_000 });
const fields = {
  sourceSha256: sha256,
  orientation: fc.integer({ min: 1, max: 8 }),
  modelSha256: fc.option(sha256),
  passes: fc.integer({ min: 0, max: 3 }),
  strength: fc.oneof(fc.constant('auto' as const), fc.double({ min: 0, max: 1, noNaN: true })),
  resize: fc.option(fc.record({ width: side, height: side })),
  pixelVersion: fc.integer({ min: 1, max: 1000 }),
} satisfies { [Field in keyof ResultParts]: fc.Arbitrary<ResultParts[Field]> };
const parts = fc.record(fields);

describe('the key of a result', () => {
  it('knows every part', () => {
    expect(Object.keys(fields).sort()).toEqual(Object.keys(resultPartsSchema.shape).sort());
  });

  it('is a hash that does not depend on the order of the parts', () => {
    fc.assert(
      fc.property(parts, fc.shuffledSubarray(Object.keys(fields), { minLength: Object.keys(fields).length }), (given, order) => {
        const entries = order.map((field) => [field, given[field as keyof ResultParts]] as const);
        expect(isResultKey(resultKey(given))).toBe(true);
        expect(resultKey(Object.fromEntries(entries) as unknown as ResultParts)).toBe(resultKey(given));
      }),
    );
  });

  it.each(Object.keys(fields) as (keyof ResultParts)[])('changes with %s, whatever the others are', (field) => {
    fc.assert(
      fc.property(parts, fields[field], (given, value) => {
        const changed = { ...given, [field]: value };
        expect(resultKey(changed) === resultKey(given)).toBe(JSON.stringify(changed) === JSON.stringify(given));
      }),
    );
  });

  it('knows nothing of path, time, name, device or tiling', () => {
    fc.assert(
      fc.property(
        parts,
        fc.dictionary(fc.constantFrom('path', 'name', 'createdMs', 'device', 'tileSide'), fc.string()),
        (given, more) => {
          expect(resultKey({ ...more, ...given })).toBe(resultKey(given));
        },
      ),
    );
  });

  it('is made of nothing that is not whole', () => {
    fc.assert(
      fc.property(parts, fc.constantFrom(...Object.keys(fields)), (given, field) => {
        expect(() => resultKey({ ...given, [field]: undefined })).toThrow();
      }),
    );
  });
});
