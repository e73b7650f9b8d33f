/**
 * The queue's exports: a job of the kind `export` → one file. The export's row says how far it came, so that whatever ends the program between two
 * steps, the next attempt finds the file that is there or makes the one that is not: exactly one for each row.
 */
import type { ResultCache } from '../cache/result-cache.ts';
import type { Lease } from '../cache/leases.ts';
import type { EncodeParams, EncodeResult } from '../photo/engine-protocol.ts';
import { exportOrderSchema, exportPayloadSchema, type ExportOrder } from '../photo/export-plan.ts';
import { EnlargerError, isFailureCode } from '../photo/failure.ts';
import { attemptOf, type Job } from '../photo/job.ts';
import type { ExportRecord, ExportStore, PhotoRecord, PhotoStore, ResultRecord, ResultStore } from '../photo/stores.ts';
import { recipeDigest } from './digest.ts';
import type { RenderOptions } from './enhance-render.ts';
import { findWritten } from './exported-file.ts';
import { exportFile, type FileKit } from './export-file.ts';
import type { SingleWorker } from './queue-worker.ts';

export type ExportOutcome =
  | {
      readonly kind: 'done';
      readonly output: string;
      /** Null when an earlier attempt had made the file already. */
      readonly encoded: EncodeResult | null;
    }
  | { readonly kind: 'skipped'; readonly reason: string };

/** What a host may tell of the work. */
export interface ExportEvent {
  readonly job: Job;
  readonly photo: PhotoRecord;
  readonly result: ResultRecord;
  readonly outcome: ExportOutcome;
  readonly totalMs: number;
}

export interface ExportService extends FileKit {
  readonly exports: ExportStore;
  readonly photos: Pick<PhotoStore, 'get'>;
  readonly results: Pick<ResultStore, 'get'>;
  readonly cache: { readonly results: Pick<ResultCache, 'hold' | 'remove'> };
  /** Makes a result again whose pixels had to leave the cache. */
  readonly render: (
    result: ResultRecord,
    photo: PhotoRecord,
    options: RenderOptions,
  ) => Promise<Lease & { readonly directory: string }>;
  readonly softwareVersion: string;
  readonly onEvent?: (event: ExportEvent) => void;
}

export function exportWorker(service: ExportService): SingleWorker {
  return async (job, { signal, onProgress }) => {
    const startMs = performance.now();
    const { exportId } = exportPayloadSchema.parse(job.payload);
    const record = service.exports.get(exportId);
    const result = record === null ? null : service.results.get(record.resultId);
    const photo = result === null ? null : service.photos.get(result.photoId);
    if (record === null || result === null || photo === null)
      throw new EnlargerError('not-found', 'This photo is not in the library any more.');
    const attempt = attemptOf(job);
    const outcome = await runExport(service, { record, result, photo }, { attempt, signal, onProgress });
    service.onEvent?.({ job, photo, result, outcome, totalMs: performance.now() - startMs });
  };
}

interface Subject {
  readonly record: ExportRecord;
  readonly result: ResultRecord;
  readonly photo: PhotoRecord;
}

async function runExport(service: ExportService, subject: Subject, options: RenderOptions): Promise<ExportOutcome> {
  const { exports } = service;
  const { record, result } = subject;
  const { id, folder } = record;
  const done = (output: string, encoded: EncodeResult | null): ExportOutcome => ({ kind: 'done', output, encoded });
  if (record.state === 'done' && record.output !== null) return done(record.output, null);
  const order = exportOrderSchema.parse(JSON.parse(record.settings));
  const written = await findWritten(record, order, exports);
  if (written !== null) {
    exports.setDone(id, written);
    return done(written, null);
  }
  if (result.state !== 'accepted' && result.state !== 'exported')
    return { kind: 'skipped', reason: 'the result is not accepted any more' };

  let encoded: EncodeResult | null = null;
  const output = await exportFile(
    service,
    { folder, order, provenance: provenance(service, subject, order) },
    (use) => withPixels(service, subject, options, use),
    {
      signal: options.signal,
      onProgress: options.onProgress,
      onWritten: (finished) => {
        encoded = finished;
        exports.setWritten(id, finished.outputSha256, finished.outputBytes);
      },
    },
  );
  if (output === null) {
    exports.reopen(id);
    return { kind: 'skipped', reason: `another file has the name ${record.name}` };
  }
  exports.setDone(id, output);
  return done(output, encoded);
}

/** From the cache, or made again; once more when what is in the cache proves to be damaged as its pixels are read. */
async function withPixels(
  { cache, render }: ExportService,
  { result, photo }: Subject,
  options: RenderOptions,
  use: (directory: string) => Promise<EncodeResult>,
): Promise<EncodeResult> {
  const held = await cache.results.hold(result.key);
  if (held !== null) {
    try {
      return await use(held.directory);
    } catch (error) {
      if (!isFailureCode(error, 'damaged') || options.signal.aborted) throw error;
      await cache.results.remove(result.key);
    } finally {
      await held.release();
    }
  }
  requireSource(photo, result);
  const rendered = await render(result, photo, options);
  try {
    return await use(rendered.directory);
  } finally {
    await rendered.release();
  }
}

function requireSource(photo: PhotoRecord, result: ResultRecord): void {
  if (photo.facts !== null && photo.facts.sha256 !== result.sourceSha256) {
    throw new EnlargerError(
      'source-changed',
      'The photo was changed since it was enhanced, and the result is not in the cache any more. Enhance it again.',
    );
  }
  if (photo.offline) {
    throw new EnlargerError(
      'not-found',
      'The result is not in the cache any more, and the photo, or its drive, is away. Connect it and try again.',
    );
  }
}

function provenance(
  { softwareVersion }: ExportService,
  { result, photo }: Subject,
  { plan, settings }: ExportOrder,
): EncodeParams['provenance'] {
  const { width } = plan.output;
  const recipe = plan.size === null ? result.recipe : { ...result.recipe, target: { kind: 'width' as const, pixels: width } };
  return {
    software: 'Enlarger',
    softwareVersion,
    modelId: result.modelId ?? 'none',
    modelVersion: result.modelVersion ?? 'none',
    scale: width / (photo.facts?.width ?? width),
    sourceSha256: result.sourceSha256,
    recipeDigest: recipeDigest(recipe, settings, plan, result.modelSha256),
  };
}
