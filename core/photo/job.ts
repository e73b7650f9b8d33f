/** Persistent work: what a job is, the states it can be in, and the only ways from one to the next. Pure. */
import { z } from 'zod';
import { failureSchema, type Failure } from './failure.ts';

export const jobKinds = ['enhance', 'export', 'thumbnail'] as const;
export type JobKind = (typeof jobKinds)[number];

/** How often a job may be begun before it is left alone: a photo that ends the engine twice is a poison. */
const maxAttempts = 2;

/**
 * How often the program may end over one job before that is left alone. The program touches no pixel, so it is rarely the photo's doing: somebody
 * ended it, or the power went. But a photo that brings the whole machine down must not do so at every start.
 */
const maxInterruptions = 5;

/** The higher goes first. What the user looks at, then what the user asked for, then what may wait. */
export const priorities = { visible: 200, asked: 100, background: 0 } as const;

export const jobStatusSchema = z.discriminatedUnion('state', [
  /** `attempts`: how often it was begun before; `interruptions`: how often the whole program ended meanwhile, which are not among them. */
  z.object({ state: z.literal('queued'), attempts: z.int().nonnegative(), interruptions: z.int().nonnegative() }),
  z.object({ state: z.literal('running'), attempts: z.int().positive(), interruptions: z.int().nonnegative() }),
  z.object({ state: z.literal('done') }),
  z.object({ state: z.literal('failed'), failure: failureSchema, attempts: z.int().nonnegative() }),
  z.object({ state: z.literal('cancelled') }),
]);
export type JobStatus = z.infer<typeof jobStatusSchema>;
export type JobState = JobStatus['state'];
export const jobStates = ['queued', 'running', 'done', 'failed', 'cancelled'] as const satisfies readonly JobState[];

export type JobEvent =
  | { readonly type: 'start' }
  | { readonly type: 'finish' }
  /** It cannot be done; trying again would bring the same. */
  | { readonly type: 'fail'; readonly failure: Failure }
  /** The attempt was lost with its process. `failure` is what is told when there is no further one. */
  | { readonly type: 'lose'; readonly failure: Failure }
  /** The whole program ended meanwhile. `failure` is what is told when that happened too often to be chance. */
  | { readonly type: 'interrupt'; readonly failure: Failure }
  /** Stopped without fault of its own, for example because the queue was paused or the program ends: the attempt does not count. */
  | { readonly type: 'release' }
  | { readonly type: 'cancel' }
  | { readonly type: 'retry' };

export const initialStatus: JobStatus = { state: 'queued', attempts: 0, interruptions: 0 };

/** The status after `event`, or null when the event is not legal in this status. */
export function nextStatus(status: JobStatus, event: JobEvent): JobStatus | null {
  switch (status.state) {
    case 'queued':
      if (event.type === 'start') return { ...status, state: 'running', attempts: status.attempts + 1 };
      if (event.type === 'fail') return { state: 'failed', failure: event.failure, attempts: status.attempts };
      return event.type === 'cancel' ? { state: 'cancelled' } : null;
    case 'running':
      return afterRunning(status, event);
    case 'failed':
    case 'cancelled':
      return event.type === 'retry' ? initialStatus : null;
    case 'done':
      return null;
  }
}

function afterRunning(status: Extract<JobStatus, { state: 'running' }>, event: JobEvent): JobStatus | null {
  const { attempts, interruptions } = status;
  switch (event.type) {
    case 'finish':
      return { state: 'done' };
    case 'fail':
      return { state: 'failed', failure: event.failure, attempts };
    case 'lose':
      return attempts < maxAttempts
        ? { state: 'queued', attempts, interruptions }
        : { state: 'failed', failure: event.failure, attempts };
    case 'interrupt':
      return interruptions + 1 < maxInterruptions
        ? { state: 'queued', attempts: attempts - 1, interruptions: interruptions + 1 }
        : { state: 'failed', failure: event.failure, attempts };
    case 'release':
      return { state: 'queued', attempts: attempts - 1, interruptions };
    case 'cancel':
      return { state: 'cancelled' };
    case 'start':
    case 'retry':
      return null;
  }
}

/** True when nothing more will happen to the job by itself. */
export function isSettled(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** What is to be done, before it has a number. */
export interface NewJob {
  readonly kind: JobKind;
  readonly photoId: number | null;
  readonly resultId: number | null;
  readonly priority: number;
  /** What progress counts; at least 1. See `workPixels` in progress.ts. */
  readonly workPixels: number;
  /** Plain JSON that the worker of this kind understands and parses. */
  readonly payload: unknown;
}

export interface Job extends NewJob {
  readonly id: number;
  /** Order within a priority; smaller first. */
  readonly position: number;
  readonly status: JobStatus;
  readonly addedMs: number;
  readonly settledMs: number | null;
}

/** Which attempt at it this is, from 1 on. */
export function attemptOf({ status }: Pick<Job, 'status'>): number {
  return status.state === 'running' ? status.attempts : 1;
}

export type JobCounts = Readonly<Record<JobState, number>>;

/** Where jobs are kept. Every change is on the disk when the call returns. */
export interface JobStore {
  /** Adds in order, all or none; returns their numbers. */
  add(jobs: readonly NewJob[]): number[];
  get(id: number): Job | null;
  /** The queued job of these kinds that goes first: by priority, then by position. */
  next(kinds: readonly JobKind[]): Job | null;
  /** Up to `limit` queued jobs of one kind, in order: for workers that take many at once. */
  nextMany(kind: JobKind, limit: number): Job[];
  /** Applies an event and returns the job as it is then; null when the event is not legal, and nothing changed. */
  apply(id: number, event: JobEvent): Job | null;
  /** The same for many, in one transaction: a thousand thumbnails are not a thousand syncs. In order; null for each that was not legal. */
  applyAll(changes: readonly { readonly id: number; readonly event: JobEvent }[]): (Job | null)[];
  setPriority(ids: readonly number[], priority: number): void;
  /** Puts queued jobs, in this order, before `beforeId` of the same priority, or last. */
  move(ids: readonly number[], beforeId: number | null): void;
  list(filter: {
    readonly states?: readonly JobState[];
    readonly kinds?: readonly JobKind[];
    readonly photoIds?: readonly number[];
    readonly limit?: number;
  }): Job[];
  counts(kinds?: readonly JobKind[]): JobCounts;
  /** Jobs that a dead program left running were interrupted. Returns them as they are then. To be called once, at the start. */
  recover(): Job[];
  isPaused(): boolean;
  setPaused(paused: boolean): void;
  /** Forgets the oldest settled jobs beyond `keep`. Failed ones are kept longest. Returns how many went. */
  prune(keep: number): number;
}
