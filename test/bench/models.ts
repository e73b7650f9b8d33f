/** Section `models`: time of each shipped int8 file for an output megapixel, against the pilot's in the same run. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openNetwork, type Network } from '../../core/engine/network/session.ts';
import type { ModelCard } from '../../core/photo/model-card.ts';
import { openModel, shippedModels } from '../eval/eval-model.ts';
import { modelCard } from '../fixtures/facts.ts';
import { randomStream } from '../fixtures/pictures.ts';
import { sharedData } from '../fixtures/shared-data.ts';
import type { BenchPlace } from './bench-place.ts';
import { median, span, type Row, type Section } from './table.ts';

/** Times the pilot's time for an output megapixel that a model may take. */
const bars: Readonly<Record<string, number>> = {
  'photo-x2': 1.5,
  'photo-x4': 1,
  'clean-x1': 2,
  'photo-x2-best': 7,
  'crisp-x2': 3,
  'crisp-x4': 3,
};

/** Rounds are short, and a busy machine disturbs some: so many that the median stands. */
const roundsForRepeat = 5;

interface Contender {
  readonly id: string;
  readonly network: Network;
  readonly tile: number;
  readonly planes: Float32Array;
  /** Output megapixels of a tile. */
  readonly megapixels: number;
}

export async function modelsSection(place: BenchPlace): Promise<Section> {
  const title = 'Models: int8 time for an output megapixel, against the pilot';
  const pilotDirectory = sharedData('models/pilot-x2');
  if (pilotDirectory === null)
    return { title, rows: [], notes: ['Not measured: the pilot is not there (`models/pilot-x2` of the shared data).'] };
  const shipped = await shippedModels(null);
  const pilot = contender(
    'pilot-x2',
    await openNetwork({ bytes: await readFile(join(pilotDirectory, 'int8.onnx')), card: pilotCard, threads: 0 }),
    pilotCard,
  );
  const rows: Row[] = [];
  const notes: string[] = [];
  try {
    for (const model of shipped) {
      place.say(`speed of ${model.card.id} against the pilot`);
      const { network, card } = await openModel(model, model.int8);
      try {
        const { ratios, ours, theirs } = await race(contender(card.id, network, card), pilot, place.repeats * roundsForRepeat);
        const bar = bars[card.id];
        const ratio = median(ratios);
        rows.push({
          figure: card.id,
          measured: `×${ratio.toFixed(2)} (${median(ours).toFixed(0)} ms, pilot ${median(theirs).toFixed(0)} ms)`,
          target: bar === undefined ? '' : `≤ ×${bar}${ratio <= bar ? '' : ', **not reached**'}`,
        });
        notes.push(
          `${card.id}: ${span(ratios, (value) => `×${value.toFixed(2)}`)} in ${ratios.length} rounds, tile ${card.tile.default}.`,
        );
      } finally {
        await network.release();
      }
    }
  } finally {
    await pilot.network.release();
  }
  notes.push(
    `Time inside the network alone on one tile of the card's default side (the pilot's: ${pilotCard.tile.default}), ${availableParallelism()} threads. Every round runs both, in turns first; medians, and the median of the rounds' ratios.`,
  );
  return { title, rows, notes };
}

function contender(id: string, network: Network, { tile: { default: tile } }: ModelCard): Contender {
  const planes = Float32Array.from({ length: network.inputPlanes * tile * tile }, randomStream(3));
  return { id, network, tile, planes, megapixels: (tile * network.scale) ** 2 / 1e6 };
}

/** Milliseconds for an output megapixel of both, and their ratio, by round. The first round warms both up and does not count. */
async function race(
  one: Contender,
  other: Contender,
  rounds: number,
): Promise<{ ours: number[]; theirs: number[]; ratios: number[] }> {
  const times = new Map<Contender, number[]>([
    [one, []],
    [other, []],
  ]);
  for (let round = 0; round <= rounds; round += 1) {
    for (const runner of round % 2 === 0 ? [one, other] : [other, one]) {
      const startedMs = performance.now();
      await runner.network.run(runner.planes, runner.tile, runner.tile);
      if (round > 0) times.get(runner)!.push((performance.now() - startedMs) / runner.megapixels);
    }
  }
  const [ours, theirs] = [times.get(one)!, times.get(other)!];
  return { ours, theirs, ratios: ours.map((ms, round) => ms / theirs[round]!) };
}

/** The pilot comes without a card: eight 3 × 3 convolutions in a row, ×2. */
const pilotCard = modelCard({ id: 'pilot-x2', name: 'Pilot ×2', receptiveFieldRadius: 8 });
