/** A model from its folder to a network that is ready to run. */
import { performance } from 'node:perf_hooks';
import { EnlargerError } from '../../photo/failure.ts';
import type { ModelCard } from '../../photo/model-card.ts';
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
}

export interface ModelReference {
  /** Folder of the card and its files. */
  readonly directory: string;
  /** File of the variant to run; the card must name it. */
  readonly file: string;
}

/**
 * Card, verified bytes, scan, session and probe in one. `threads` 0 means one for each core.
 * Throws EnlargerError `model-missing` or `model-invalid`.
 */
export async function loadModel({ directory, file }: ModelReference, threads = 0): Promise<LoadedModel> {
  const startedMs = performance.now();
  const card = await loadCard(directory);
  const variant = card.variants.find((candidate) => candidate.file === file);
  if (variant === undefined)
    throw new EnlargerError(
      'model-missing',
      `The model "${card.id}" has no file ${file}. Run "enlarger models show ${card.id}" to see what it has.`,
    );
  const bytes = await loadVerified(directory, variant);
  const network = await openNetwork({ bytes, card, threads });
  return { card, network, sha256: variant.sha256, loadMs: performance.now() - startedMs };
}
