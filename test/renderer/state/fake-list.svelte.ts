import type { Outline, PhotoChoice } from '../../../core/photo/library-view.ts';

/** A list of photos with nothing behind it. */
export function fakeList(ids: readonly number[]) {
  let outline = $state.raw(outlineOf(ids));
  const positions = $derived(new Map(outline.ids.map((id, index) => [id, index])));
  return {
    get outline(): Outline {
      return outline;
    },
    choice: { album: 'all' } as PhotoChoice,
    position: (id: number) => positions.get(id) ?? -1,
    show(others: readonly number[]): void {
      outline = outlineOf(others);
    },
  };
}

function outlineOf(ids: readonly number[]): Outline {
  return { ids: [...ids], ratios: ids.map(() => 1500), days: [{ day: null, count: Math.max(1, ids.length) }] };
}
