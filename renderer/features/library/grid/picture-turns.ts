/**
 * When photos in the grid ask for their pictures. At rest that is at once. While the grid is scrolled it is some at each frame: fetching and decoding all
 * that comes into the page would take the processors from the scrolling itself. What flies past faster than that goes by without its picture, and as soon
 * as the scrolling rests, all that is there has its turn.
 */

/** The view rests when it was not scrolled for so long. */
const restMs = 100;
/** From asking for a picture to seeing it, about. */
const waitMs = 100;

export interface WaitingPicture {
  /** Where it lies in the scrolled element, in pixels. Asked for anew each time. */
  readonly top: () => number;
  /** Its turn has come. */
  readonly start: () => void;
}

/** What is seen of the scrolled element, in pixels. */
export interface SeenPart {
  readonly scrollTop: number;
  readonly height: number;
}

export class PictureTurns {
  readonly #view: SeenPart;
  readonly #perFrame: number;
  readonly #waiting = new Set<WaitingPicture>();
  #isScrolling = false;
  #scrolledMs = Number.NEGATIVE_INFINITY;
  #scrollTop = 0;
  /** Pixels a millisecond, negative upwards. */
  #speed = 0;

  /** `perFrame`: turns at each frame while the view is scrolled. */
  constructor(view: SeenPart, perFrame = picturesPerFrame(navigator.hardwareConcurrency)) {
    this.#view = view;
    this.#perFrame = perFrame;
  }

  /** To be told of every change of the view's place. */
  scrolled(): void {
    const nowMs = performance.now();
    const { scrollTop, height } = this.#view;
    const way = scrollTop - this.#scrollTop;
    const ms = nowMs - this.#scrolledMs;
    // A jump has no direction: what it came to is what is wanted.
    const isJump = ms > restMs || Math.abs(way) > 2 * height;
    this.#speed = isJump ? 0 : (this.#speed + way / Math.max(1, ms)) / 2;
    this.#scrollTop = scrollTop;
    this.#scrolledMs = nowMs;
    if (this.#isScrolling) return;
    this.#isScrolling = true;
    requestAnimationFrame(this.#takeTurns);
  }

  /** Calls `start` when it is this picture's turn, maybe at once. Returns what to call when it leaves the page. */
  wait(picture: WaitingPicture): () => void {
    if (this.#isScrolling) this.#waiting.add(picture);
    else picture.start();
    return () => this.#waiting.delete(picture);
  }

  readonly #takeTurns = (): void => {
    this.#isScrolling = performance.now() - this.#scrolledMs < restMs;
    const next = this.#isScrolling ? this.#inOrder().slice(0, this.#perFrame) : this.#inOrder();
    for (const picture of next) {
      this.#waiting.delete(picture);
      picture.start();
    }
    if (this.#isScrolling) requestAnimationFrame(this.#takeTurns);
  };

  /** Nearest first to the middle of the view as it will be when the picture is there. */
  #inOrder(): readonly WaitingPicture[] {
    // The last frame may come after the grid is gone, and then there is no view to ask.
    if (this.#waiting.size === 0) return [];
    const { scrollTop, height } = this.#view;
    const way = this.#isScrolling ? Math.min(height, Math.max(-height, this.#speed * waitMs)) : 0;
    const middle = scrollTop + height / 2 + way;
    return [...this.#waiting]
      .map((picture) => ({ picture, distance: Math.abs(picture.top() - middle) }))
      .sort((a, b) => a.distance - b.distance)
      .map(({ picture }) => picture);
  }
}

/**
 * Measured on two processors: one picture in each frame leaves the frames in time, two make a tenth of them late. One in each is every photo up to some
 * 80 pixels a frame on a usual screen. More processors take more in the same time.
 */
export function picturesPerFrame(processors: number): number {
  return Math.min(4, Math.max(1, Math.floor(processors / 2)));
}
