/** How fast each model and file format was on this machine, remembered for the estimate before a run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputFormat } from '../photo/recipe.ts';
import { speedsSchema } from '../photo/state-files.ts';
import type { FileOps } from '../disk/file-ops.ts';

/** Share of the newest measurement in what is remembered: old ones fade, one odd run changes little. */
const newest = 0.5;
/** Shorter runs count for less: what they took is mostly what each photo takes at least, however small. */
const tellingMs = 3000;

export interface Speeds {
  /** Pixels a millisecond, over whole photos: network output, or what is written to a file. Null when nothing was measured. */
  of(key: string): number | null;
  add(key: string, pixels: number, ms: number): void;
  /** Remembers. Estimates are a convenience: that they cannot be written is no failure of a run. */
  save(): Promise<void>;
}

/** Key of writing a format, beside those of the networks (`speedKey`). */
export function encodeSpeedKey(format: OutputFormat): string {
  return `encode/${format}`;
}

/** Reads what is remembered; a missing or damaged file is an empty memory. */
export async function openSpeeds(stateDirectory: string, files: FileOps): Promise<Speeds> {
  const path = join(stateDirectory, 'speeds.json');
  const known = new Map(Object.entries(await readSpeeds(path)));
  const measured = new Map<string, { pixels: number; ms: number }>();
  return {
    of: (key) => known.get(key) ?? null,
    add(key, pixels, ms) {
      const sum = measured.get(key) ?? { pixels: 0, ms: 0 };
      measured.set(key, { pixels: sum.pixels + pixels, ms: sum.ms + ms });
    },
    async save() {
      if (measured.size === 0) return;
      for (const [key, { pixels, ms }] of measured) {
        if (pixels <= 0 || ms <= 0) continue;
        const speed = pixels / ms;
        const share = newest * Math.min(1, ms / tellingMs);
        known.set(key, share * speed + (1 - share) * (known.get(key) ?? speed));
      }
      measured.clear();
      await files.writeText(path, JSON.stringify(Object.fromEntries(known))).catch(() => undefined);
    },
  };
}

async function readSpeeds(path: string): Promise<Record<string, number>> {
  try {
    return speedsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}
