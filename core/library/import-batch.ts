/** A few photos through the engine, and the order in which several such batches come back. */
import type { EngineParams, Looked } from '../photo/engine-protocol.ts';
import { toError, type FailureCode } from '../photo/failure.ts';
import type { FileRow } from './photo-rows.ts';

/** Longest side of a thumbnail in pixels. */
export const thumbnailSide = 512;

/** What looks: the engine's method of this name. Answers in order. Rejects when all of them are lost. */
export type LookCall = (items: EngineParams<'look'>['items'], signal: AbortSignal) => Promise<readonly Looked[]>;

/** Where thumbnails go: the part of the cache that is needed here. */
export interface ThumbnailPlace {
  draft(): Promise<string>;
  adopt(draft: string, sha256: string, orientation: number): Promise<void>;
  drop(draft: string): Promise<void>;
}

/** A photo to be looked at, with its place as it is now. */
export interface Task {
  readonly row: FileRow;
  readonly path: string;
}

/** The engine did not answer: some photo of the batch took it with it, or it was taken away. */
export class LostBatch extends Error {
  override readonly name = 'LostBatch';

  constructor(cause: unknown) {
    super('the engine was lost', { cause });
  }
}

const unwritable: readonly FailureCode[] = ['disk-full', 'not-writable'];

/** Looks at all of them and stores their thumbnails. Rejects with `LostBatch`, or with what the cache or the signal says. */
export async function lookAtBatch(
  tasks: readonly Task[],
  { look, thumbnails, signal }: { readonly look: LookCall; readonly thumbnails: ThumbnailPlace; readonly signal: AbortSignal },
): Promise<readonly Looked[]> {
  // All at once, here and below: beside a scan each wait for the disk may take as long as a slice of the scan.
  const items = await Promise.all(tasks.map(async ({ path }) => ({ path, thumbnail: await thumbnails.draft(), thumbnailSide })));
  const drafts = new Set(items.map(({ thumbnail }) => thumbnail));
  try {
    const looks = await look(items, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new LostBatch(error);
    });
    if (looks.length !== tasks.length) throw new LostBatch(new Error('the engine did not look at all of them'));
    // A full disk is not the photo's fault, and the next ones would fail alike.
    for (const looked of looks) if (!looked.ok && unwritable.includes(looked.failure.code)) throw toError(looked.failure);
    const adoptions = await Promise.allSettled(
      items.map(async ({ thumbnail }, index) => {
        const looked = looks[index];
        if (looked?.ok !== true || looked.thumbnail === null) return;
        await thumbnails.adopt(thumbnail, looked.facts.sha256, looked.facts.orientation);
        drafts.delete(thumbnail);
      }),
    );
    for (const adoption of adoptions) if (adoption.status === 'rejected') throw adoption.reason;
    return looks;
  } finally {
    await Promise.all([...drafts].map((draft) => thumbnails.drop(draft)));
  }
}

export type Settled<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly error: unknown };

/**
 * Works on up to `depth` batches at a time and hands over what became of each in the order in which they were begun. `next` tells the next batch,
 * null when there is none now; it is asked again after each that came back.
 */
export async function inOrder<Batch, Value>(
  depth: number,
  next: () => Batch | null,
  work: (batch: Batch) => Promise<Value>,
  settle: (batch: Batch, outcome: Settled<Value>) => void,
): Promise<void> {
  const underWay: { readonly batch: Batch; readonly outcome: Promise<Settled<Value>> }[] = [];
  for (;;) {
    while (underWay.length < depth) {
      const batch = next();
      if (batch === null) break;
      const outcome = work(batch).then(
        (value): Settled<Value> => ({ ok: true, value }),
        (error: unknown): Settled<Value> => ({ ok: false, error }),
      );
      underWay.push({ batch, outcome });
    }
    const first = underWay.shift();
    if (first === undefined) return;
    settle(first.batch, await first.outcome);
  }
}
