/** Asks the media handler for pictures, and keeps the tiles that were read last: to go back, or on to what was read ahead, needs no answer. */
import { z } from 'zod';
import { EnlargerError, failureCodes, isFailureCode, toError } from '../../../../core/photo/failure.ts';
import { infoPath, pictureInfoSchema, tilePath, type Picture, type PictureName } from './picture.ts';
import type { TileAddress } from './tile-geometry.ts';

const refusalSchema = z.object({ code: z.enum(failureCodes), message: z.string().min(1) });

/** Encoded tiles; some hundred of them. */
const keptBytes = 64_000_000;

export class MediaReader {
  readonly #mediaUrl: (path: string) => string;
  /** By path, those that were used last at the end. */
  readonly #kept = new Map<string, Blob>();
  readonly #running = new Map<string, Promise<Blob>>();
  #bytes = 0;

  /** `mediaUrl` turns a path of the handler into an address; see `Bridge`. */
  constructor(mediaUrl: (path: string) => string) {
    this.#mediaUrl = mediaUrl;
  }

  /** Asks what a picture is. For an original that may take as long as decoding it does. Rejects with the failure that the handler tells. */
  async info(name: PictureName, signal: AbortSignal): Promise<Picture> {
    const answer = await this.#ask(infoPath(name), signal, 'auto');
    return { name, ...pictureInfoSchema.parse(await answer.json()) };
  }

  /** A tile, decoded outside the page's own thread. Whoever asks closes it. */
  async tile(picture: Picture, tile: TileAddress, signal: AbortSignal): Promise<ImageBitmap> {
    return await createImageBitmap(await this.#read(tilePath(picture, tile), signal, 'auto'));
  }

  /** Any small picture of the handler, such as a thumbnail. */
  async small(path: string, signal: AbortSignal): Promise<ImageBitmap> {
    return await createImageBitmap(await this.#read(path, signal, 'auto'));
  }

  /** Reads a tile that is wanted soon. Gives way to those that are wanted now. */
  async readAhead(picture: Picture, tile: TileAddress, signal: AbortSignal): Promise<void> {
    await this.#read(tilePath(picture, tile), signal, 'low');
  }

  async #read(path: string, signal: AbortSignal, priority: RequestPriority): Promise<Blob> {
    const blob = this.#kept.get(path) ?? (await this.#readNow(path, signal, priority));
    this.#keep(path, blob);
    return blob;
  }

  async #readNow(path: string, signal: AbortSignal, priority: RequestPriority): Promise<Blob> {
    const running = this.#running.get(path);
    if (running === undefined) return await this.#fetch(path, signal, priority);
    try {
      return await running;
    } catch (error) {
      // Whoever asked first gave up; this one did not.
      if (isFailureCode(error, 'cancelled') && !signal.aborted) return await this.#fetch(path, signal, priority);
      throw error;
    }
  }

  async #fetch(path: string, signal: AbortSignal, priority: RequestPriority): Promise<Blob> {
    const running = this.#ask(path, signal, priority).then((answer) => answer.blob());
    this.#running.set(path, running);
    try {
      return await running;
    } finally {
      this.#running.delete(path);
    }
  }

  #keep(path: string, blob: Blob): void {
    if (!this.#kept.delete(path)) this.#bytes += blob.size;
    this.#kept.set(path, blob);
    for (const [oldest, { size }] of this.#kept) {
      if (this.#bytes <= keptBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= size;
    }
  }

  async #ask(path: string, signal: AbortSignal, priority: RequestPriority): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(this.#mediaUrl(path), { signal, priority });
    } catch (cause) {
      if (signal.aborted) throw new EnlargerError('cancelled', 'Nobody waits for this picture any more.', { cause });
      throw new EnlargerError('internal', 'The program does not answer. Is it still running?', { retry: true, cause });
    }
    if (answer.ok) return answer;
    const refusal = refusalSchema.safeParse(await answer.json().catch(() => null));
    throw refusal.success
      ? toError(refusal.data)
      : new EnlargerError('internal', `The picture could not be read (${answer.status}).`);
  }
}
