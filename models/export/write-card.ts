/** The card of an exported model. */
import { createHash } from 'node:crypto';
import { modelCardSchema } from '../../core/photo/model-card.ts';
import type { ModelCard, ModelVariant } from '../../core/photo/model-card.ts';
import type { NetworkTraits } from '../../core/engine/network/onnx-traits.ts';
import type { Int8Candidate } from './choose-int8.ts';
import { parameterCount } from './plain-network.ts';
import type { PlainNetwork } from './plain-network.ts';
import { trainedIntegers } from './trained-integers.ts';
import type { TrainingFacts } from './training-facts.ts';

export interface CardParts {
  readonly id: string;
  readonly network: PlainNetwork;
  readonly traits: NetworkTraits;
  readonly facts: TrainingFacts;
  readonly int8: Int8Candidate;
  readonly variants: ModelVariant[];
  /** The folder's former card: its metrics, tile sides and licence are kept, because they are measured or decided elsewhere. */
  readonly former: ModelCard | null;
}

/** One file of the card, described. */
export function variantOf(
  file: string,
  bytes: Uint8Array,
  precision: ModelVariant['precision'],
  devices: ModelVariant['devices'],
): ModelVariant {
  return { file, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, precision, devices };
}

/** Puts the card together. Throws ZodError when a part does not fit the schema. */
export function makeCard({ id, network, traits, facts, int8, variants, former }: CardParts): ModelCard {
  const { training, card } = facts;
  const multiple = traits.tileMultiple;
  return modelCardSchema.parse({
    schema: 1,
    id,
    name: card.name,
    version: card.version,
    licence: former?.licence ?? 'MIT',
    task: card.task,
    scale: network.scale,
    receptiveFieldRadius: traits.receptiveFieldRadius,
    tile: { ...(former?.tile ?? { min: 32, default: 256, max: 1024 }), multiple },
    input: { name: 'x', channels: 3, range: [0, 1], layout: 'NCHW', extraPlanes: network.planes.slice(3) },
    output: { name: 'y' },
    variants,
    metrics: former?.metrics ?? [],
    training: {
      data: `${training.data.photos} photos under free licences, ${training.data.megapixels} megapixels`,
      photosSha256: training.data.sha256,
      steps: training.steps,
      minutes: training.minutes,
      earlier: training.earlier,
      hardware: training.hardware,
      seed: training.seed,
      summary: summaryText(network, facts, int8),
      recipe: training.recipe,
    },
    use: card.use,
  });
}

/** The card's text in the repository's format: objects broken, lists of plain values on one line. */
export function cardText(card: ModelCard): string {
  return `${JSON.stringify(card, null, 2).replace(/\[\s+([^[\]{}]*?)\s+\]/g, (_, items: string) => `[${items.replace(/\s*\n\s*/g, ' ')}]`)}\n`;
}

function summaryText(network: PlainNetwork, { card }: TrainingFacts, { method, tail }: Int8Candidate): string {
  const { depth, channels, stride, skip, ensemble } = network;
  const rest = skip === null ? 'correct the photo' : 'correct a learnt 5×5 upsampling';
  const fitted = `${network.scale === 1 ? '' : 'channels equalised, '}weights rounded to make up for each other and for the layers before`;
  const weights = trainedIntegers(network) === null ? fitted : 'weights rounded in training';
  const half = stride === 2 ? ' at half size' : '';
  const twice = ensemble === 2 ? ', run on the photo upright and turned on its side,' : '';
  return [
    `${card.summary}. ${parameterCount(network).toLocaleString('en')} parameters: ${depth + 2} convolutions of ${channels} channels with ReLU${half}${twice} ${rest}`,
    `int8 with 7-bit weights, ${weights}, ranges by ${method}, ${tail} tail`,
  ].join('; ');
}
