/** What training says of a network beside its weights, as far as the card and the exporter use it. */
import { z } from 'zod';
import { EnlargerError } from '../../core/photo/failure.ts';
import { modelCardSchema } from '../../core/photo/model-card.ts';

const card = modelCardSchema.shape;

const { steps, seed, minutes, hardware, earlier, recipe, photosSha256 } = card.training.shape;

/** Training says more than a card holds. */
const trainingSchema = z.object({
  steps,
  seed,
  minutes,
  hardware,
  earlier,
  recipe,
  data: z.object({ photos: z.int().nonnegative(), megapixels: z.number(), sha256: photosSha256 }),
});

const cardFactsSchema = z.object({
  id: card.id,
  name: card.name,
  task: card.task,
  version: card.version,
  summary: z.string().min(1),
  use: z.string().min(1),
});

export interface TrainingFacts {
  readonly training: z.infer<typeof trainingSchema>;
  readonly card: z.infer<typeof cardFactsSchema>;
}

/** Reads the metadata of `network.safetensors`. Throws EnlargerError `model-invalid` when something is missing. */
export function parseTrainingFacts(metadata: Readonly<Record<string, string>>): TrainingFacts {
  return {
    training: part(metadata, 'training', trainingSchema),
    card: part(metadata, 'card', cardFactsSchema),
  };
}

function part<Value>(metadata: Readonly<Record<string, string>>, key: string, schema: z.ZodType<Value>): Value {
  let json: unknown;
  try {
    json = JSON.parse(metadata[key] ?? 'null');
  } catch {
    // What cannot be parsed fails the schema below, with the same sentence for the user.
    json = null;
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const place = [key, ...(parsed.error.issues[0]?.path ?? [])].join('.');
  throw new EnlargerError('model-invalid', `The trained network's metadata is wrong at "${place}". Write it again by training.`, {
    cause: parsed.error,
  });
}
