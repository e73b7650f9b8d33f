/**
 * Decodes every file of a list in a process of its own, so that a crash is seen as one. Reads paths from
 * stdin, one a line; prints one JSON line a file: {"path", "outcome", "ms", "rssBytes"}, with outcome
 * "ok", a failure code, or "defect: …" for anything that is neither a picture nor an EnlargerError.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { decodePhoto } from '../../../../core/engine/decode/decode-photo.ts';
import { openRaster } from '../../../../core/engine/raster/tiff-raster-reader.ts';
import { recognise } from '../../../../core/engine/recognise/recognise.ts';
import { EnlargerError } from '../../../../core/photo/failure.ts';

const folder = mkdtempSync(join(tmpdir(), 'enlarger-corpus-'));
const scratchPath = join(folder, 'scratch.tif');

async function outcome(path: string): Promise<string> {
  try {
    const facts = await recognise(path);
    const { shape } = await decodePhoto({ path, facts, scratchPath });
    const raster = openRaster(scratchPath);
    raster.close();
    const right =
      shape.width === facts.width &&
      shape.height === facts.height &&
      raster.shape.width === shape.width &&
      raster.shape.height === shape.height;
    return right ? 'ok' : 'defect: the raster is not of the size of the facts';
  } catch (thrown) {
    if (thrown instanceof EnlargerError && thrown.code !== 'internal') return thrown.code;
    return `defect: ${String(thrown)}`;
  }
}

for await (const path of createInterface({ input: process.stdin })) {
  const start = performance.now();
  const result = await outcome(path);
  const rssBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(`${JSON.stringify({ path, outcome: result, ms: Math.round(performance.now() - start), rssBytes })}\n`);
}
rmSync(folder, { recursive: true, force: true });
