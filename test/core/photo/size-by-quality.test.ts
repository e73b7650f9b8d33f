import { describe, expect, it } from 'vitest';
import { formatTraits } from '../../../core/photo/formats.ts';
import { outputFormats } from '../../../core/photo/recipe.ts';
import { sizeByQuality } from '../../../core/photo/size-by-quality.ts';

describe.each(outputFormats)('the size of a file of the format %s', (format) => {
  const { defaultQuality } = formatTraits[format];

  it('is the typical one at the default quality', () => {
    expect(sizeByQuality(format, defaultQuality ?? 80)).toBeCloseTo(1, 10);
  });

  it('grows with quality, where there is one, and never jumps to nothing', () => {
    const sizes = Array.from({ length: 100 }, (_, index) => sizeByQuality(format, index + 1));
    for (const [index, size] of sizes.entries()) {
      const before = sizes[index - 1] ?? 0;
      if (defaultQuality === null) expect(size).toBe(1);
      else expect(size, `quality ${index + 1}`).toBeGreaterThan(before);
    }
  });
});
