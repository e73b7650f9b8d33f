/** The options of `enhance` as typed → recipe, export recipe and policies. Whatever is wrong is a `UsageError`. */
import {
  conflictPolicies,
  outputFormats,
  stripPolicies,
  type ConflictPolicy,
  type ExportRecipe,
  type Recipe,
  type Target,
} from '../core/photo/recipe.ts';
import type { DeviceChoice } from '../core/jobs/devices.ts';
import { UsageError } from './usage-error.ts';

/** As commander hands them over: strings that nobody has looked at; missing when not given. */
export interface RawRecipeOptions {
  readonly scale?: string;
  readonly width?: string;
  readonly height?: string;
  readonly longSide?: string;
  readonly megapixels?: string;
  readonly model?: string;
  readonly denoise?: string;
}

export interface RawEnhanceOptions extends RawRecipeOptions {
  readonly out?: string;
  readonly format?: string;
  readonly quality?: string;
  readonly device?: string;
  readonly onConflict?: string;
  readonly strip?: string;
  readonly recursive?: boolean;
  readonly sample?: boolean;
  readonly json?: boolean;
}

export const devices: readonly DeviceChoice[] = ['auto', 'cpu', 'webgpu'];

export interface EnhanceOptions {
  readonly outDirectory: string | null;
  readonly recipe: Recipe;
  /** A size was asked for; without, the target is the scale of the model that is named, or ×2. */
  readonly sizeIsGiven: boolean;
  readonly exported: ExportRecipe;
  readonly conflict: ConflictPolicy;
  readonly device: DeviceChoice;
  readonly recursive: boolean;
  readonly sample: boolean;
  readonly json: boolean;
}

export function parseEnhanceOptions(raw: RawEnhanceOptions): EnhanceOptions {
  return {
    outDirectory: raw.out === undefined ? null : directory(raw.out),
    ...parseRecipeOptions(raw),
    exported: {
      format: choice('--format', raw.format, ['same', ...outputFormats], 'same'),
      quality: raw.quality === undefined ? null : wholeNumber('--quality', raw.quality, 1, 100),
      strip: choice('--strip', raw.strip, stripPolicies, 'none'),
    },
    conflict: choice('--on-conflict', raw.onConflict, conflictPolicies, 'rename'),
    device: choice('--device', raw.device, devices, 'auto'),
    recursive: raw.recursive ?? false,
    sample: raw.sample ?? false,
    json: raw.json ?? false,
  };
}

/** What is to be made of the photos; shared with `queue add`. */
export function parseRecipeOptions(raw: RawRecipeOptions): Pick<EnhanceOptions, 'recipe' | 'sizeIsGiven'> {
  return {
    recipe: {
      version: 1,
      model: raw.model === undefined ? null : text('--model', raw.model),
      target: target(raw),
      denoise: denoise(raw.denoise),
    },
    sizeIsGiven: targetOptions.some((option) => raw[option] !== undefined),
  };
}

const targetOptions = ['scale', 'width', 'height', 'longSide', 'megapixels'] as const;
const targetFlags = {
  scale: '--scale',
  width: '--width',
  height: '--height',
  longSide: '--long-side',
  megapixels: '--megapixels',
} as const;
export const largestSide = 1_000_000;

function target(raw: RawRecipeOptions): Target {
  const given = targetOptions.filter((option) => raw[option] !== undefined);
  const [option, other] = given;
  if (option === undefined) return { kind: 'scale', scale: 2 };
  if (other !== undefined)
    throw new UsageError(`${targetFlags[option]} and ${targetFlags[other]} contradict each other: give one of them.`);
  const value = raw[option] ?? '';
  switch (option) {
    case 'scale':
      return { kind: 'scale', scale: scale(value) };
    case 'width':
    case 'height':
      return { kind: option, pixels: wholeNumber(targetFlags[option], value, 1, largestSide) };
    case 'longSide':
      return { kind: 'long-side', pixels: wholeNumber('--long-side', value, 1, largestSide) };
    case 'megapixels':
      return { kind: 'megapixels', megapixels: megapixels(value) };
  }
}

function scale(value: string): 1 | 2 | 4 {
  if (value === '1') return 1;
  if (value === '2') return 2;
  if (value === '4') return 4;
  throw new UsageError(
    `--scale takes 1, 2 or 4, not "${value}". For any other size use --width, --height, --long-side or --megapixels.`,
  );
}

/** A number above 0. */
export function megapixels(value: string): number {
  const number = decimal(value);
  if (number === null || number <= 0 || number > 1_000_000)
    throw new UsageError(`--megapixels takes a number above 0, such as 24 or 0.5, not "${value}".`);
  return number;
}

function denoise(value: string | undefined): Recipe['denoise'] {
  if (value === undefined || value === 'auto') return 'auto';
  const number = decimal(value);
  if (number === null || number > 1) throw new UsageError(`--denoise takes auto or a number from 0 to 1, not "${value}".`);
  return number;
}

/** A folder for results. */
export function directory(value: string): string {
  // "-o --json" is a forgotten folder far more often than a folder of that name.
  if (value.startsWith('-'))
    throw new UsageError(`--out needs a folder; a folder whose name starts with a dash is written "./${value}".`);
  return text('--out', value);
}

/** Any text that is not empty. */
export function text(flag: string, value: string): string {
  if (value.trim() === '') throw new UsageError(`${flag} needs a value that is not empty.`);
  return value;
}

/** One of the allowed words, exactly. */
export function choice<Value extends string>(
  flag: string,
  value: string | undefined,
  allowed: readonly Value[],
  fallback: Value,
): Value {
  if (value === undefined) return fallback;
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new UsageError(`${flag} takes ${allowed.join(', ')}, not "${value}".`);
  return found;
}

/** A whole number in a range, in plain decimal digits. */
export function wholeNumber(flag: string, value: string, from: number, to: number): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
  if (!(number >= from && number <= to))
    throw new UsageError(`${flag} takes a whole number from ${String(from)} to ${String(to)}, not "${value}".`);
  return number;
}

/** Plain digits with an optional decimal point; no sign, exponent or thousands separator. */
function decimal(value: string): number | null {
  return /^(\d+(\.\d*)?|\.\d+)$/.test(value) ? Number(value) : null;
}
