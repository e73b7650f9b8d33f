/** Keys of a photo that is shown large: the same as those of a review, as far as there is the same to do. */
import type { ShortcutGroup } from '../../../state/shortcuts.svelte.ts';
import type { Camera } from '../../review/viewer/camera.svelte.ts';

/** Of the view, for each press of an arrow. */
const panStep = 0.2;

export interface LiveDeeds {
  /** The original is to be seen as long as that is true. */
  readonly hold: (held: boolean) => void;
  readonly split: () => void;
}

export function liveKeys(camera: Camera, { hold, split }: LiveDeeds): ShortcutGroup {
  return {
    title: 'enhance.preview',
    shortcuts: [
      { keys: [' '], label: 'enhance.keyHold', run: () => hold(true), end: () => hold(false) },
      { keys: ['s'], label: 'enhance.keySplit', run: split },
      { keys: ['+', '='], label: 'enhance.keyNearer', repeats: true, run: () => camera.step(1) },
      { keys: ['-'], label: 'enhance.keyFarther', repeats: true, run: () => camera.step(-1) },
      { keys: ['1'], label: 'enhance.keyFull', run: () => camera.zoom(1) },
      { keys: ['0'], label: 'enhance.keyFit', run: () => camera.zoom('fit') },
      { keys: ['ArrowLeft'], label: 'enhance.keyLeft', repeats: true, run: () => camera.pan(-panStep, 0) },
      { keys: ['ArrowRight'], label: 'enhance.keyRight', repeats: true, run: () => camera.pan(panStep, 0) },
      { keys: ['ArrowUp'], label: 'enhance.keyUp', repeats: true, run: () => camera.pan(0, -panStep) },
      { keys: ['ArrowDown'], label: 'enhance.keyDown', repeats: true, run: () => camera.pan(0, panStep) },
    ],
  };
}
