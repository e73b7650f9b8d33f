/** The list of jobs, kept in step with the host by its news. */
import type { Client } from '../../../core/api/client.ts';
import type { JobView } from '../../../core/api/contract.ts';
import type { Events } from '../../../core/api/events.ts';
import { toFailure, type Failure } from '../../../core/photo/failure.ts';
import type { Toasts } from '../../state/toasts.svelte.ts';
import { askedKinds, furtherNews, listOf, moveJob, noJobs, openJobs, withNews, type JobList, type Way } from './job-list.ts';

/** News come in bursts, when everything is cancelled by the thousand. */
const gatherMs = 100;
/** The list is not asked for more often than this. */
const restMs = 500;
/** As many as one call answers. */
const most = 10_000;
/** Of a list that is longer than that, the rest is asked for when so few are left. */
const few = 100;

/** Empty until it is asked for. */
export class QueueJobs {
  list = $state.raw<JobList>(noJobs);
  /** The first answer is there. */
  loaded = $state(false);
  /** Why there is no list. */
  failure = $state.raw<Failure | null>(null);
  readonly #client: Pick<Client, 'queue'>;
  readonly #toasts: Pick<Toasts, 'failed'>;
  readonly #ends: readonly (() => void)[];
  #news = new Map<number, JobView>();
  /** Jobs that are not settled, as the host counts them; null before it told. */
  #open: number | null = null;
  #isCut = false;
  #isAsking = false;
  #gathering: ReturnType<typeof setTimeout> | undefined;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(client: Pick<Client, 'queue'>, events: Events, toasts: Pick<Toasts, 'failed'>) {
    this.#client = client;
    this.#toasts = toasts;
    this.#ends = [
      events.subscribe('job', (job) => {
        if (job.kind === 'thumbnail') return;
        this.#news.set(job.id, job);
        this.#gather();
      }),
      events.subscribe('queue', (status) => {
        this.#open = openJobs(status);
        this.#gather();
      }),
    ];
  }

  /** Asks for the whole list. */
  async reload(): Promise<void> {
    const turn = (this.#turn += 1);
    this.#isAsking = true;
    try {
      const { jobs } = await this.#client.queue.jobs({ kinds: [...askedKinds], limit: most });
      if (turn !== this.#turn) return;
      this.#isCut = jobs.length >= most;
      [this.list, this.failure, this.loaded] = [listOf(jobs), null, true];
      // What was told meanwhile may be older than the answer, or younger.
      this.#news = furtherNews(jobs, this.#news);
    } catch (error) {
      if (turn === this.#turn) this.failure = toFailure(error);
    } finally {
      if (turn === this.#turn) {
        this.#isAsking = false;
        this.#gather();
      }
    }
  }

  /** Shown at once, and as it is when the host refuses. */
  async move(id: number, way: Way): Promise<void> {
    const moved = moveJob(this.list.waiting, id, way);
    if (moved === null) return;
    this.list = { ...this.list, waiting: moved.waiting };
    try {
      await this.#client.queue.move({ ids: [id], beforeId: moved.beforeId });
    } catch (error) {
      this.#toasts.failed(error);
      await this.reload();
    }
  }

  close(): void {
    for (const end of this.#ends) end();
    clearTimeout(this.#gathering);
    clearTimeout(this.#resting);
    this.#turn += 1;
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      if (!this.loaded || this.#isAsking) return;
      if (!this.#takeIn() || this.#isOff()) this.#resting ??= setTimeout(() => this.#askAgain(), restMs);
    }, gatherMs);
  }

  #askAgain(): void {
    this.#resting = undefined;
    void this.reload();
  }

  /** False where the list cannot tell any more what comes where. */
  #takeIn(): boolean {
    if (this.#news.size === 0) return true;
    const { list, isSure } = withNews(this.list, this.#news);
    this.#news = new Map();
    this.list = list;
    return isSure || this.#isCut;
  }

  #isOff(): boolean {
    const { running, waiting } = this.list;
    if (this.#open === null || running.length + waiting.length === this.#open) return false;
    return !this.#isCut || waiting.length < few;
  }
}
