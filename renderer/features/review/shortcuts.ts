/** The keys of a review. */
import type { ShortcutGroup } from '../../state/shortcuts.svelte.ts';
import type { CompareState } from './compare/compare-state.svelte.ts';

export interface ReviewActions {
  accept(): void;
  reject(): void;
  redo(): void;
  undo(): void;
  step(direction: 1 | -1): void;
  end(direction: 1 | -1): void;
  /** Compares with the next result of the photo. */
  compareNext(): void;
}

/** Part of the view that a key moves the picture by. */
const panStep = 0.15;
const pans: Readonly<Record<string, readonly [across: number, down: number]>> = {
  ...{ ArrowLeft: [-panStep, 0], ArrowRight: [panStep, 0], ArrowUp: [0, -panStep], ArrowDown: [0, panStep] },
};

export function judgingKeys(actions: ReviewActions): ShortcutGroup {
  return {
    title: 'review.keys.judging',
    shortcuts: [
      { keys: ['a'], label: 'review.keys.accept', run: () => actions.accept() },
      { keys: ['x'], label: 'review.keys.reject', run: () => actions.reject() },
      { keys: ['r'], label: 'review.keys.redo', run: () => actions.redo() },
      { keys: ['u', 'Ctrl+z'], label: 'review.keys.undo', run: () => actions.undo() },
      { keys: ['ArrowRight'], label: 'review.next', repeats: true, run: () => actions.step(1) },
      { keys: ['ArrowLeft'], label: 'review.previous', repeats: true, run: () => actions.step(-1) },
      { keys: ['Home'], label: 'review.first', run: () => actions.end(-1) },
      { keys: ['End'], label: 'review.last', run: () => actions.end(1) },
    ],
  };
}

export function comparingKeys(compare: CompareState, actions: ReviewActions): ShortcutGroup {
  const { camera } = compare;
  const pan = (key: string): void => {
    const [across, down] = pans[key] ?? [0, 0];
    camera.pan(across, down);
  };
  return {
    title: 'review.keys.comparing',
    shortcuts: [
      { keys: [' '], label: 'review.keys.hold', run: () => (compare.held = true), end: () => (compare.held = false) },
      { keys: ['s'], label: 'review.keys.split', run: () => compare.choose('split') },
      { keys: ['d'], label: 'review.keys.side', run: () => compare.choose('side') },
      { keys: ['b'], label: 'review.keys.one', run: () => compare.choose('one') },
      { keys: ['f'], label: 'review.keys.difference', run: () => compare.choose('difference') },
      { keys: ['l'], label: 'review.keys.loupe', run: () => compare.choose('loupe') },
      { keys: ['c'], label: 'review.keys.other', run: () => actions.compareNext() },
      { keys: ['+', '='], label: 'review.keys.in', repeats: true, run: () => camera.step(1) },
      { keys: ['-'], label: 'review.keys.out', repeats: true, run: () => camera.step(-1) },
      { keys: ['0'], label: 'review.keys.fit', run: () => camera.zoom('fit') },
      { keys: ['1'], label: 'review.keys.full', run: () => camera.zoom(1) },
      { keys: ['2'], label: 'review.keys.double', run: () => camera.zoom(2) },
      { keys: ['p'], label: 'review.keys.pixels', run: () => compare.togglePixels() },
      {
        keys: Object.keys(pans).map((key) => `Shift+${key}`),
        label: 'review.keys.pan',
        repeats: true,
        run: ({ key }) => pan(key),
      },
      { keys: [',', '.'], label: 'review.keys.line', repeats: true, run: ({ key }) => compare.nudge(key === '.' ? 1 : -1) },
    ],
  };
}
