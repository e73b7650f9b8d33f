/** What kind of file a picture becomes: format, quality, how large, and what the format cannot hold. Pure. */
import { EnlargerError } from './failure.ts';
import { rasterShape, type PhotoFacts } from './facts.ts';
import { fits, formatTraits, formatsThatHold, sameFormat } from './formats.ts';
import type { ExportRecipe, OutputFormat } from './recipe.ts';
import { sizeByQuality } from './size-by-quality.ts';

/** What the machine allows. */
export interface PlanLimits {
  /** Memory that encoding one picture may take. */
  readonly encodeMemoryBytes: number;
}

export interface FilePlan {
  readonly format: OutputFormat;
  /** 1..100, or null where quality means nothing. */
  readonly quality: number | null;
  /** Estimated size of the file. */
  readonly bytes: number;
  /** Sentences for the user about what the format changes. */
  readonly notes: readonly string[];
}

/** Plans the file of a picture of `size` that was made of a photo. Throws `too-large` when the format cannot hold it. */
export function planFile(
  facts: PhotoFacts,
  size: { readonly width: number; readonly height: number },
  exported: Pick<ExportRecipe, 'format' | 'quality'>,
  limits: PlanLimits,
): FilePlan {
  const notes: string[] = [];
  const chosen = exported.format === 'same' ? sameFormat(facts.format) : { format: exported.format, note: null };
  if (chosen.note !== null) notes.push(chosen.note);
  const traits = formatTraits[chosen.format];
  const { bitDepth } = rasterShape(facts);
  const picture = { ...size, bitDepth };
  if (!fits(traits, picture, limits.encodeMemoryBytes)) {
    const others = formatsThatHold(picture, limits.encodeMemoryBytes);
    const limit =
      Math.max(size.width, size.height) > traits.maxSide
        ? `more than ${String(traits.maxSide)} pixels a side`
        : 'not within the memory of this machine';
    throw new EnlargerError(
      'too-large',
      `${traits.name} cannot hold ${dimensions(size)} (${limit})${others.length === 0 ? '. Choose a smaller size.' : `. These formats can: ${others.join(', ')}, or choose a smaller size.`}`,
    );
  }
  if (bitDepth === 16 && traits.maxDepth < 16) {
    notes.push(
      traits.maxDepth === 8
        ? `${traits.name} keeps 8 of ${String(facts.bitDepth)} bits: use PNG or TIFF to keep all`
        : `${traits.name} keeps ${String(traits.maxDepth)} bits`,
    );
  }
  if (facts.hasAlpha && !traits.alpha) notes.push(`${traits.name} has no transparency: transparent parts become white`);
  if (exported.quality !== null && traits.defaultQuality === null) notes.push(`${traits.name} is lossless: quality is ignored`);
  const bitsPerPixel = traits.typicalBitsPerPixel * (bitDepth === 16 && traits.maxDepth === 16 ? 2 : 1);
  const quality = traits.defaultQuality === null ? null : (exported.quality ?? traits.defaultQuality);
  const usualBytes = (size.width * size.height * bitsPerPixel) / 8;
  return {
    format: chosen.format,
    quality,
    bytes: Math.ceil(usualBytes * (quality === null ? 1 : sizeByQuality(chosen.format, quality))),
    notes,
  };
}

/** `4000 × 3000` */
export function dimensions({ width, height }: { readonly width: number; readonly height: number }): string {
  return `${String(width)} × ${String(height)}`;
}
