/** One photo: what it is, what its metadata tells, and a small picture of it. A file of usual size is read once. */
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { stat, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { EngineParams, Looked } from '../../photo/engine-protocol.ts';
import { EnlargerError } from '../../photo/failure.ts';
import { rasterShape } from '../../photo/facts.ts';
import { thumbnailFile } from '../../photo/thumbnail.ts';
import { ByteSource } from '../container/byte-source.ts';
import { openOriginal } from '../container/open-original.ts';
import { metadataOf } from '../metadata/metadata.ts';
import { scratchError } from '../raster/scratch-error.ts';
import { refuseTooLarge } from '../recognise/decode-cost.ts';
import { readHeader } from '../recognise/read-header.ts';
import { hashOpenFile, toFacts } from '../recognise/recognise.ts';
import { detailsOf } from './details/details.ts';
import type { Limiter } from './limiter.ts';
import { makeThumbnail, type Thumbnail, type ThumbnailRequest } from './thumbnail.ts';

type Item = EngineParams<'look'>['items'][number];

/** A file up to this size is held until its thumbnail is made. */
const heldFileBytes = 16 * 2 ** 20;

/** Memory for one file after the other: a fresh piece for each costs as much as reading it. */
export class FileBuffer {
  #bytes = Buffer.alloc(0);

  /** The first `size` bytes of a file, valid until the next call. */
  async read(handle: FileHandle, size: number): Promise<Buffer> {
    if (size > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(Math.min(heldFileBytes, 2 * size));
    const file = this.#bytes.subarray(0, size);
    for (let done = 0; done < size;) {
      const { bytesRead } = await handle.read(file, done, size - done, done);
      if (bytesRead === 0) throw changed();
      done += bytesRead;
    }
    return file;
  }
}

/** What the photos that are looked at share. */
export interface Shared {
  /** Of nobody else until the look is done. */
  readonly buffer: FileBuffer;
  readonly memory: Limiter;
}

/** Throws what recognising throws, `source-changed` when the file changed meanwhile, and `disk-full` or `not-writable` for the thumbnail. */
export async function lookAt(item: Item, { buffer, memory }: Shared): Promise<Looked> {
  const { handle, size } = await openOriginal(item.path);
  try {
    return size <= heldFileBytes
      ? await lookAtHeld(item, await buffer.read(handle, size), memory)
      : await lookAtLarge(item, handle, size, memory);
  } finally {
    await handle.close();
  }
}

async function lookAtHeld(item: Item, file: Buffer, memory: Limiter): Promise<Looked> {
  const source = new ByteSource(file, file.length);
  const header = readHeader(source);
  refuseTooLarge(header);
  const facts = toFacts(header, file.length, hash('sha256', file, 'hex'));
  const details = detailsOf(metadataOf(source, header.format));
  return { ok: true, facts, details, ...(await thumbnailOf(item, { file, header, facts }, memory)) };
}

async function lookAtLarge(item: Item, handle: FileHandle, size: number, memory: Limiter): Promise<Looked> {
  const before = await handle.stat({ bigint: true });
  const source = new ByteSource(handle.fd, size);
  const header = readHeader(source);
  refuseTooLarge(header);
  const { sha256, bytes } = await hashOpenFile(handle);
  const facts = toFacts(header, bytes, sha256);
  const details = detailsOf(metadataOf(source, header.format));
  const made = await thumbnailOf(item, { file: item.path, header, facts }, memory);
  // The thumbnail was made of what the path led to by then.
  const after = await stat(item.path, { bigint: true });
  if (before.ino !== after.ino || before.size !== after.size || before.mtimeNs !== after.mtimeNs) throw changed();
  return { ok: true, facts, details, ...made };
}

function changed(): EnlargerError {
  return new EnlargerError('source-changed', 'The photo was changed by another program while it was looked at. Try again.', {
    retry: true,
  });
}

type Shown = Pick<Extract<Looked, { ok: true }>, 'damaged' | 'thumbnail'>;

async function thumbnailOf(item: Item, request: Omit<ThumbnailRequest, 'side'>, memory: Limiter): Promise<Shown> {
  const { thumbnail: path, thumbnailSide: side } = item;
  if (path === null) return { damaged: false, thumbnail: null };
  const { thumbnail, damaged } = await memory.run(neededBytes(request), async () => makeThumbnail({ ...request, side }));
  return { damaged, thumbnail: thumbnail === null ? null : store(path, thumbnail) };
}

/** HEIC is decoded whole before it is shrunk. */
function neededBytes({ file, facts }: Omit<ThumbnailRequest, 'side'>): number {
  const { channels, bitDepth } = rasterShape(facts);
  const whole = facts.format === 'heic' ? facts.width * facts.height * channels * (bitDepth / 8) : 0;
  return facts.decodeMemoryBytes + whole + (typeof file === 'string' ? 0 : file.length);
}

function store(path: string, { jpeg, width, height }: Thumbnail): Shown['thumbnail'] {
  const head = Buffer.alloc(thumbnailFile.headerBytes);
  head.write(thumbnailFile.magic, 'latin1');
  head.writeUInt32BE(crc32(jpeg), thumbnailFile.magic.length);
  try {
    // So few bytes are written sooner than another thread is asked to.
    writeFileSync(path, Buffer.concat([head, jpeg]));
  } catch (thrown) {
    throw scratchError(thrown);
  }
  return { width, height, bytes: head.length + jpeg.length };
}
