/** The calls of the contract about exports. */
import { relative, sep } from 'node:path';
import type { ExportOutcomeView, Handlers } from '../api/contract.ts';
import { exportPayloadSchema } from '../photo/export-plan.ts';
import { toFailure } from '../photo/failure.ts';
import type { JobStore } from '../photo/job.ts';
import type { PhotoChoice } from '../photo/library-view.ts';
import { siblingName } from '../photo/output-name.ts';
import type { ResultRecord, ResultStore } from '../photo/stores.ts';
import { addExportBatch, exportRoom, planExportBatch, type ExportBatchService } from './export-batch.ts';

export interface ExportCallService extends ExportBatchService {
  readonly jobs: Pick<JobStore, 'add' | 'list' | 'get'>;
  readonly results: Pick<ResultStore, 'list' | 'get'>;
  /** Numbers of the photos that a choice means, in their order. Throws `not-found` for an album that is not there. */
  readonly choose: (choice: PhotoChoice) => readonly number[];
  /** Reads those of the photos that changed and that nobody read since. Default: nobody can. */
  readonly lookAt?: (photoIds: readonly number[]) => Promise<unknown>;
  /** The path behind a grant. Throws `not-found`. */
  readonly resolve: (grant: string) => string;
}

export function exportHandlers(service: ExportCallService): Handlers<'export'> {
  return {
    async preview({ choice, folder, settings }) {
      // Names are told from the folder on: any will do where none is chosen yet.
      const path = folder === null ? sep : service.resolve(folder);
      const results = await readyToPlan(service, choice);
      const { planned, refused } = planExportBatch(service, { results, folder: path, settings });
      const room = folder === null ? null : await exportRoom(service, planned);
      return {
        files: planned.map(({ result, plan, name, folder: own }) => ({
          resultId: result.id,
          name: [...relative(path, own).split(sep), siblingName(name, name.first)].filter((part) => part !== '').join('/'),
          width: plan.output.width,
          height: plan.output.height,
          bytes: plan.outputBytes,
        })),
        refused: [...refused],
        freeBytes: room === null || room.freeBytes === Infinity ? null : room.freeBytes,
        failure: !room?.failure ? null : toFailure(room.failure),
      };
    },
    async add({ choice, folder, settings }) {
      const path = service.resolve(folder);
      return await addExportBatch(service, { results: await readyToPlan(service, choice), folder: path, settings });
    },
    outcomes: ({ jobs }) => Promise.resolve({ outcomes: jobs.flatMap((id) => outcomeOf(service, id) ?? []) }),
  };
}

/** What is on the disk says how it ended: a job that had nothing to write is done, too. */
function outcomeOf({ jobs, exports, results }: ExportCallService, jobId: number): ExportOutcomeView | null {
  const job = jobs.get(jobId);
  if (job?.kind !== 'export' || job.status.state !== 'done') return null;
  const record = exports.get(exportPayloadSchema.parse(job.payload).exportId);
  if (record === null) return null;
  const { resultId, output, state } = record;
  if (state === 'done') return { jobId, resultId, path: output, skipped: null };
  const verdict = results.get(resultId)?.state;
  const isAccepted = verdict === 'accepted' || verdict === 'exported';
  return { jobId, resultId, path: null, skipped: isAccepted ? 'name-taken' : 'not-accepted' };
}

/** What is to be exported, when the photos it was made of are read. */
async function readyToPlan(service: ExportCallService, choice: PhotoChoice | undefined): Promise<ResultRecord[]> {
  const results = chosen(service, choice);
  await service.lookAt?.([...new Set(results.map(({ photoId }) => photoId))]);
  return results;
}

/** Results that the user accepted, by themselves or of the chosen photos in their order. What was exported once may be exported otherwise. */
function chosen({ results, choose }: ExportCallService, choice: PhotoChoice | undefined): ResultRecord[] {
  const states = ['accepted', 'exported'] as const;
  if (choice === undefined) return results.list({ states });
  const photoIds = [...new Set(choose(choice))];
  const places = new Map(photoIds.map((id, place) => [id, place]));
  return results
    .list({ states, photoIds })
    .toSorted((a, b) => (places.get(a.photoId) ?? 0) - (places.get(b.photoId) ?? 0) || a.id - b.id);
}
