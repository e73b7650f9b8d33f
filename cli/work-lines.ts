/** Work on a library as the lines that `enhance` prints: what its workers and its queue tell, turned into the events of a run. */
import type { QueueStatus } from '../core/api/contract.ts';
import { deviceOf } from '../core/jobs/enhance-task.ts';
import type { EnhanceEvent } from '../core/jobs/enhance-worker.ts';
import type { ExportEvent } from '../core/jobs/export-worker.ts';
import { countTiles } from '../core/jobs/run-work.ts';
import { exportOrderSchema } from '../core/photo/export-plan.ts';
import type { Job } from '../core/photo/job.ts';
import type { RunEvent } from '../core/photo/run-events.ts';
import type { LibraryPlace } from '../core/host/place.ts';
import { planNoteText } from '../core/photo/plan-note.ts';

export interface WorkLines {
  readonly onEnhance: (event: EnhanceEvent) => void;
  readonly onExport: (event: ExportEvent, cached: boolean) => void;
  readonly onSettled: (job: Job) => void;
  /** Tells progress from here on. Returns what ends that. */
  follow(place: LibraryPlace): () => void;
  /** Lines that no worker tells: what was skipped or refused before it became a job. */
  readonly tell: (event: RunEvent) => void;
  /** For the last line. `failed` of it decides the exit code. */
  readonly summary: () => Extract<RunEvent, { type: 'summary' }>;
}

/** `emit` gets the events in order; `done` only when it is on the disk. */
export function createWorkLines(emit: (event: RunEvent) => void): WorkLines {
  const startMs = performance.now();
  const counts = { done: 0, failed: 0, skipped: 0 };
  /** Input of each job that was begun. */
  const begun = new Map<number, string>();
  /** What is told of a job once that is settled. */
  const pending = new Map<number, RunEvent>();
  let place: LibraryPlace | null = null;
  /** Jobs that opening the library gave up, told once the names of their photos are at hand. */
  const early: Job[] = [];

  const tell = (event: RunEvent): void => {
    if (event.type === 'done' || event.type === 'failed' || event.type === 'skipped') counts[event.type] += 1;
    emit(event);
  };
  const inputOf = ({ id, photoId }: Job): string =>
    begun.get(id) ?? (photoId === null ? undefined : place?.catalog.photos.get(photoId)?.path) ?? `job ${id}`;

  const settle = (job: Job): void => {
    const line = pending.get(job.id);
    pending.delete(job.id);
    if (job.status.state === 'failed') {
      const { code, message } = job.status.failure;
      tell({ type: 'failed', input: inputOf(job), code, message });
    } else if (job.status.state === 'done' && line !== undefined) tell(line);
    begun.delete(job.id);
  };

  return {
    tell,
    onEnhance(event) {
      const { job, photo, task } = event;
      const input = photo.path;
      const model = task.model?.card.id ?? 'none';
      if (event.type === 'started') {
        // A second attempt goes on with the lines of the first.
        if (begun.has(job.id)) return;
        begun.set(job.id, input);
        for (const note of task.plan.notes) tell({ type: 'note', input, text: planNoteText(note) });
        const { width, height } = task.facts;
        tell({ type: 'started', input, width, height, model, device: deviceOf(task), tiles: countTiles(task) });
        return;
      }
      const { directory, width, height, strength, notes, work } = event.rendered;
      const device = deviceOf(event.rendered.task);
      for (const text of notes) tell({ type: 'note', input, text });
      pending.set(job.id, {
        type: 'done',
        ...{ input, output: directory, width, height, model, device, cached: work === null },
        ms: { decode: work?.ms.decode ?? 0, infer: work?.ms.infer ?? 0, encode: work?.ms.store ?? 0, total: event.totalMs },
        peakMemoryBytes: work?.peakMemoryBytes ?? 0,
        ...(strength === null ? {} : { strength }),
      });
    },
    onExport({ job, photo, result, outcome, totalMs }, cached) {
      const input = photo.path;
      if (outcome.kind === 'skipped') {
        pending.set(job.id, { type: 'skipped', input, reason: outcome.reason });
        return;
      }
      const { output, encoded } = outcome;
      const { width, height } = encoded ?? plannedSize(output, place) ?? result;
      pending.set(job.id, {
        type: 'done',
        ...{ input, output, width, height, model: result.modelId ?? 'none', device: 'cpu', cached },
        ms: { decode: 0, infer: 0, encode: encoded?.ms.total ?? 0, total: totalMs },
        peakMemoryBytes: encoded?.peakMemoryBytes ?? 0,
        ...(result.strength === null ? {} : { strength: result.strength }),
      });
    },
    onSettled(job) {
      if (place === null) early.push(job);
      else settle(job);
    },
    follow(opened) {
      place = opened;
      early.splice(0).forEach(settle);
      return opened.queue.subscribe((event) => {
        if (event.type === 'status') {
          tell(overall(event.status));
          return;
        }
        const { id, kind, status, fraction } = event.job;
        const input = begun.get(id);
        if (kind === 'enhance' && status.state === 'running' && input !== undefined) tell({ type: 'progress', input, fraction });
      });
    },
    summary: () => ({ type: 'summary', ...counts, ms: performance.now() - startMs }),
  };
}

function overall({ whole }: QueueStatus): RunEvent {
  const { jobs, settled, fraction, megapixelsPerSecond, remainingMs } = whole;
  return { type: 'overall', photosDone: settled, photos: jobs, fraction, megapixelsPerSecond, remainingMs };
}

/** Size of a file that an earlier attempt had made. */
function plannedSize(output: string, place: LibraryPlace | null): { width: number; height: number } | null {
  const record = place?.catalog.exports.byOutput(output) ?? null;
  return record === null ? null : exportOrderSchema.parse(JSON.parse(record.settings)).plan.output;
}
