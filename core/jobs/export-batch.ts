/** What an export will make, said before anything is begun, and how it is put into the queue: all of it or nothing. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileOps } from '../disk/file-ops.ts';
import { canonicalJson } from '../photo/canonical-json.ts';
import type { ExportSettings } from '../photo/export-settings.ts';
import {
  exportOrderSchema,
  exportPayloadSchema,
  nameExports,
  planExport,
  type ExportOrder,
  type ExportPayload,
  type ExportPlan,
} from '../photo/export-plan.ts';
import { toFailure, type Failure } from '../photo/failure.ts';
import { priorities, type JobStore, type NewJob } from '../photo/job.ts';
import { siblingName, type TargetName } from '../photo/output-name.ts';
import type { PlanLimits } from '../photo/plan-file.ts';
import { workPixels } from '../photo/progress.ts';
import type { ExportRecord, ExportStore, PhotoStore, ResultRecord } from '../photo/stores.ts';
import { checkDisks, type DiskNeed } from './disk-check.ts';
import { requirePhoto } from './enhance-worker.ts';
import { findWritten, isStillThere } from './exported-file.ts';

export interface ExportBatchService {
  readonly photos: Pick<PhotoStore, 'get'>;
  readonly exports: ExportStore;
  readonly jobs: Pick<JobStore, 'add' | 'list'>;
  /** Told when there are new jobs. */
  readonly onAdded?: () => void;
  /** All that `work` changes, or nothing. */
  readonly transaction: <Value>(work: () => Value) => Value;
  readonly files: FileOps;
  readonly scratchDirectory: string;
  readonly limits: PlanLimits;
}

export interface ExportRequest {
  readonly results: readonly ResultRecord[];
  /** Absolute. */
  readonly folder: string;
  readonly settings: ExportSettings;
}

export interface PlannedExport {
  readonly result: ResultRecord;
  readonly plan: ExportPlan;
  /** Absolute, with the folders of the template. */
  readonly folder: string;
  readonly name: TargetName;
  /** 64 hex digits over the result, the target folder and everything that decides the file: there is at most one file for each. */
  readonly key: string;
}

export interface Refused {
  readonly resultId: number;
  readonly failure: Failure;
}

/** Plans each result, in order; those that cannot become such a file are refused. Nothing is written. */
export function planExportBatch(
  { photos, limits }: Pick<ExportBatchService, 'photos' | 'limits'>,
  { results, folder, settings }: ExportRequest,
): { planned: PlannedExport[]; refused: Refused[] } {
  const refused: Refused[] = [];
  const drafts = results.flatMap((result) => {
    try {
      const known = photos.get(result.photoId);
      // A photo that is away can be exported as long as its result is there.
      const photo = known !== null && known.facts !== null ? { ...known, facts: known.facts } : requirePhoto(known);
      const plan = planExport(photo.facts, result, settings, limits);
      const { name: fileName, album, details } = photo;
      const scale = result.width / photo.facts.width;
      return [{ result, plan, values: { fileName, album, scale, model: result.modelId, takenAt: details?.takenAt ?? null } }];
    } catch (error) {
      refused.push({ resultId: result.id, failure: toFailure(error) });
      return [];
    }
  });
  const names = nameExports(settings.template, drafts);
  const planned = drafts.flatMap(({ result, plan }, index) => {
    const named = names[index];
    if (named === undefined) return [];
    return [
      { result, plan, folder: join(folder, ...named.folders), name: named.name, key: exportKey(result, folder, settings, plan) },
    ];
  });
  return { planned, refused };
}

function exportKey(result: ResultRecord, folder: string, settings: ExportSettings, { output, size }: ExportPlan): string {
  const { densityDpi, strip, template } = settings;
  const parts = { resultId: result.id, folder, output, size, densityDpi, strip, template };
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}

/** Whether the disks have room for these files, with a tenth to spare. */
export async function exportRoom(
  { files, scratchDirectory }: Pick<ExportBatchService, 'files' | 'scratchDirectory'>,
  planned: readonly PlannedExport[],
): Promise<Pick<DiskNeed, 'freeBytes' | 'failure'>> {
  const uses = planned.map(({ folder, plan }) => ({ folder, plan, cached: false }));
  return await checkDisks(uses, scratchDirectory, files);
}

export interface AddedExports {
  /** Those that will make the files; some may have waited in the queue before. */
  readonly jobs: number[];
  /** `path`: the file that an earlier export made. */
  readonly skipped: { readonly resultId: number; readonly reason: string; readonly path: string }[];
  readonly refused: Refused[];
}

/** Intents and jobs together, or neither. Throws `disk-full` before anything is begun. */
export async function addExportBatch(service: ExportBatchService, request: ExportRequest): Promise<AddedExports> {
  const { planned, refused } = planExportBatch(service, request);
  const inQueue = queuedExports(service);
  const waiting: number[] = [];
  const skipped: AddedExports['skipped'] = [];
  const wanted: PlannedExport[] = [];
  for (const one of planned) {
    const record = service.exports.byKey(one.key);
    const job = record === null ? undefined : inQueue.get(record.id);
    const path = record === null || job !== undefined ? null : await exportedBefore(service, record);
    if (job !== undefined) waiting.push(job);
    else if (path === null) wanted.push(one);
    else skipped.push({ resultId: one.result.id, reason: `already exported: ${path}`, path });
  }
  const { failure } = await exportRoom(service, wanted);
  if (failure !== null) throw failure;
  const added = service.transaction(() => service.jobs.add(wanted.map((one) => begin(service, one, request))));
  if (added.length > 0) service.onAdded?.();
  return { jobs: [...waiting, ...added], skipped, refused };
}

/** Path of the file that is there already. */
async function exportedBefore({ exports }: ExportBatchService, record: ExportRecord): Promise<string | null> {
  if (record.state === 'done') return (await isStillThere(record)) ? record.output : null;
  const written = await findWritten(record, exportOrderSchema.parse(JSON.parse(record.settings)), exports);
  if (written !== null) exports.setDone(record.id, written);
  return written;
}

function begin({ exports }: ExportBatchService, planned: PlannedExport, request: ExportRequest): NewJob {
  const { result, plan, folder, name, key } = planned;
  const before = exports.byKey(key);
  if (before?.state === 'done') exports.reopen(before.id);
  const order: ExportOrder = { settings: request.settings, plan, name, chosenFolder: request.folder };
  const wantedName = siblingName(name, name.first);
  const { id } = exports.begin({ resultId: result.id, key, folder, name: wantedName, settings: JSON.stringify(order) });
  const payload: ExportPayload = { exportId: id };
  return {
    kind: 'export',
    photoId: result.photoId,
    resultId: result.id,
    priority: priorities.asked,
    workPixels: workPixels(0, plan.output.width * plan.output.height),
    payload,
  };
}

/** Exports that a job will still come to. */
function queuedExports({ jobs }: Pick<ExportBatchService, 'jobs'>): Map<number, number> {
  const waiting = jobs.list({ kinds: ['export'], states: ['queued', 'running'] });
  return new Map(waiting.map(({ id, payload }) => [exportPayloadSchema.parse(payload).exportId, id]));
}
