/** OpenSeadragon chooses, fetches and keeps tiles; this draws them, as exactly as a comparison needs. */
import type { Look } from './look.ts';
import { OpenSeadragon } from './openseadragon.ts';
import { contextOf, Painter, type PaintedPicture, type Scene } from './painter.ts';
import { isSameScene } from './same-scene.ts';
import { placeStage, tileInLevel, type Box, type TileAddress } from './tile-geometry.ts';
import type { MediaTileSource, StandInSource } from './tile-source.ts';
import type { Size } from './zoom.ts';

/** What is drawn, out of the tiles that the viewer holds of these sources. */
export interface Drawing {
  /** Size that 100 % means, in pixels. */
  readonly size: Size;
  readonly a: MediaTileSource | null;
  readonly b: MediaTileSource | null;
  readonly standIn: StandInSource | null;
  readonly look: Look;
  /** Squares instead of smooth transitions, at this scale. */
  showsPixels(scale: number): boolean;
}

/** As the viewer counts levels. */
interface HeldTile extends TileAddress {
  readonly bitmap: ImageBitmap;
}

export class ExactDrawer extends OpenSeadragon.DrawerBase {
  #drawing: Drawing | null = null;
  /** What is on the canvas. */
  #painted: Scene | null = null;
  readonly #painter: Painter;

  constructor(options: OpenSeadragon.DrawerConstructorParameters) {
    super(options);
    this.#painter = new Painter(contextOf(this.canvas));
  }

  static override isSupported(): boolean {
    return true;
  }

  /** Drawn from the next frame on. */
  set drawing(drawing: Drawing | null) {
    this.#drawing = drawing;
    this.viewer.forceRedraw();
  }

  override getType(): string {
    return 'exact';
  }

  override getSupportedDataFormats(): string[] {
    return ['imageBitmap'];
  }

  override canRotate(): boolean {
    return false;
  }

  /** What is smooth depends on the scale, here. */
  override setImageSmoothingEnabled(): void {
    this.viewer.forceRedraw();
  }

  override destroy(): void {
    super.destroy();
    // Frees its memory now.
    this.canvas.width = this.canvas.height = 0;
    this.canvas.remove();
  }

  /** Called by the base class, before this one has its fields. */
  _createDrawingElement(): HTMLCanvasElement {
    return document.createElement('canvas');
  }

  /** Called by the viewer for each frame that shows something new. */
  draw(items: readonly OpenSeadragon.TiledImage[]): void {
    const { canvas } = this;
    const room = this.#room();
    if (canvas.width !== room.width || canvas.height !== room.height) {
      canvas.width = room.width;
      canvas.height = room.height;
      this.#painted = null;
      // The canvas must not be stretched by the fraction of a pixel that its place may have.
      canvas.style.width = `${room.width / window.devicePixelRatio}px`;
      canvas.style.height = `${room.height / window.devicePixelRatio}px`;
    }
    const drawing = this.#drawing;
    // Asking for its tiles keeps a picture's tiles in memory, also while it is hidden.
    const tiles = new Map(items.map((item) => [item.source, this.#tiles(item)]));
    if (drawing === null || room.width === 0 || room.height === 0) return;
    const { scale, stage } = this.#placement(drawing.size, room);
    const picture = (source: MediaTileSource | null): PaintedPicture | null =>
      source && paintedPicture(source, tiles.get(source) ?? []);
    const scene: Scene = {
      a: picture(drawing.a),
      b: picture(drawing.b),
      standIn: (drawing.standIn && tiles.get(drawing.standIn)?.[0]?.bitmap) ?? null,
      look: drawing.look,
      stage,
      smooth: !drawing.showsPixels(scale),
    };
    // A viewer that waits for tiles asks for every frame, though there is nothing new in it.
    if (this.#painted !== null && isSameScene(this.#painted, scene)) return;
    this.#painted = scene;
    this.#painter.paint(scene);
  }

  /** Of the canvas, in device pixels. */
  #room(): Size {
    const { x, y } = this.viewport.getContainerSize();
    return { width: Math.round(x * window.devicePixelRatio), height: Math.round(y * window.devicePixelRatio) };
  }

  #placement(size: Size, room: Size): { scale: number; stage: Box } {
    const bounds = this.viewport.getBoundsNoRotate(true);
    const scale = (this.viewport.getContainerSize().x * window.devicePixelRatio) / bounds.width / size.width;
    const { x, y } = bounds.getCenter();
    return { scale, stage: placeStage(size, { x, y: (y * size.width) / size.height }, scale, room) };
  }

  #tiles(item: OpenSeadragon.TiledImage): HeldTile[] {
    return item.getTilesToDraw().flatMap(({ tile: { level, x, y }, tile }) => {
      const bitmap = this.getDataToDraw(tile) as ImageBitmap | undefined;
      return bitmap === undefined ? [] : [{ level, x, y, bitmap }];
    });
  }
}

function paintedPicture(source: MediaTileSource, held: readonly HeldTile[]): PaintedPicture {
  const { width, height, tileSide } = source.picture;
  const tiles = held.map(({ bitmap, ...tile }) => {
    const level = source.levelOf(tile.level);
    return { bitmap, level, box: tileInLevel({ width, height }, tileSide, { ...tile, level }) };
  });
  return { width, height, tiles };
}
