/** Radio buttons that show what their owner holds. */
import { tick } from 'svelte';

/** Once the owner has heard of a choice, `group` shows the one at `index()`: an owner that keeps its value takes the choice back. */
export async function showOwned(group: Element | null, index: () => number): Promise<void> {
  await tick();
  const shown = index();
  for (const [at, input] of [...(group?.querySelectorAll('input') ?? [])].entries()) input.checked = at === shown;
}
