/** The three kinds of sheets. Everything a model makes comes from the command. */
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { decoded, jpegDamage } from '../damage.ts';
import { hasStrength, shippedModels, type ShippedModel } from '../eval-model.ts';
import { cameraCrops, contactCrops, cropSize, rivalCrops, rivalSize } from './crops.ts';
import { bicubicPart, cut, repeated, times, type Part } from './cut.ts';
import type { Sheet, SheetRow } from './layout.ts';
import { results, sheetPhotos, type Result, type SheetPhoto } from './photos.ts';

/** How many times as large as the photo everything is shown. */
const zoom = 4;

type Cell = SheetRow['cells'][number];

/** Part of a result that is `scale` times as large as the photo, shown at `zoom`. */
function shown({ picture, strength }: Result, part: Part, scale: number, noted: boolean): Cell {
  return {
    picture: repeated(cut(picture, times(part, scale)), zoom / scale),
    note: noted ? `strength ${strength.toFixed(2)}` : '',
  };
}

function grid(
  title: string,
  size: typeof cropSize | typeof rivalSize,
  columns: readonly string[],
  rows: readonly SheetRow[],
): Sheet {
  const cell = { width: size.width * zoom, height: size.height * zoom };
  // Blocks beside each other until the sheet is about as wide as tall.
  const blocks = Math.max(1, Math.round(Math.sqrt((rows.length * cell.height) / (columns.length * cell.width))));
  return { title, columns, rows, cell, blocks };
}

/** Twelve crops: before, bicubic, and the model trusting the pixels and choosing its strength. */
export async function contactSheet(model: ShippedModel, directory: string): Promise<Sheet> {
  const { card } = model;
  // Photos that are fine would show nothing of a network that cleans.
  const photos = await sheetPhotos(contactCrops, cropSize, join(directory, 'contact'), card.scale === 1 ? jpegDamage(40) : null);
  const choices = !hasStrength(card)
    ? [{ name: card.id, denoise: 'auto' }]
    : [
        { name: `${card.id}, strength ${card.scale === 1 ? 0.5 : 0}`, denoise: card.scale === 1 ? '0.5' : '0' },
        { name: `${card.id}, strength chosen (auto)`, denoise: 'auto' },
      ];
  const made: Result[][] = [];
  for (const [index, { denoise }] of choices.entries())
    made.push(await results(model, photos, directory, `contact-${index}`, ['--denoise', denoise]));
  const columns = ['before (pixels as they are)', ...(card.scale > 1 ? ['bicubic'] : []), ...choices.map(({ name }) => name)];
  const rows = photos.map(({ label, picture, part }, photo): SheetRow => {
    const before: Cell = { picture: repeated(cut(picture, part), zoom), note: '' };
    const simple: Cell[] = card.scale > 1 ? [{ picture: bicubicOf({ picture, part }, card.scale), note: '' }] : [];
    return { label, cells: [before, ...simple, ...made.map((all) => shown(all[photo]!, part, card.scale, hasStrength(card)))] };
  });
  return grid(`${card.id} ${card.version}: ×${card.scale}, shown at ${zoom * 100} %`, cropSize, columns, rows);
}

/** Enlarged by the model's scale, then shown as its results are. */
function bicubicOf({ picture, part }: Pick<SheetPhoto, 'picture' | 'part'>, scale: number): Cell['picture'] {
  return repeated(bicubicPart(picture, part, scale), zoom / scale);
}

/** Twenty real camera JPEGs at ×4: bicubic, the network that is true to the pixels, and the model. */
export async function cameraSheet(model: ShippedModel, directory: string): Promise<Sheet> {
  const photos = await sheetPhotos(cameraCrops, cropSize, join(directory, 'camera'));
  const all = await shippedModels(null);
  const plain = all.find(({ card }) => card.id === 'photo-x4') ?? all.find(({ card }) => card.id === 'photo-x2');
  const others = plain === undefined || plain.card.id === model.card.id ? [] : [plain];
  const made: Result[][] = [];
  for (const one of [...others, model])
    made.push(await results(one, photos, directory, `camera-${one.card.id}`, ['--scale', String(zoom)]));
  const columns = ['bicubic', ...[...others, model].map(passes)];
  const rows = photos.map((photo, index): SheetRow => {
    const simple: Cell = { picture: bicubicOf(photo, zoom), note: '' };
    return { label: photo.label, cells: [simple, ...made.map((results) => shown(results[index]!, photo.part, zoom, true))] };
  });
  return grid(`${model.card.id} ${model.card.version}: camera JPEGs ×${zoom}`, cropSize, columns, rows);
}

function passes({ card }: ShippedModel): string {
  return card.scale === zoom ? card.id : `${card.id}, twice`;
}

/** Picture of four camera JPEGs ×4 in three columns: bicubic, the pilot twice, the rival. */
const rivalPicture = { gap: 10, columns: ['bicubic', 'the pilot, twice', 'the rival'] } as const;

/** The rival's picture beside the model; null when that picture is not there. */
export async function rivalSheet(model: ShippedModel, directory: string): Promise<Sheet | null> {
  const path = resolve(fileURLToPath(new URL('../../../../shared/design/real-photos.jpg', import.meta.url)));
  if (!existsSync(path)) return null;
  const theirs = await decoded(await readFile(path));
  const photos = await sheetPhotos(rivalCrops, rivalSize, join(directory, 'rival'));
  const ours = await results(model, photos, directory, 'rival-out', ['--scale', String(zoom)]);
  const cell = { width: rivalSize.width * zoom, height: rivalSize.height * zoom };
  const rows = photos.map(({ label, part }, row): SheetRow => {
    const given = rivalPicture.columns.map((_, column): Cell => ({
      picture: cut(theirs, {
        left: column * (cell.width + rivalPicture.gap),
        top: row * (cell.height + rivalPicture.gap),
        ...cell,
      }),
      note: '',
    }));
    return { label, cells: [...given, shown(ours[row]!, part, zoom, true)] };
  });
  return grid(
    `${model.card.id} ${model.card.version} beside the rival, ×${zoom}`,
    rivalSize,
    [...rivalPicture.columns, passes(model)],
    rows,
  );
}
