/**
 * A result's folder, looked at from outside: is it whole, how large is it, when was it used. An empty file, the seal, is added when a result is
 * stored. Its name carries the checksum of the manifest, which in turn vouches for everything else, and the size of the whole folder, so that
 * a cache of thousands is counted without opening a file. Its time is the last use.
 */
import { lstat, readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { errorCode } from '../disk/file-ops.ts';
import { manifestName, metadataName, resultManifestSchema, type ResultManifest } from '../photo/result.ts';
import { resultKey } from './result-key.ts';

const sealPattern = /^sealed-([0-9a-f]{8})-(\d{1,15})$/;

export interface StoredResult {
  readonly directory: string;
  readonly manifest: ResultManifest;
  /** Of all its files. */
  readonly bytes: number;
  readonly seal: string;
  readonly lastUseMs: number;
}

/**
 * `missing`: there is no such folder; `damaged`: what is there is not what was stored; `unreadable`: the system does not let us tell, which
 * is no reason to remove it.
 */
export type Inspection =
  { readonly state: 'whole'; readonly stored: StoredResult } | { readonly state: 'missing' | 'damaged' | 'unreadable' };

/** Checks a stored result: its seal, its manifest, that it is the one of this key, and that each file has its size. */
export async function inspectStored(directory: string, key: string): Promise<Inspection> {
  const first = await inspectOnce(directory, key);
  // While it was looked at, it may have been removed and made again by others: damage is what stays.
  return first.state === 'damaged' ? await inspectOnce(directory, key) : first;
}

async function inspectOnce(directory: string, key: string): Promise<Inspection> {
  try {
    const names = await readdir(directory).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    });
    if (names === null) return { state: 'missing' };
    const seal = names.find((name) => sealPattern.test(name));
    const [, checksum, bytes] = sealPattern.exec(seal ?? '') ?? [];
    if (seal === undefined) return { state: 'damaged' };
    const draft = await inspectDraft(directory, key);
    if (draft?.checksum !== checksum || draft?.bytes !== Number(bytes)) return { state: 'damaged' };
    const { mtimeMs } = await stat(join(directory, seal));
    return { state: 'whole', stored: { ...draft, directory, seal: join(directory, seal), lastUseMs: mtimeMs } };
  } catch (error) {
    return { state: isEvidence(error) ? 'damaged' : 'unreadable' };
  }
}

export interface DraftResult {
  readonly manifest: ResultManifest;
  readonly bytes: number;
  /** Of the manifest's text, 8 hex digits. */
  readonly checksum: string;
}

/** Checks what the engine left in a folder; null when it is not a whole result of this key. Rejects with the system's errors. */
export async function inspectDraft(directory: string, key: string): Promise<DraftResult | null> {
  try {
    const text = await readFile(join(directory, manifestName));
    const manifest = parseManifest(text.toString('utf8'));
    if (manifest === null || resultKey(manifest.parts) !== key) return null;
    let bytes = text.length + (await stat(join(directory, metadataName))).size;
    for (const { file, fileBytes } of manifest.levels) {
      const entry = await lstat(join(directory, file));
      if (!entry.isFile() || entry.size !== fileBytes) return null;
      bytes += entry.size;
    }
    return { manifest, bytes, checksum: crc32(text).toString(16).padStart(8, '0') };
  } catch (error) {
    if (isEvidence(error)) return null;
    throw error;
  }
}

function parseManifest(text: string): ResultManifest | null {
  try {
    return resultManifestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** An error that says that something is not there, or is of another kind; others only say that it could not be looked at. */
function isEvidence(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP'].includes(errorCode(error));
}

export function sealName({ checksum, bytes }: Pick<DraftResult, 'checksum' | 'bytes'>): string {
  return `sealed-${checksum}-${String(bytes)}`;
}

/** Size and last use by the seal alone; null when it has none or went meanwhile. */
export async function readSeal(directory: string): Promise<{ bytes: number; lastUseMs: number } | null> {
  try {
    const seal = (await readdir(directory)).find((name) => sealPattern.test(name));
    if (seal === undefined) return null;
    const { mtimeMs } = await stat(join(directory, seal));
    return { bytes: Number(sealPattern.exec(seal)?.[2]), lastUseMs: mtimeMs };
  } catch {
    return null;
  }
}
