import { afterAll, expect, test } from 'vitest';
import { sniffContainer } from '../../../../core/engine/container/sniff.ts';
import { sharp } from '../../../../core/engine/sharp.ts';
import { scratchSources } from './open-bytes.ts';

const sources = scratchSources();
afterAll(() => {
  sources.close();
});

const image = sharp({ create: { width: 8, height: 8, channels: 3, background: '#579' } });
const containers = { jpeg: 'jpeg', png: 'png', webp: 'webp', tiff: 'tiff', avif: 'isobmff', gif: 'gif' } as const;

test.each(Object.entries(containers))(
  '%s is told from every other, but not by its first three bytes',
  async (format, container) => {
    const bytes = await image.clone().toFormat(format as keyof typeof containers).toBuffer(); // prettier-ignore
    expect(sniffContainer(sources.of(bytes))).toBe(container);
    for (let length = 0; length < 3; length++) expect(sniffContainer(sources.of(bytes.subarray(0, length)))).toBeNull();
    const swapped = Buffer.from(bytes);
    swapped.copyWithin(0, 1, 12);
    expect(sniffContainer(sources.of(swapped))).toBeNull();
  },
);

test('neighbours of the formats are none of them', () => {
  for (const text of ['\xff\xd8\xff\xf7', 'RIFF\0\0\0\0WAVE', 'RIFF\0\0\0\0', 'GIF88a', '\x89PNG\r\n\x1a\r', '\0\0\0\x08ftyp', 'BM', 'II*\0'])
    expect(sniffContainer(sources.of(Buffer.from(text, 'latin1')))).toBeNull(); // prettier-ignore
});
