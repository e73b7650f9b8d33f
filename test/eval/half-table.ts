/** Table `half`: what 16-bit arithmetic costs, measured where it is computed: on a GPU, or a software one. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Network } from '../../core/engine/network/session.ts';
import { halfLossBar } from './bars.ts';
import { enlarge, openModel } from './eval-model.ts';
import { db, signed, verdict, type Table } from './markdown.ts';
import type { SetName } from './options.ts';
import { measureSet } from './super-resolution-sets.ts';
import { setsFor, type Workplace } from './workplace.ts';

export interface HalfResult {
  readonly set: SetName;
  /** PSNR in dB of the file computed in 32 bits on the processor, and of the one computed in 16 on the GPU. */
  readonly wideDb: number;
  readonly halfDb: number;
}

/** Null when there is no such file, or no GPU that computes it; the reason goes to stderr. */
export async function measureHalf(place: Workplace): Promise<HalfResult[] | null> {
  const { model } = place;
  const file = model.card.variants.find(({ precision }) => precision === 'fp16')?.file;
  if (file === undefined || model.reference === null) return null;
  const opened = await openOnGpu(place, await readFile(join(model.directory, file)));
  if (opened === null) return null;
  const half = { card: model.card, network: opened };
  const wide = await openModel(model, model.reference);
  const results: HalfResult[] = [];
  try {
    for (const { name, directory, limit } of setsFor('half', place.options)) {
      place.say(`16-bit arithmetic, ${name}`);
      const { wide: exact, half: rounded } = await measureSet(
        directory,
        model.card.scale,
        {
          wide: async (picture) => await enlarge(wide, picture, 0.3),
          half: async (picture) => await enlarge(half, picture, 0.3),
        },
        limit,
      );
      results.push({ set: name, wideDb: exact!.psnrDb, halfDb: rounded!.psnrDb });
    }
  } finally {
    await wide.network.release();
    await opened.release();
  }
  return results;
}

async function openOnGpu({ model: { card }, say }: Workplace, bytes: Uint8Array): Promise<Network | null> {
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(bytes, {
      executionProviders: ['webgpu'],
      logSeverityLevel: 3,
      // A node that fell back to the processor would be computed in 32 bits there.
      extra: { session: { disable_cpu_ep_fallback: '1' } },
    });
  } catch (error) {
    say(`16-bit arithmetic is not measured: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
  const inputPlanes = card.input.channels + card.input.extraPlanes.length;
  return {
    scale: card.scale,
    inputPlanes,
    run: async (planes, width, height) => {
      const outputs = await session.run({ [card.input.name]: new Tensor('float32', planes, [1, inputPlanes, height, width]) });
      return outputs[card.output.name]!.data as Float32Array;
    },
    inferMs: () => 0,
    release: async () => await session.release(),
  };
}

export function halfTable({ model: { card } }: Workplace, results: readonly HalfResult[] | null): Table {
  return {
    title: `${card.id}: 16-bit arithmetic on a GPU`,
    head: ['set', 'computed in 32 bits, dB', 'in 16 bits', `lost (≤ ${halfLossBar})`],
    rows: (results ?? []).map(({ set, wideDb, halfDb }) => [
      set,
      db(wideDb),
      db(halfDb),
      `${signed(wideDb - halfDb, 3)} ${verdict(wideDb - halfDb <= halfLossBar)}`,
    ]),
    notes: [
      results === null
        ? 'Not measured: no GPU here computes it (a software adapter will do).'
        : `${card.scale === 1 ? 'Clean photos against themselves' : 'Clean photos'} at strength 0.3, so that the correction has work to do; the first photos of each set.`,
    ],
  };
}
