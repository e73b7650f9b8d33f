/** Finds the small JPEGs that cameras leave in maker notes and between directories: previews of the old picture. */
import type { Range } from './exif-layout.ts';

/** Complete or cut-off JPEG streams inside `region`, in order, without overlap. */
export function embeddedJpegs(block: Uint8Array, region: Range): Range[] {
  const found: Range[] = [];
  for (let at = region.start; at + 4 <= region.end; at++) {
    if (block[at] !== 0xff || block[at + 1] !== 0xd8 || block[at + 2] !== 0xff) continue;
    const end = jpegEnd(block, at, region.end);
    if (end === null) continue;
    found.push({ start: at, end });
    at = end - 1;
  }
  return found;
}

/** Where the stream that starts at `start` ends; null when it never reaches a scan and so is no JPEG. */
function jpegEnd(block: Uint8Array, start: number, limit: number): number | null {
  let inScan = false;
  let at = start + 2;
  while (at + 1 < limit) {
    if (block[at] !== 0xff) {
      if (!inScan) return null;
      at++;
      continue;
    }
    const marker = block[at + 1] ?? 0;
    if (marker === 0xd9) return inScan ? at + 2 : null;
    const standsAlone = marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7);
    if (standsAlone) {
      at += marker === 0xff ? 1 : 2;
      continue;
    }
    if (marker < 0xc0) return inScan ? at : null;
    const length = ((block[at + 2] ?? 0) << 8) | (block[at + 3] ?? 0);
    if (length < 2) return inScan ? at : null;
    inScan = marker === 0xda || inScan;
    at += 2 + length;
  }
  return inScan ? limit : null;
}
