/** Photos that are dragged within the window, onto an album. */
import { z } from 'zod';
import { idSchema } from '../../../../core/photo/library-view.ts';
import { t } from '../../../messages/index.svelte.ts';
import type { Selection } from '../../../state/selection.svelte.ts';

const type = 'application/x-enlarger-photos';
const idsSchema = z.array(idSchema);

/** Begins to drag the selection, or the one photo that is dragged when it is not part of it. */
export function takePhotos({ dataTransfer }: DragEvent, id: number | null, selection: Selection): void {
  if (id === null || dataTransfer === null) return;
  if (!selection.has(id)) selection.only(id);
  const ids = selection.inOrder();
  dataTransfer.setData(type, JSON.stringify(ids));
  dataTransfer.effectAllowed = 'copy';
  if (ids.length > 1) dataTransfer.setDragImage(countImage(ids.length), 0, 0);
}

/** Whether photos of this window are being dragged; what they are is told only when they are dropped. */
export function hasPhotos({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes(type) === true;
}

/** Numbers of the photos that were dropped; none when it was something else, also from another page that calls it the same. */
export function droppedPhotos({ dataTransfer }: DragEvent): number[] {
  try {
    return idsSchema.parse(JSON.parse(dataTransfer?.getData(type) ?? ''));
  } catch {
    // Nothing that this window began to drag.
    return [];
  }
}

/** The browser takes its picture in the moment of the call, and only of what is in the page. */
function countImage(count: number): HTMLElement {
  const image = document.createElement('div');
  image.className = 'drag-count';
  image.textContent = t('common.photos', { count });
  document.body.append(image);
  setTimeout(() => image.remove());
  return image;
}
