/** The manifest of a result: written last, checks itself, and vouches for every other file. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { manifestName, resultManifestSchema, type ResultManifest } from '../../photo/result.ts';
import { scratchError } from '../raster/scratch-error.ts';
import { damagedResult } from './damaged-result.ts';

/** Writes it through a temp file beside it. Returns its bytes. Throws `disk-full` or `not-writable`. */
export async function writeManifest(directory: string, manifest: ResultManifest): Promise<number> {
  const text = sealed(JSON.stringify(manifest));
  const path = join(directory, manifestName);
  try {
    await writeFile(`${path}.part`, text);
    await rename(`${path}.part`, path);
  } catch (thrown) {
    throw scratchError(thrown);
  }
  return Buffer.byteLength(text);
}

/** Throws `damaged` when it is missing or anything in it is not as it was written. */
export async function readManifest(directory: string): Promise<ResultManifest> {
  try {
    return resultManifestSchema.parse(JSON.parse(unsealed(await readFile(join(directory, manifestName), 'utf8'))));
  } catch (thrown) {
    throw damagedResult(thrown);
  }
}

/** The checksum of a JSON object becomes its last member, so that it stays an object that anybody can read. */
function sealed(json: string): string {
  const body = json.slice(0, -1);
  return `${body}${sealName}${String(crc32(body))}}`;
}

function unsealed(text: string): string {
  const at = text.lastIndexOf(sealName);
  if (at < 0 || sealed(`${text.slice(0, at)}}`) !== text) throw new Error('the manifest does not fit its checksum');
  return text;
}

const sealName = ',"crc32":';
