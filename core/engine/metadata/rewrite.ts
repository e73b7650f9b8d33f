/** Rewrites a file from new bytes and ranges of the old, with bounded memory. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { EnlargerError } from '../../photo/failure.ts';

/** New bytes, or the half-open range of the old file to copy. */
export type Piece = Uint8Array | { readonly from: number; readonly to: number };

const bufferBytes = 1024 * 1024;

/** What was written. */
export interface Written {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Writes the pieces to `${path}.meta` (the host removes one that a killed engine leaves) and renames that over `path`; on failure `path` stays as it was. */
export async function rewriteFile(path: string, pieces: Piece[]): Promise<Written> {
  const temporary = `${path}.meta`;
  try {
    const written = await copyPieces(path, temporary, pieces);
    await rename(temporary, path);
    return written;
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw asWriteFailure(thrown);
  }
}

async function copyPieces(from: string, to: string, pieces: Piece[]): Promise<Written> {
  await using source = await open(from, 'r');
  return await writeNew(to, async (write) => {
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) await write(piece);
      else await copyRange(source, piece.from, piece.to, write);
    }
  });
}

/** Writes to `path` a file that comes in parts, perhaps only one, the pieces of its first part instead of that. Throws what the parts throw, too. */
export async function writeParts(
  path: string,
  parts: AsyncIterable<Buffer> | Iterable<Buffer>,
  piecesOf: (first: Buffer) => Piece[],
): Promise<Written> {
  try {
    return await writeNew(path, async (write) => {
      let isFirst = true;
      for await (const part of parts) {
        for (const bytes of isFirst ? joined(part, piecesOf(part)) : [part]) await write(bytes);
        isFirst = false;
      }
    });
  } catch (thrown) {
    throw asWriteFailure(thrown);
  }
}

/** The pixels may be by far the largest piece and are the last: with the others together, two writes are enough. */
function joined(old: Uint8Array, pieces: Piece[]): Uint8Array[] {
  const bytes = pieces.map((piece) => (piece instanceof Uint8Array ? piece : old.subarray(piece.from, piece.to)));
  return [Buffer.concat(bytes.slice(0, -1)), ...bytes.slice(-1)];
}

type Write = (bytes: Uint8Array) => Promise<void>;

/** Empties `path` and lets `fill` write it from its beginning. */
async function writeNew(path: string, fill: (write: Write) => Promise<void>): Promise<Written> {
  const hash = createHash('sha256');
  let written = 0;
  await using target = await open(path, 'w');
  await fill(async (bytes) => {
    // Bit by bit: what the system writes meanwhile is then not long in the way of what is hashed.
    for (let at = 0; at < bytes.length; at += bufferBytes) {
      const part = bytes.subarray(at, at + bufferBytes);
      const writing = writeFully(target, part);
      hash.update(part);
      await writing;
    }
    written += bytes.length;
  });
  return { bytes: written, sha256: hash.digest('hex') };
}

/** Writes `parts` at their offsets, in order, into the file as it is. */
export async function patchFile(path: string, parts: { at: number; bytes: Uint8Array }[]): Promise<void> {
  try {
    const file = await open(path, 'r+');
    try {
      for (const { at, bytes } of parts) await writeFully(file, bytes, at);
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw asWriteFailure(thrown);
  }
}

async function copyRange(source: FileHandle, from: number, to: number, write: Write): Promise<void> {
  const buffer = Buffer.alloc(Math.min(bufferBytes, Math.max(0, to - from)));
  for (let at = from; at < to;) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, to - at), at);
    if (bytesRead === 0)
      throw new EnlargerError('internal', 'The result became shorter while its metadata was added. Please try again.');
    await write(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

async function writeFully(target: FileHandle, bytes: Uint8Array, at: number | null = null): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await target.write(bytes, done, bytes.length - done, at === null ? null : at + done)).bytesWritten;
  }
}

function asWriteFailure(thrown: unknown): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EnlargerError('disk-full', 'The disk is full. Free some space and run the same command again.', { cause: thrown });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new EnlargerError('not-writable', 'The result could not be written there. Choose another folder.', {
      cause: thrown,
    });
  }
  return thrown;
}
