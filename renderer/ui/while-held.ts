/** Something that holds as long as a button is held: by pointer, Space or Enter; and not any more when it is left. */
import type { Attachment } from 'svelte/attachments';

/** For `{@attach}`. `tell` may hear the same twice. */
export function whileHeld(tell: (held: boolean) => void): Attachment<HTMLElement> {
  return (button) => {
    const listening = new AbortController();
    const { signal } = listening;
    const letGo = (): void => tell(false);
    button.addEventListener('pointerdown', () => tell(true), { signal });
    button.addEventListener('keydown', ({ key }) => (key === ' ' || key === 'Enter') && tell(true), { signal });
    for (const end of ['pointerup', 'pointercancel', 'pointerleave', 'keyup', 'blur'])
      button.addEventListener(end, letGo, { signal });
    return () => listening.abort();
  };
}
