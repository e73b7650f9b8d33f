/** The shipped models, opened for measuring through the engine's own modules. */
import { readdirSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { enlargeRaster } from '../../core/engine/network/enlarge-raster.ts';
import { loadModel, type LoadedModel } from '../../core/engine/network/loaded-model.ts';
import { loadCard } from '../../core/engine/network/model-file.ts';
import type { ModelCard } from '../../core/photo/model-card.ts';
import { memoryReader, memoryWriter } from '../fixtures/memory-raster.ts';
import type { Picture } from './super-resolution-sets.ts';

const modelsFolder = fileURLToPath(new URL('../../models', import.meta.url));

export interface ShippedModel {
  readonly card: ModelCard;
  readonly directory: string;
  /** File that the command line runs on the processor. */
  readonly int8: string;
  /** The file that is computed in 32 bits, which the others are held against, or null. */
  readonly reference: string | null;
}

/** The order in which tables name them: the default first, then what else enlarges, then the rest. */
const order = ['photo-x2', 'photo-x4', 'clean-x1', 'photo-x2-best', 'crisp-x2', 'crisp-x4'];

/**
 * Every model folder of the repository, or those of `ids` in their order: ids, or paths of folders with a card, so that
 * a network can be measured before it ships. Throws Error for one that is not there.
 */
export async function shippedModels(ids: readonly string[] | null): Promise<ShippedModel[]> {
  const found = readdirSync(modelsFolder).filter((name) => existsSync(join(modelsFolder, name, 'card.json')));
  const rank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const wanted = ids ?? found.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const folders = wanted.map((named) => (found.includes(named) ? join(modelsFolder, named) : resolve(named)));
  const missing = wanted.filter((_, index) => !existsSync(join(folders[index]!, 'card.json')));
  if (missing.length > 0)
    throw new Error(
      `There is no model ${missing.join(', ')}; models/ has ${found.join(', ')}, and a path to a model folder also works`,
    );
  return await Promise.all(folders.map(shippedModel));
}

async function shippedModel(directory: string): Promise<ShippedModel> {
  const card = await loadCard(directory);
  const int8 = card.variants.find(({ precision }) => precision === 'int8');
  if (int8 === undefined) throw new Error(`The model ${card.id} has no int8 file`);
  const reference = card.variants.find(({ precision }) => precision === 'fp32');
  return { card, directory, int8: int8.file, reference: reference?.file ?? null };
}

export function hasStrength(card: ModelCard): boolean {
  return card.input.extraPlanes.includes('strength');
}

/** Opens a file of a model; the caller releases its network. */
export async function openModel(model: ShippedModel, file: string): Promise<LoadedModel> {
  return await loadModel({ directory: model.directory, file });
}

/** 8-bit RGB through a network, in tiles as the engine cuts them. `strength` 0..1 is ignored by models without it. */
export async function enlarge(
  { card, network }: Pick<LoadedModel, 'card' | 'network'>,
  picture: Picture,
  strength: number,
): Promise<Uint8Array> {
  const { rgb, width, height } = picture;
  const shape = { width, height, channels: 3, bitDepth: 8 } as const;
  const output = memoryWriter({ ...shape, width: width * network.scale, height: height * network.scale });
  const input = memoryReader(shape, rgb);
  await enlargeRaster({ input, output, network, card, tileSide: card.tile.default, strength });
  return Uint8Array.from(output.samples);
}
