/** Table `harm`: what a network must not do to photos that are fine. */
import { drawSample } from '../../core/engine/sample/draw-sample.ts';
import { colourBar } from './bars.ts';
import { largestMove } from './blocks.ts';
import { enlarge, hasStrength } from './eval-model.ts';
import { lanczos } from './lanczos.ts';
import { signed, verdict, type Table } from './markdown.ts';
import { bicubic, pictures, shrunk, type Picture } from './super-resolution-sets.ts';
import { flatColours, drawn, largestDeviation, largestTint, ringing, stepEdge, steps, type Step } from './test-charts.ts';
import { setsFor, type Workplace } from './workplace.ts';

export interface HarmResult {
  /** Largest move of a block's mean colour in 8-bit codes, by the side of the blocks in input pixels. */
  readonly colourMoves: readonly {
    readonly side: number;
    readonly model: number;
    readonly bicubic: number;
    readonly photo: string;
  }[];
  readonly photos: number;
  /** By strength: largest distance from a flat colour, in codes, inside and up to the edges of the picture. */
  readonly flat: readonly {
    readonly strength: number;
    readonly inside: number;
    readonly anywhere: number;
    readonly colour: string;
  }[];
  /** Largest over- or undershoot at step edges in codes, and by how much it exceeds Lanczos' at the worst of them. */
  readonly ringing: readonly {
    readonly edge: string;
    readonly model: number;
    readonly lanczos: number;
    readonly beyondLanczos: number;
  }[];
  /** Largest difference between channels: of a grey picture, and of the grey part of one that has colour elsewhere. */
  readonly tint: { readonly grey: number; readonly mixed: number };
}

const flatSide = 64;
/** Side in input pixels of the blocks whose colour has a bar. */
const judgedBlock = 64;
/** Codes that rounding to 8 bit may cost. */
const roundingCodes = 1;

/** Measures all of it with the int8 file. Without sets, the drawn sample stands for photos. */
export async function measureHarm(place: Workplace): Promise<HarmResult> {
  const { card } = place.model;
  const { scale } = card;
  const run: Run = async (picture, strength = 0) => await enlarge(place.int8, picture, strength);
  place.say('harm, colours of blocks');
  const colourMoves = [judgedBlock, judgedBlock / scale]
    .filter((side, index, all) => all.indexOf(side) === index)
    .map((side) => ({ side, model: 0, bicubic: 0, photo: '' }));
  let photos = 0;
  for await (const { name, picture } of cleanPhotos(place)) {
    const [ours, simple] = [await run(picture), await bicubic(scale)(picture)];
    for (const move of colourMoves) {
      const moved = largestMove(picture, ours, scale, move.side);
      if (moved > move.model) Object.assign(move, { model: moved, photo: name });
      move.bicubic = Math.max(move.bicubic, largestMove(picture, simple, scale, move.side));
    }
    photos += 1;
  }

  place.say('harm, flat fields, edges and grey');
  const flat: HarmResult['flat'][number][] = [];
  for (const strength of hasStrength(card) ? [0, 0.5, 1] : [0]) {
    let [inside, anywhere, worst] = [0, 0, ''];
    for (const colour of flatColours) {
      const rgb = await run(
        drawn(flatSide, flatSide, () => colour),
        strength,
      );
      const result = { rgb, width: flatSide * scale, height: flatSide * scale };
      const border = Math.min(card.receptiveFieldRadius, flatSide / 2 - 4) * scale;
      const deviation = largestDeviation(result, colour, border);
      if (deviation > inside) [inside, worst] = [deviation, colour.join(' ')];
      anywhere = Math.max(anywhere, largestDeviation(result, colour, 0));
    }
    flat.push({ strength, inside, anywhere, colour: worst });
  }

  return {
    colourMoves,
    photos,
    flat,
    ringing: await edgeRinging(card.receptiveFieldRadius, scale, run),
    tint: await tints(card.receptiveFieldRadius, scale, run),
  };
}

type Run = (picture: Picture, strength?: number) => Promise<Uint8Array>;

/** Edges from one pixel to the next, and such edges shrunk like the photos of the standard table. */
async function edgeRinging(radius: number, scale: number, run: Run): Promise<HarmResult['ringing']> {
  const side = 96;
  // What sees beyond the picture is another matter.
  const border = Math.min(radius, side / 2 - 8) * scale;
  const kinds: [string, (step: Step, across: boolean) => Picture][] = [
    ['from one pixel to the next', (step, across) => stepEdge(step, across, side)],
  ];
  // One pixel aside, so that it falls between two pixels of the small side.
  if (scale > 1) kinds.push(['shrunk by bicubic', (step, across) => shrunk(stepEdge(step, across, (side + 1) * scale), scale)]);
  const results: HarmResult['ringing'][number][] = [];
  for (const [edge, picture] of kinds) {
    let [model, simple, beyondLanczos] = [0, 0, -Infinity];
    for (const step of steps) {
      for (const across of [false, true]) {
        const input = picture(step, across);
        const size = { width: input.width * scale, height: input.height * scale };
        const ours = ringing({ rgb: await run(input), ...size }, step, border);
        const theirs = ringing({ rgb: await lanczos(scale)(input), ...size }, step, border);
        [model, simple] = [Math.max(model, ours), Math.max(simple, theirs)];
        beyondLanczos = Math.max(beyondLanczos, ours - theirs);
      }
    }
    results.push({ edge, model, lanczos: simple, beyondLanczos });
  }
  return results;
}

/** Clean inputs as the standard table uses them. */
async function* cleanPhotos(place: Workplace): AsyncGenerator<{ name: string; picture: Picture }> {
  const { scale } = place.model.card;
  const sets = setsFor('harm', place.options);
  if (sets.length === 0) yield { name: 'drawn sample', picture: { rgb: drawSample(480, 360), width: 480, height: 360 } };
  for (const set of sets)
    for await (const original of pictures(set.directory, scale, set.limit))
      yield { name: `${set.name} ${original.name}`, picture: shrunk(original, scale) };
}

/** The sample without its colours, and with one coloured pixel in a corner, which takes away the pipeline's rule for grey pictures. */
async function tints(radius: number, scale: number, run: Run): Promise<HarmResult['tint']> {
  const [width, height] = [240, 180];
  const sample = drawSample(width, height);
  const rgb = sample.map((_, index) => sample[index - (index % 3) + 1]!);
  const grey = largestTint(await run({ rgb, width, height }));
  const mixed = Uint8Array.from(rgb);
  mixed.set([255, 0, 0]);
  const row = width * scale * 3;
  // Rows that do not see the coloured pixel.
  return { grey, mixed: largestTint((await run({ rgb: mixed, width, height })).subarray((radius + 1) * scale * row)) };
}

export function harmTable(place: Workplace, result: HarmResult): Table {
  const { card } = place.model;
  const bar = colourBar(card);
  const codes = (value: number): string => value.toFixed(2);
  const rows = [
    ...result.colourMoves.map(({ side, model, bicubic: simple, photo }) => [
      `largest move of a block's mean colour, blocks of ${side} × ${side} input pixels`,
      `${codes(model)} (bicubic ${codes(simple)}); ${photo}`,
      side === judgedBlock ? `< ${bar}` : '',
      side === judgedBlock ? verdict(model < bar) : '–',
    ]),
    ...result.flat.flatMap(({ strength, inside, anywhere, colour }) => [
      [
        `flat fields, strength ${strength}: largest deviation inside`,
        `${inside}${colour === '' ? '' : ` (at ${colour})`}`,
        `≤ ${roundingCodes}`,
        verdict(inside <= roundingCodes),
      ],
      [
        `flat fields, strength ${strength}: up to the edge of the picture`,
        String(anywhere),
        `≤ ${roundingCodes}`,
        verdict(anywhere <= roundingCodes),
      ],
    ]),
    ...result.ringing.map(({ edge, model, lanczos: simple, beyondLanczos }) => [
      `over- or undershoot at an edge ${edge}`,
      `${model}, Lanczos ${simple}; beyond Lanczos at the worst edge ${signed(beyondLanczos, 0)}`,
      `≤ Lanczos + ${roundingCodes}`,
      verdict(beyondLanczos <= roundingCodes),
    ]),
    ['tint of a grey picture', String(result.tint.grey), '0', verdict(result.tint.grey === 0)],
    ['tint of the grey part of a picture with colour elsewhere', String(result.tint.mixed), '', '–'],
  ];
  return {
    title: `${card.id}: harm to clean photos, in 8-bit codes`,
    head: ['what', 'measured', 'bar', 'reached'],
    rows,
    notes: [
      `Blocks: the mean of each channel over a block of the input against its mean over the same part of the result, strength 0, ${result.photos} clean photos. Blocks cover each photo, the last shifted inward; a photo smaller than a block is one block. Bicubic moves them too, by colours that reach across a block's edge and by clipping.`,
      `Flat fields: ${flatColours.length} greys and colours of ${flatSide} × ${flatSide}; "inside" leaves out what sees beyond the edge of the picture. Edges: ${steps.length} steps, upright and lying, strength 0, beside Lanczos of three lobes on the same input${card.scale === 1 ? ' (which at scale 1 changes nothing)' : ''}, inside likewise.`,
    ],
  };
}
