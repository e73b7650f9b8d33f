/** Versions that package.json knows. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const packageSchema = z.object({ version: z.string(), dependencies: z.object({ 'onnxruntime-node': z.string() }) });

/** Of Enlarger. */
export function softwareVersion(): string {
  return read().version;
}

/** Of onnxruntime, which is pinned. */
export function runtimeVersion(): string {
  return read().dependencies['onnxruntime-node'];
}

function read(): z.infer<typeof packageSchema> {
  return packageSchema.parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
}
