/** A model from its folder to a network that is ready to run. */
import { performance } from 'node:perf_hooks';
import type { Device } from '../../photo/device.ts';
import { EnlargerError } from '../../photo/failure.ts';
import { referenceVariant, type ModelCard } from '../../photo/model-card.ts';
import { fixedTiles } from '../device/fixed-tiles.ts';
import { guardedNetwork } from '../device/guarded-network.ts';
import { loadCard, loadVerified } from './model-file.ts';
import { openNetwork } from './session.ts';
import type { Network } from './session.ts';

export interface LoadedModel {
  readonly card: ModelCard;
  readonly network: Network;
  /** Of the file that was loaded. */
  readonly sha256: string;
  /** Milliseconds from reading the card to the end of the probe. */
  readonly loadMs: number;
  /** What was wrong with tiles that a device computed since this was last asked; each of them was computed again on the processor. */
  takeBadTiles(): string[];
}

export interface ModelReference {
  /** Folder of the card and its files. */
  readonly directory: string;
  /** File of the variant to run; the card must name it. */
  readonly file: string;
  /** Default: the processor. */
  readonly device?: Device | undefined;
}

export interface LoadOptions {
  /** Of the processor; 0 means one for each core. */
  readonly threads?: number;
  /** Side of the tiles that a device other than the processor gets, in input pixels. */
  readonly tileSide?: number;
  /** The network computes in a thread of its own, so that this one works on meanwhile. */
  readonly elsewhere?: boolean;
}

/**
 * Card, verified bytes, scan, session and probe in one. On a device other than the processor the network is guarded: what it answers is looked at,
 * and computed again on the processor where it cannot be right. Throws EnlargerError `model-missing`, `model-invalid` or `device-failed`.
 */
export async function loadModel(
  { directory, file, device = 'cpu' }: ModelReference,
  options: LoadOptions = {},
): Promise<LoadedModel> {
  const startedMs = performance.now();
  const { threads = 0, elsewhere = false } = options;
  const badTiles: string[] = [];
  const takeBadTiles = (): string[] => badTiles.splice(0);
  const card = await loadCard(directory);
  const { sha256 } = variantOf(card, file);
  const network = await openFile(directory, card, file, device, { threads, elsewhere });
  const loaded = (ready: Network): LoadedModel => ({
    card,
    network: ready,
    sha256,
    loadMs: performance.now() - startedMs,
    takeBadTiles,
  });
  if (device === 'cpu') return loaded(network);
  const reference = referenceVariant(card);
  const guarded = guardedNetwork({
    network: fixedTiles(network, options.tileSide ?? card.tile.default),
    async openRescue() {
      if (reference === undefined)
        throw new EnlargerError(
          'device-failed',
          'The graphics processor computed something wrong. It is not used any more for now.',
        );
      return await openFile(directory, card, reference.file, 'cpu', { threads });
    },
    onBadTile: (reason) => badTiles.push(reason),
  });
  return loaded(guarded);
}

/** One file of a model on a device, verified and probed, and nothing around it. Throws as `loadModel` does. */
export async function openFile(
  directory: string,
  card: ModelCard,
  file: string,
  device: Device,
  { threads = 0, elsewhere = false }: Pick<LoadOptions, 'threads' | 'elsewhere'> = {},
): Promise<Network> {
  const bytes = await loadVerified(directory, variantOf(card, file));
  return await openNetwork({ bytes, card, device, threads, elsewhere });
}

function variantOf(card: ModelCard, file: string): ModelCard['variants'][number] {
  const variant = card.variants.find((candidate) => candidate.file === file);
  if (variant !== undefined) return variant;
  throw new EnlargerError(
    'model-missing',
    `The model "${card.id}" has no file ${file}. Run "enlarger models show ${card.id}" to see what it has.`,
  );
}
