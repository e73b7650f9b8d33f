/** Result + photo + settings → the file that an export makes: how large, of what kind, and what it is called. Pure. */
import { z } from 'zod';
import { exportSettingsSchema, type ExportSettings } from './export-settings.ts';
import { rasterShape, type PhotoFacts } from './facts.ts';
import { nameByTemplate, type NameValues } from './name-template.ts';
import { assignNames, type TargetName } from './output-name.ts';
import { targetSize } from './plan.ts';
import { dimensions, planFile, type PlanLimits } from './plan-file.ts';
import { outputFormats } from './recipe.ts';

const side = z.int().positive();
const sizeSchema = z.object({ width: side, height: side });
type Size = z.infer<typeof sizeSchema>;

export const exportPlanSchema = z.object({
  /** The result is shrunk to this first; null keeps its size. */
  size: sizeSchema.nullable(),
  output: sizeSchema.extend({ format: z.enum(outputFormats), quality: z.int().min(1).max(100).nullable() }),
  /** Estimated size of the file. */
  outputBytes: z.int().nonnegative(),
  /** Disk for an uncompressed intermediate picture, in the scratch folder. */
  scratchBytes: z.int().nonnegative(),
  /** Sentences for the user about what the format or size changes. */
  notes: z.array(z.string()),
});
export type ExportPlan = z.infer<typeof exportPlanSchema>;

/** How one file is to be made, as it is kept with the export. */
export const exportOrderSchema = z.object({
  settings: exportSettingsSchema,
  plan: exportPlanSchema,
  name: z.object({ stem: z.string(), extension: z.string(), first: z.int().nonnegative() }),
  /** Absolute; the file lies there, or in folders of the template below it. */
  chosenFolder: z.string(),
});
export type ExportOrder = z.infer<typeof exportOrderSchema>;

/** What a job of the kind `export` carries. */
export const exportPayloadSchema = z.object({ exportId: z.int().positive() });
export type ExportPayload = z.infer<typeof exportPayloadSchema>;

/** Throws `too-large` when the format cannot hold the result. */
export function planExport(
  facts: PhotoFacts,
  result: Size,
  settings: Pick<ExportSettings, 'format' | 'quality' | 'size'>,
  limits: PlanLimits,
): ExportPlan {
  const full = { width: result.width, height: result.height };
  const wanted = settings.size === null ? full : targetSize(full, settings.size);
  const isSmaller = wanted.width < full.width || wanted.height < full.height;
  const size = isSmaller ? wanted : full;
  const { format, quality, bytes, notes } = planFile(facts, size, settings, limits);
  const isKept = settings.size !== null && (wanted.width > full.width || wanted.height > full.height);
  const { channels, bitDepth } = rasterShape(facts);
  return {
    size: isSmaller ? size : null,
    output: { ...size, format, quality },
    outputBytes: bytes,
    scratchBytes: isSmaller ? size.width * size.height * channels * (bitDepth / 8) : 0,
    notes: [...(isKept ? [`the result has ${dimensions(full)} only and is not enlarged`] : []), ...notes],
  };
}

/** One file before all of its batch are known. */
export interface NamedExport {
  readonly plan: ExportPlan;
  readonly values: Omit<NameValues, 'number' | 'count'>;
}

/** Folders below the target folder, and a name of its own for each file, in order. The same list gives the same names. */
export function nameExports(template: string, files: readonly NamedExport[]): { folders: readonly string[]; name: TargetName }[] {
  const wanted = files.map(({ plan, values }, index) =>
    nameByTemplate(template, { ...values, number: index + 1, count: files.length }, plan.output.format),
  );
  const names = assignNames(wanted.map(({ folders, name }) => ({ folder: folders.join('/'), name })));
  return wanted.map(({ folders, name }, index) => ({ folders, name: names[index] ?? name }));
}
