/** The photos of a sheet, as files for the command and as pixels. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { sharedData } from '../../fixtures/shared-data.ts';
import { decoded, type Damage } from '../damage.ts';
import type { ShippedModel } from '../eval-model.ts';
import type { Picture } from '../super-resolution-sets.ts';
import { throughCommand } from '../workplace.ts';
import type { Crop } from './crops.ts';
import { fitted, type Part } from './cut.ts';

export interface SheetPhoto {
  readonly label: string;
  /** A copy that the command may read. */
  readonly path: string;
  readonly picture: Picture;
  readonly part: Part;
}

/**
 * Copies the photos of the crops into `folder`, damaged where a crop says so. `damage` is for PNGs that have none of
 * their own. Throws Error when the shared data is not there.
 */
export async function sheetPhotos(
  crops: readonly Crop[],
  size: { readonly width: number; readonly height: number },
  folder: string,
  damage: Damage | null = null,
): Promise<SheetPhoto[]> {
  await mkdir(folder, { recursive: true });
  const photos: SheetPhoto[] = [];
  for (const [index, crop] of crops.entries()) {
    const source = sharedData(crop.file);
    if (source === null) throw new Error(`The sheets need the shared data (CONTRIBUTING.md): ${crop.file} is not there`);
    const original = await readFile(source);
    const added = crop.damage ?? (extname(source) === '.png' ? damage : null);
    const bytes = added === null ? original : await added.file(await decoded(original), crop.label);
    const extension = added === null ? extname(source) : `.${added.extension}`;
    const path = join(folder, `${String(index).padStart(2, '0')}${extension}`);
    await writeFile(path, bytes);
    const picture = await decoded(bytes);
    const label = added === null || crop.damage !== null ? crop.label : `${crop.label} (${added.name})`;
    photos.push({ label, path, picture, part: fitted({ left: crop.left, top: crop.top, ...size }, picture) });
  }
  return photos;
}

export interface Result {
  readonly picture: Picture;
  readonly strength: number;
}

/** All photos through one run of the command, in their order. */
export async function results(
  model: ShippedModel,
  photos: readonly SheetPhoto[],
  directory: string,
  name: string,
  args: readonly string[],
): Promise<Result[]> {
  const all = await throughCommand(
    { model, directory },
    photos.map(({ path }) => path),
    join(directory, name),
    args,
  );
  return await Promise.all(
    photos.map(async ({ path }) => {
      const { output, strength } = all.get(path)!;
      return { picture: await decoded(await readFile(output)), strength };
    }),
  );
}
