/** Which pictures a viewer holds, brought in line with which it should hold: those that stay keep their tiles. */
import type { OpenSeadragon } from './openseadragon.ts';

type Source = OpenSeadragon.TileSource;

export class PicturesOfViewer {
  readonly #viewer: OpenSeadragon.Viewer;
  readonly #onChange: () => void;
  /** Asked for, and not necessarily there yet: the viewer adds in its own time. */
  #wanted: readonly Source[] = [];
  readonly #items = new Map<Source, OpenSeadragon.TiledImage | null>();

  /** `onChange` is told whenever `complete` may have another answer. */
  constructor(viewer: OpenSeadragon.Viewer, onChange: () => void) {
    this.#viewer = viewer;
    this.#onChange = onChange;
  }

  /** Everything wanted is there, as sharp as the screen can show it. False while nothing is wanted. */
  get complete(): boolean {
    return this.#wanted.length > 0 && this.#wanted.every((source) => this.#items.get(source)?.getFullyLoaded() === true);
  }

  /** The earlier ones are read before the later ones. */
  set(wanted: readonly Source[]): void {
    this.#wanted = wanted;
    for (const [source, item] of this.#items) {
      if (wanted.includes(source)) continue;
      this.#items.delete(source);
      if (item !== null) this.#viewer.world.removeItem(item);
    }
    for (const source of wanted) if (!this.#items.has(source)) this.#add(source);
    this.#onChange();
  }

  #add(tileSource: Source): void {
    this.#items.set(tileSource, null);
    const success = (event: unknown): void => {
      const { item } = event as { item: OpenSeadragon.TiledImage };
      // Meanwhile it may not be wanted any more.
      if (!this.#items.has(tileSource)) {
        this.#viewer.world.removeItem(item);
        return;
      }
      this.#items.set(tileSource, item);
      item.addHandler('fully-loaded-change', this.#onChange);
      this.#onChange();
    };
    this.#viewer.addTiledImage({ tileSource, index: this.#wanted.indexOf(tileSource), x: 0, y: 0, width: 1, success });
  }
}
