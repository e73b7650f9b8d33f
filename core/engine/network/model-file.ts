/** Reads a model's folder: the card, and the bytes of a variant, verified before anything parses them. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { EnlargerError } from '../../photo/failure.ts';
import { modelCardSchema } from '../../photo/model-card.ts';
import type { ModelCard, ModelVariant } from '../../photo/model-card.ts';
import { invalidModel, maxModelBytes, scanModel } from './onnx-scan.ts';

const maxCardBytes = 1024 * 1024;

/** Reads and checks `card.json` of a model folder. Throws `model-missing` or `model-invalid`. */
export async function loadCard(directory: string): Promise<ModelCard> {
  const bytes = await readBounded(path.join(directory, 'card.json'), maxCardBytes);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw invalidModel('its card.json is not valid JSON', error);
  }
  const parsed = modelCardSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalidModel(
    `its card.json is wrong at ${issue?.path.join('.') ?? 'the top'} (${issue?.message ?? 'unknown'})`,
    parsed.error,
  );
}

/** Reads a variant's file and compares size and SHA-256 with the card; what is returned is what was hashed. */
export async function loadVerified(directory: string, variant: ModelVariant): Promise<Buffer> {
  const bytes = await readBounded(path.join(directory, variant.file), maxModelBytes);
  if (bytes.length !== variant.bytes)
    throw invalidModel(`${variant.file} has ${String(bytes.length)} bytes, its card says ${String(variant.bytes)}`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== variant.sha256)
    throw invalidModel(`${variant.file} was changed or damaged (its SHA-256 is not the one in its card)`);
  return bytes;
}

/** Scans a model's file by itself, so that a hostile one is named for what it is, whatever its card says. */
export async function scanFile(directory: string, file: string): Promise<void> {
  scanModel(await readBounded(path.join(directory, file), maxModelBytes));
}

async function readBounded(file: string, maxBytes: number): Promise<Buffer> {
  const name = path.basename(file);
  try {
    const facts = await stat(file);
    if (!facts.isFile()) throw invalidModel(`${name} is not a file`);
    if (facts.size > maxBytes) throw invalidModel(`${name} is larger than ${String(maxBytes / 1024 / 1024)} MB`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof EnlargerError) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new EnlargerError(
        'model-missing',
        `The model's file ${name} is missing. Install the model again, or choose another one.`,
        { cause: error },
      );
    }
    throw invalidModel(`${name} cannot be read (${String(code)})`, error);
  }
}
