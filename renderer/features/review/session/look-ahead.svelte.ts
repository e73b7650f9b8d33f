/** Reads the photo that comes next while this one is looked at, so that going on shows it at once. */
import { untrack } from 'svelte';
import { pictureOf } from '../compare/sides.ts';
import type { Camera } from '../viewer/camera.svelte.ts';
import type { PictureName } from '../viewer/picture.ts';
import type { Pictures } from '../viewer/pictures.svelte.ts';
import { readAhead, type StageView } from '../viewer/read-ahead.ts';
import { fitScale, type Size } from '../viewer/zoom.ts';
import { firstShown, neighbour } from './review-order.ts';
import type { ReviewSession } from './review-session.svelte.ts';

/**
 * Reads the original or the result of the next photo, as it will be looked at. To be called in an effect, which follows what comes next; returns what
 * ends it. Whoever calls waits until nothing is wanted for the photo of now.
 */
export function lookAhead(kind: PictureName['kind'], session: ReviewSession, pictures: Pictures, camera: Camera): () => void {
  const stop = new AbortController();
  const nextId = neighbour(session.order ?? [], session.currentId, 1);
  const photo = nextId === null ? null : session.photo(nextId);
  const result = photo && firstShown(photo);
  if (photo === null || result === null) return () => undefined;
  const name = pictureOf(photo.id, kind === 'original' ? null : result);
  if (name === null) return () => undefined;
  pictures.want(name);
  const known = pictures.get(name);
  if (known?.state === 'ready') {
    const view = untrack(() => viewOf(camera, result));
    void readAhead(pictures.media, known.picture, view, stop.signal);
  }
  return () => stop.abort();
}

/** How the camera will look at a picture of this size. */
function viewOf({ centre, scale, fitted, room }: Camera, { width, height }: Size): StageView {
  const size = { width, height };
  return fitted ? { size, centre: { x: 0.5, y: 0.5 }, scale: fitScale(size, room), room } : { size, centre, scale, room };
}
