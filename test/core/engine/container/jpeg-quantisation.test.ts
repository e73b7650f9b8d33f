import { afterAll, describe, expect, test } from 'vitest';
import { lumaQuantisation } from '../../../../core/engine/container/jpeg-quantisation.ts';
import { MalformedContainer } from '../../../../core/engine/container/malformed-container.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { jpegDeviation } from '../../../../core/photo/damage.ts';
import { scratchSources } from './open-bytes.ts';

const sources = scratchSources();
afterAll(() => {
  sources.close();
});

function jpeg(quality: number, options: { progressive?: boolean; grey?: boolean } = {}): Promise<Buffer> {
  const image = sharp({ create: { width: 24, height: 16, channels: 3, background: '#a08060' } });
  return (options.grey === true ? image.toColourspace('b-w') : image)
    .jpeg({ quality, progressive: options.progressive ?? false })
    .toBuffer();
}

/** Luma table of ITU-T T.81, K.1, which quality 50 uses as it is. */
// prettier-ignore
const standard = [
  16, 11, 10, 16, 24, 40, 51, 61,
  12, 12, 14, 19, 26, 58, 60, 55,
  14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77,
  24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];

/** The file with its first table in 16 bits a step. */
function withWideTable(file: Buffer): Buffer {
  const at = file.indexOf(Buffer.from([0xff, 0xdb]));
  const length = file.readUInt16BE(at + 2);
  const steps = [...file.subarray(at + 5, at + 5 + 64)];
  const rest = file.subarray(at + 5 + 64, at + 2 + length);
  const head = Buffer.from([0xff, 0xdb, 0, 0, 0x10 | file[at + 4]!]);
  const table = Buffer.concat([head, Buffer.from(steps.flatMap((step) => [0, step])), rest]);
  table.writeUInt16BE(table.length - 2, 2);
  return Buffer.concat([file.subarray(0, at), table, file.subarray(at + 2 + length)]);
}

describe('the luma table of a JPEG', () => {
  test.each([{}, { progressive: true }, { grey: true }])('is read row by row (%j)', async (options) => {
    expect(lumaQuantisation(sources.of(await jpeg(50, options)))).toEqual(standard);
  });

  test('is read in 16 bits too', async () => {
    expect(lumaQuantisation(sources.of(withWideTable(await jpeg(50))))).toEqual(standard);
  });

  test('costs more the lower the quality', async () => {
    const deviations: number[] = [];
    for (let quality = 100; quality >= 5; quality -= 5) {
      const steps = lumaQuantisation(sources.of(await jpeg(quality)));
      deviations.push(jpegDeviation(steps ?? []));
    }
    for (const [index, deviation] of deviations.entries())
      if (index > 0) expect(deviation).toBeGreaterThan(deviations[index - 1]!);
    expect(deviations[0]).toBeCloseTo(Math.sqrt(1 / 12), 6);
    expect(deviations.at(-1)).toBeLessThan(25);
  });

  test('is missing where there is none, and a step of zero divides nothing', async () => {
    const file = await jpeg(50);
    const at = file.indexOf(Buffer.from([0xff, 0xdb]));
    const none = Buffer.from(file);
    // A comment of the same length.
    none[at + 1] = 0xfe;
    for (let next = none.indexOf(Buffer.from([0xff, 0xdb])); next !== -1; next = none.indexOf(Buffer.from([0xff, 0xdb])))
      none[next + 1] = 0xfe;
    expect(lumaQuantisation(sources.of(none))).toBeNull();
    const zero = Buffer.from(file);
    zero[at + 5] = 0;
    expect(lumaQuantisation(sources.of(zero))?.[0]).toBe(1);
  });

  test('of a file that is cut anywhere before its picture is refused, never read beyond its end', async () => {
    const file = await jpeg(50);
    const scan = file.indexOf(Buffer.from([0xff, 0xda]));
    for (let length = 2; length < scan; length += 1)
      expect(() => lumaQuantisation(sources.of(file.subarray(0, length)))).toThrow(MalformedContainer);
  });
});
