/** How two pictures are compared. Kept from photo to photo: who looks at noise at 200 % in the middle goes on doing so. */
import { Camera } from '../viewer/camera.svelte.ts';
import type { Gain, Look } from '../viewer/look.ts';
import type { Spot } from '../viewer/zoom.ts';

export const compareModes = ['split', 'side', 'one', 'difference', 'loupe'] as const;
export type CompareMode = (typeof compareModes)[number];

/** Usual enlargements of the loupe; 1 is 100 %. */
const loupeScales = [1, 2, 3, 4, 6, 8] as const;

export class CompareState {
  mode = $state<CompareMode>('split');
  /** Where the line of a split is, 0..1. */
  splitAt = $state(0.5);
  splitDirection = $state<'across' | 'down'>('across');
  gain = $state<Gain>(4);
  pixels = $state<'auto' | 'always'>('auto');
  /** The other picture is shown as long as a key or a button is held. */
  held = $state(false);
  /** The other picture is shown until it is changed back; for one picture alone. */
  flipped = $state(false);
  loupeScale = $state<number>(4);
  /** Middle of the loupe. */
  loupeSpot = $state.raw<Spot>({ x: 0.5, y: 0.5 });
  readonly camera = new Camera();

  /** What the large stage shows. With two stages it is the one on the left. */
  readonly look = $derived.by<Look>(() => {
    if (this.mode === 'side') return { kind: 'one', side: 'a' };
    if (this.held) return { kind: 'one', side: this.mode === 'one' && this.flipped ? 'b' : 'a' };
    switch (this.mode) {
      case 'split':
        return { kind: 'split', at: this.splitAt, direction: this.splitDirection };
      case 'difference':
        return { kind: 'difference', gain: this.gain };
      case 'one':
        return { kind: 'one', side: this.flipped ? 'a' : 'b' };
      case 'loupe':
        return { kind: 'one', side: 'b' };
    }
  });

  go(mode: CompareMode): void {
    this.mode = mode;
    this.flipped = false;
  }

  /** Chooses a mode; choosing it again changes what it offers: the direction of a line, which picture, how bright. */
  choose(mode: CompareMode): void {
    if (mode !== this.mode) this.go(mode);
    else if (mode === 'split') this.splitDirection = this.splitDirection === 'across' ? 'down' : 'across';
    else if (mode === 'one') this.flipped = !this.flipped;
    else if (mode === 'difference') this.gain = nextGain(this.gain);
  }

  /** To the next usual enlargement of the loupe. */
  stepLoupe(direction: 1 | -1): void {
    const scales: readonly number[] = loupeScales;
    const next =
      direction === 1 ? scales.find((scale) => scale > this.loupeScale) : scales.findLast((scale) => scale < this.loupeScale);
    this.loupeScale = next ?? this.loupeScale;
  }

  /** Moves the line of a split, or changes the loupe: whatever the mode has one of. */
  nudge(direction: 1 | -1): void {
    if (this.mode === 'split') this.splitAt = clamp(Math.round((this.splitAt + 0.05 * direction) * 100) / 100);
    else if (this.mode === 'loupe') this.stepLoupe(direction);
  }

  /** To the next one, and from the strongest to the weakest. */
  turnLoupe(): void {
    const { loupeScale } = this;
    this.stepLoupe(1);
    if (this.loupeScale === loupeScale) this.loupeScale = loupeScales[0];
  }

  togglePixels(): void {
    this.pixels = this.pixels === 'auto' ? 'always' : 'auto';
  }

  moveLoupe(to: Spot): void {
    this.loupeSpot = { x: clamp(to.x), y: clamp(to.y) };
  }
}

function nextGain(gain: Gain): Gain {
  return gain === 1 ? 4 : gain === 4 ? 16 : 1;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
