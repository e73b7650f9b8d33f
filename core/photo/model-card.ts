/** `models/<id>/card.json`: what a model is, what it needs, and what was measured of it. */
import { z } from 'zod';
import { devices, precisions, type Device } from './device.ts';
import { leastTileSide, networkHalo } from './tiles.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits');

const variantSchema = z.strictObject({
  /** File name beside the card; no folders. */
  file: z.string().regex(/^[A-Za-z0-9._-]+\.onnx$/, 'expected a plain .onnx file name'),
  sha256,
  bytes: z.int().positive(),
  /** What it is computed in; weights may be stored in less. */
  precision: z.enum(precisions),
  devices: z.array(z.enum(devices)),
});

export const modelTasks = ['enlarge', 'clean', 'enlarge-crisp'] as const;

export const modelCardSchema = z
  .strictObject({
    schema: z.literal(1),
    id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'expected lower-case letters, digits and dashes'),
    name: z.string().min(1),
    version: z.string().regex(/^\d+\.\d+\.\d+$/, 'expected a version such as 1.0.0'),
    licence: z.string().min(1),
    task: z.enum(modelTasks),
    /** Output pixels per input pixel along each side. */
    scale: z.union([z.literal(1), z.literal(2), z.literal(4)]),
    /** Input pixels on each side that an output pixel can depend on. */
    receptiveFieldRadius: z.int().nonnegative(),
    tile: z.strictObject({
      /** Smallest, default and largest tile side in input pixels, halo included. */
      min: z.int().positive(),
      default: z.int().positive(),
      max: z.int().positive(),
      /** A tile side must be a multiple of this. */
      multiple: z.int().positive(),
    }),
    input: z.strictObject({
      name: z.string().min(1),
      channels: z.literal(3),
      range: z.tuple([z.literal(0), z.literal(1)]),
      layout: z.literal('NCHW'),
      /** Further constant planes behind the colour channels, in order. */
      extraPlanes: z.array(z.enum(['strength'])),
    }),
    output: z.strictObject({ name: z.string().min(1) }),
    variants: z.array(variantSchema).min(1),
    metrics: z.array(
      z.strictObject({
        set: z.string().min(1),
        /** What was done to the photos first, such as "JPEG q 50"; absent: nothing. */
        damage: z.string().min(1).optional(),
        precision: z.enum(['int8', 'fp16', 'fp32', 'bicubic', 'lanczos']),
        psnrDb: z.number(),
        ssim: z.number().optional(),
        protocol: z.string().min(1),
      }),
    ),
    training: z.strictObject({
      data: z.string().min(1),
      steps: z.int().nonnegative(),
      seed: z.int(),
      summary: z.string().min(1),
      /** What follows is there for networks of this repository. Minutes of the steps, on the hardware named. */
      minutes: z.number().nonnegative().optional(),
      hardware: z.string().min(1).optional(),
      /** SHA-256 of the list of photos with their hashes, `models/train/photos.sha256`. */
      photosSha256: sha256.optional(),
      /** Trainings of the network that this one grew from, the oldest first. */
      earlier: z
        .array(z.strictObject({ id: z.string().min(1), steps: z.int().nonnegative(), minutes: z.number().nonnegative() }))
        .optional(),
      /** The recipe, part by part, as training read it. */
      recipe: z.record(z.string(), z.json()).optional(),
    }),
    /** Recommended use in one sentence. */
    use: z.string().min(1),
  })
  .refine(
    ({ receptiveFieldRadius, tile }) =>
      tile.default >= leastTileSide({ halo: networkHalo(receptiveFieldRadius), multiple: tile.multiple }),
    { path: ['tile', 'default'], error: 'expected more than twice the receptive-field radius' },
  );

export type ModelCard = z.infer<typeof modelCardSchema>;
export type ModelVariant = ModelCard['variants'][number];

/** The 32-bit file that runs on the processor: what every other one, and every device, is held against. */
export function referenceVariant(card: ModelCard): ModelVariant | undefined {
  return variantFor(card, 'cpu', 'fp32');
}

/** The variant for a device, most compact precision first; undefined when the card has none. */
export function variantFor(card: ModelCard, device: Device, precision?: ModelVariant['precision']): ModelVariant | undefined {
  return card.variants
    .filter((variant) => variant.devices.includes(device) && (precision === undefined || variant.precision === precision))
    .sort((a, b) => precisions.indexOf(a.precision) - precisions.indexOf(b.precision))[0];
}
