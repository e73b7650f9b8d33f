import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { recognise } from '../../../../core/engine/recognise/recognise.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { EnlargerError } from '../../../../core/photo/failure.ts';
import { photoFactsSchema } from '../../../../core/photo/facts.ts';
import { scratchFolder } from '../../../fixtures/decoding.ts';
import { addHeifTurns } from '../../../fixtures/heif-turns.ts';

const folder = scratchFolder();
afterAll(() => {
  folder.remove();
});

/** "facts", or the code of a failure that a user can be told; anything else fails the test. */
async function answer(bytes: Uint8Array): Promise<string> {
  const path = folder.file(bytes, 'hostile');
  try {
    photoFactsSchema.parse(await recognise(path));
    return 'facts';
  } catch (thrown) {
    if (thrown instanceof EnlargerError && thrown.code !== 'internal') return thrown.code;
    throw thrown;
  }
}

const image = () =>
  sharp({ create: { width: 33, height: 17, channels: 4, background: { r: 200, g: 20, b: 60, alpha: 0.5 } } })
    .withIccProfile('p3')
    .withMetadata({ orientation: 6 });
const samples: Record<string, () => Promise<Uint8Array>> = {
  jpeg: () => image().jpeg({ progressive: true }).toBuffer(),
  png: () => image().png().toBuffer(),
  webp: () => image().webp().toBuffer(),
  tiff: () => image().tiff({ compression: 'lzw' }).toBuffer(),
  bigtiff: () => image().tiff({ compression: 'lzw', bigtiff: true }).toBuffer(),
  avif: async () => addHeifTurns(await image().avif().toBuffer(), 1, 0),
  gif: () => image().gif().toBuffer(),
};

describe.each(Object.entries(samples))('a %s', (_, make) => {
  test('cut anywhere gives facts or a reason', async () => {
    const whole = await make();
    expect(await answer(whole)).toBe('facts');
    // Every place in the header, then steps: the rest is pixels.
    for (let length = 0; length < whole.length; length += length < 600 ? 1 : 61) await answer(whole.subarray(0, length));
    expect(await answer(whole.subarray(0, 6))).not.toBe('facts');
  });

  test('with any bytes changed gives facts or a reason', async () => {
    const whole = await make();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(
            fc.nat({ max: Math.min(whole.length, 1500) - 1 }),
            fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat({ max: 255 })),
          ),
          { minLength: 1, maxLength: 8 },
        ),
        async (changes) => {
          const changed = whole.slice();
          for (const [at, value] of changes) changed[at] = value;
          await answer(changed);
        },
      ),
      { numRuns: 120 },
    );
  });
});

test('any bytes behind any signature give facts or a reason', async () => {
  const signatures = [
    '',
    '\xff\xd8\xff',
    '\x89PNG\r\n\x1a\n',
    '\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
    'RIFF\0\0\0\0WEBP',
    'RIFF\0\0\0\0WEBPVP8X',
    'GIF89a',
    'II*\0\x08\0\0\0',
    'MM\0*\0\0\0\x08',
    'II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0',
    '\0\0\0\x10ftypheic\0\0\0\0',
    '\0\0\0\x10ftypavif\0\0\0\0\0\0\0\x80meta\0\0\0\0',
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...signatures), fc.uint8Array({ maxLength: 400 }), async (signature, tail) => {
      await answer(Buffer.concat([Buffer.from(signature, 'latin1'), tail]));
    }),
    { numRuns: 600 },
  );
});
