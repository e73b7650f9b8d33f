/** Where a stage looks and how near. Several viewers can share one: they show the same place, and whoever is touched leads the others. */
import { OpenSeadragon } from './openseadragon.ts';
import { centreKeeping, fitScale, maxScale, nextStop, offsetOf, spotUnder, type Size, type Spot, type ZoomWish } from './zoom.ts';

const middle: Spot = { x: 0.5, y: 0.5 };

export class Camera {
  /** As it is drawn now; 1 is 100 %. */
  scale = $state(1);
  /** Middle of the view, as it is drawn now. */
  centre = $state.raw<Spot>(middle);
  /** Shows the whole picture, and goes on doing so when the window changes its size. */
  fitted = $state(true);
  /** Size of the picture, in its pixels. */
  size = $state.raw<Size>({ width: 1, height: 1 });
  #viewers: readonly OpenSeadragon.Viewer[] = [];
  #leader: OpenSeadragon.Viewer | null = null;
  /** Of the leader when it was looked at last, in CSS pixels. */
  #room = new OpenSeadragon.Point(0, 0);

  /** Of the view, in device pixels; without any while nobody shows it. */
  get room(): Size {
    const { x, y } = this.#leader?.viewport.getContainerSize() ?? this.#room;
    return { width: Math.round(x * devicePixelRatio), height: Math.round(y * devicePixelRatio) };
  }

  /** The picture is one of `size` pixels now. What is seen of it stays: the same part, at the same percentage, or all of it. */
  show(size: Size): void {
    if (size.width === this.size.width && size.height === this.size.height) return;
    this.size = size;
    for (const viewer of this.#viewers) this.#apply(viewer);
  }

  /** Returns what lets go of it. */
  attach(viewer: OpenSeadragon.Viewer): () => void {
    this.#viewers = [...this.#viewers, viewer];
    this.#leader ??= viewer;
    this.#apply(viewer);
    const lead = (): void => {
      this.#leader = viewer;
    };
    const move = (): void => {
      this.fitted = false;
    };
    for (const touch of ['canvas-press', 'canvas-scroll', 'canvas-pinch'] as const) viewer.addHandler(touch, lead);
    for (const gesture of ['canvas-drag', 'canvas-scroll', 'canvas-pinch'] as const) viewer.addHandler(gesture, move);
    viewer.addHandler('canvas-double-click', ({ position }) => {
      const room = viewer.viewport.getContainerSize();
      this.toggle(this.spotUnder({ x: position.x - room.x / 2, y: position.y - room.y / 2 }));
    });
    viewer.addHandler('viewport-change', () => this.#follow(viewer));
    return () => {
      this.#viewers = this.#viewers.filter((other) => other !== viewer);
      if (this.#leader === viewer) this.#leader = this.#viewers[0] ?? null;
    };
  }

  /** Part of the picture at so many CSS pixels from the middle of the view. May lie outside the picture. */
  spotUnder(offset: Spot): Spot {
    return spotUnder(offset, this, devicePixelRatio);
  }

  /** CSS pixels from the middle of the view to a part of the picture. */
  offsetOf(spot: Spot): Spot {
    return offsetOf(spot, this, devicePixelRatio);
  }

  /** `at` stays where it is; default: the middle. */
  zoom(wish: ZoomWish, at: Spot = this.centre): void {
    this.fitted = wish === 'fit';
    const viewer = this.#leader;
    if (viewer?.isOpen() !== true) {
      // Nothing is shown yet that could glide there.
      if (wish !== 'fit') this.place(centreKeeping(at, this.centre, this.scale, wish), wish);
      return;
    }
    const { viewport } = viewer;
    if (wish === 'fit') viewport.fitBounds(new OpenSeadragon.Rect(0, 0, 1, this.size.height / this.size.width));
    else viewport.zoomTo(this.#viewportZoom(viewer, wish), this.#point(at)).applyConstraints();
  }

  /** To the next usual percentage. */
  step(direction: 1 | -1): void {
    // From where it is going to: keys can be faster than the eye is led.
    if (this.#leader !== null) this.zoom(nextStop(this.#scaleOf(this.#leader, false), direction, this.#fit()));
  }

  /** Between all of it and 100 %. */
  toggle(at: Spot = this.centre): void {
    this.zoom(this.fitted ? 1 : 'fit', at);
  }

  /** By parts of the view: 0.25 to the right shows a quarter that was hidden there. */
  pan(across: number, down: number): void {
    if (this.#leader?.isOpen() !== true) return;
    const { viewport } = this.#leader;
    const { width, height } = viewport.getBounds();
    this.fitted = false;
    viewport.panBy(new OpenSeadragon.Point(across * width, down * height)).applyConstraints();
  }

  /** Goes there at once: for a camera that something else leads. */
  place(centre: Spot, scale: number): void {
    this.centre = centre;
    this.scale = scale;
    this.fitted = false;
    for (const viewer of this.#viewers) this.#apply(viewer);
  }

  #fit(): number {
    return Math.min(maxScale, fitScale(this.size, this.room));
  }

  /** Viewers measure from a picture that is 1 wide. */
  #point({ x, y }: Spot): OpenSeadragon.Point {
    return new OpenSeadragon.Point(x, (y * this.size.height) / this.size.width);
  }

  #viewportZoom(viewer: OpenSeadragon.Viewer, scale: number): number {
    return (scale * this.size.width) / (viewer.viewport.getContainerSize().x * devicePixelRatio);
  }

  #scaleOf({ viewport }: OpenSeadragon.Viewer, now: boolean): number {
    return (viewport.getZoom(now) * viewport.getContainerSize().x * devicePixelRatio) / this.size.width;
  }

  /** Without a glide. */
  #apply(viewer: OpenSeadragon.Viewer): void {
    if (viewer.viewport.getContainerSize().x === 0) return;
    if (this.fitted) {
      this.scale = this.#fit();
      this.centre = middle;
    }
    viewer.viewport.zoomTo(this.#viewportZoom(viewer, this.scale), undefined, true);
    viewer.viewport.panTo(this.#point(this.centre), true);
  }

  /** What the leader shows is what all show. */
  #follow(viewer: OpenSeadragon.Viewer): void {
    if (viewer !== this.#leader) return;
    const { viewport } = viewer;
    const room = viewport.getContainerSize();
    if (!room.equals(this.#room)) {
      this.#room = room;
      if (this.fitted) this.#apply(viewer);
    }
    const centre = viewport.getCenter(true);
    this.centre = { x: centre.x, y: (centre.y * this.size.width) / this.size.height };
    this.scale = this.#scaleOf(viewer, true);
    for (const other of this.#viewers) {
      if (other === viewer || other.viewport.getContainerSize().x === 0) continue;
      other.viewport.zoomTo(this.#viewportZoom(other, this.scale), undefined, true);
      other.viewport.panTo(centre, true);
    }
  }
}
