/** Libraries that are some way along already. */
import type { Client } from '../../core/api/client.ts';
import type { Recipe } from '../../core/photo/recipe.ts';
import type { TestServer } from './server.ts';

export const twice: Recipe = { version: 1, model: null, target: { kind: 'scale', scale: 2 }, denoise: 'auto' };

/** Numbers of all photos in the library, oldest first. */
export async function photoIds(client: Client): Promise<number[]> {
  return (await client.library.outline({ sort: 'taken' })).ids;
}

/** Enhances all photos, or those of these numbers, and waits for it. */
export async function enhanceAll({ client, idle }: TestServer, ids?: readonly number[]): Promise<void> {
  await idle();
  await client.queue.add({ choice: { ids: [...(ids ?? (await photoIds(client)))] }, recipe: twice });
  await idle();
}
