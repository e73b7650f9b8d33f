/** Pictures as OpenSeadragon asks for them, fetched and decoded our way. */
import { toFailure, type Failure } from '../../../../core/photo/failure.ts';
import { OpenSeadragon } from './openseadragon.ts';
import type { MediaReader } from './media-reader.ts';
import { tilePath, type Picture } from './picture.ts';
import type { Size } from './zoom.ts';

/** Downloads what `read` gives, and stops when the picture leaves the viewer. */
abstract class BitmapSource extends OpenSeadragon.TileSource {
  readonly #running = new Map<OpenSeadragon.ImageJob, AbortController>();

  protected abstract read(tile: OpenSeadragon.Tile, signal: AbortSignal): Promise<ImageBitmap>;

  override downloadTileStart(job: OpenSeadragon.ImageJob): void {
    const stop = new AbortController();
    this.#running.set(job, stop);
    void this.read(job.tile, stop.signal)
      .then(
        (bitmap) => job.finish(bitmap, null, 'imageBitmap'),
        (error: unknown) => job.fail(toFailure(error).message, null),
      )
      .finally(() => this.#running.delete(job));
  }

  override downloadTileAbort(job: OpenSeadragon.ImageJob): void {
    this.#running.get(job)?.abort();
  }

  override destroy(viewer: OpenSeadragon.Viewer): void {
    super.destroy(viewer);
    for (const stop of this.#running.values()) stop.abort();
  }
}

/** A picture of the media handler. Its levels count the other way round here: the largest number is the whole picture. */
export class MediaTileSource extends BitmapSource {
  readonly picture: Picture;
  readonly #media: MediaReader;
  readonly #onFailure: (failure: Failure) => void;

  /** `onFailure` hears why a tile cannot be had, unless nobody wanted it any more. */
  constructor(picture: Picture, media: MediaReader, onFailure: (failure: Failure) => void) {
    const { width, height, tileSide, levels } = picture;
    super({ width, height, tileSize: tileSide, tileOverlap: 0, minLevel: 0, maxLevel: levels - 1 });
    this.picture = picture;
    this.#media = media;
    this.#onFailure = onFailure;
  }

  /** The media handler's number of a level. */
  levelOf(osdLevel: number): number {
    return this.maxLevel - osdLevel;
  }

  /** Names the tile in the viewer's memory. */
  override getTileUrl(level: number, x: number, y: number): string {
    return tilePath(this.picture, { level: this.levelOf(level), x, y });
  }

  protected async read({ level, x, y }: OpenSeadragon.Tile, signal: AbortSignal): Promise<ImageBitmap> {
    try {
      return await this.#media.tile(this.picture, { level: this.levelOf(level), x, y }, signal);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code !== 'cancelled') this.#onFailure(failure);
      throw error;
    }
  }
}

/** One small picture of something, of any size of its own, in the place of all of it. It may be missing: then nothing stands in. */
export class StandInSource extends BitmapSource {
  readonly #path: string;
  readonly #media: MediaReader;

  /** `path` of the media handler; `size` of what it stands for. */
  constructor(path: string, { width, height }: Size, media: MediaReader) {
    super({ width, height, tileSize: Math.max(width, height), tileOverlap: 0, minLevel: 0, maxLevel: 0 });
    this.#path = path;
    this.#media = media;
  }

  override getTileUrl(): string {
    return this.#path;
  }

  protected read(_tile: OpenSeadragon.Tile, signal: AbortSignal): Promise<ImageBitmap> {
    return this.#media.small(this.#path, signal);
  }
}
