/** The export that this window asked for, from the first file to the last: it goes on while other views are shown. */
import { SvelteMap } from 'svelte/reactivity';
import type { Client } from '../../core/api/client.ts';
import type { ExportOutcomeView, JobView, Result } from '../../core/api/contract.ts';
import type { Events } from '../../core/api/events.ts';
import type { PlaceView } from '../../core/api/host-views.ts';
import type { ExportSettings } from '../../core/photo/export-settings.ts';
import { isSettled } from '../../core/photo/job.ts';
import type { PhotoChoice } from '../../core/photo/library-view.ts';
import { t } from '../messages/index.svelte.ts';
import type { Router } from './router.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

export interface ExportRequest {
  /** Undefined: everything accepted. */
  readonly choice: PhotoChoice | undefined;
  readonly folder: PlaceView;
  readonly settings: ExportSettings;
}

export interface ExportRun extends Result<'export', 'add'> {
  readonly request: ExportRequest;
}

/** As many as one call takes. */
const batch = 10_000;

export class Exporting {
  /** Null before the first one, and when the user is done with it. */
  run = $state.raw<ExportRun | null>(null);
  /** The host is being asked to begin. */
  starting = $state(false);
  /** Of the jobs that are done; empty until all are settled. */
  outcomes = $state.raw<readonly ExportOutcomeView[]>([]);
  readonly #client: Client;
  readonly #toasts: Toasts;
  readonly #router: Router;
  /** Those of the run. A job that is not in here waits. */
  readonly #jobs = new SvelteMap<number, JobView>();
  #own: ReadonlySet<number> = new Set();

  settled = $derived.by<readonly JobView[]>(() => [...this.#jobs.values()].filter(({ status }) => isSettled(status.state)));
  failed = $derived.by<readonly JobView[]>(() => this.settled.filter(({ status }) => status.state === 'failed'));
  working = $derived.by<boolean>(() => this.run !== null && this.settled.length < this.run.jobs.length);
  /** 0..1 over all files. */
  fraction = $derived.by<number>(() => {
    const count = this.run?.jobs.length ?? 0;
    if (count === 0) return 1;
    return (
      [...this.#jobs.values()].reduce((sum, { fraction, status }) => sum + (isSettled(status.state) ? 1 : fraction), 0) / count
    );
  });

  constructor(client: Client, events: Events, toasts: Toasts, router: Router) {
    this.#client = client;
    this.#toasts = toasts;
    this.#router = router;
    events.subscribe('job', (job) => this.#take([job]));
  }

  /** Begins; says so when the host refuses, and resolves to whether it began. */
  async start(request: ExportRequest): Promise<boolean> {
    const { choice, folder, settings } = request;
    this.starting = true;
    try {
      const added = await this.#client.export.add({
        ...(choice === undefined ? {} : { choice }),
        folder: folder.grant,
        settings,
      });
      this.#jobs.clear();
      this.outcomes = [];
      this.#own = new Set(added.jobs);
      this.run = { ...added, request };
      // Small files may be written before their numbers were known here.
      await this.reload();
      return true;
    } catch (error) {
      this.#toasts.failed(error);
      return false;
    } finally {
      this.starting = false;
    }
  }

  /** News may have been missed. */
  async reload(): Promise<void> {
    if (this.run === null || this.run.jobs.length === 0) return;
    try {
      this.#take((await this.#client.queue.jobs({ kinds: ['export'], limit: batch })).jobs);
    } catch (error) {
      this.#toasts.failed(error);
    }
  }

  /** What is written stays. */
  async cancel(): Promise<void> {
    const settled = new Set(this.settled.map(({ id }) => id));
    const ids = this.run?.jobs.filter((id) => !settled.has(id)) ?? [];
    if (ids.length > 0) await this.#do(() => this.#client.queue.cancel({ ids }));
  }

  /** Everything that failed, once more. */
  async retry(): Promise<void> {
    const ids = this.failed.map(({ id }) => id);
    if (ids.length > 0) await this.#do(() => this.#client.queue.retry({ ids }));
  }

  /** The user is done with it. */
  close(): void {
    this.run = null;
    this.#jobs.clear();
    this.outcomes = [];
  }

  #take(jobs: readonly JobView[]): void {
    const { run } = this;
    if (run === null) return;
    const wasWorking = this.working;
    for (const job of jobs) if (this.#own.has(job.id)) this.#jobs.set(job.id, job);
    if (wasWorking && !this.working) void this.#finish(run);
  }

  async #finish(run: ExportRun): Promise<void> {
    const done = this.settled.filter(({ status }) => status.state === 'done').map(({ id }) => id);
    await this.#do(async () => {
      const outcomes: ExportOutcomeView[] = [];
      for (let from = 0; from < done.length; from += batch)
        outcomes.push(...(await this.#client.export.outcomes({ jobs: done.slice(from, from + batch) })).outcomes);
      if (this.run !== run) return;
      this.outcomes = outcomes;
      const count = outcomes.filter(({ path }) => path !== null).length;
      if (this.#router.route.view !== 'export')
        this.#toasts.info(t('export.outcome.done', { count }), {
          label: t('export.outcome.show'),
          run: () => this.#router.go({ view: 'export' }),
        });
    });
  }

  async #do(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#toasts.failed(error);
    }
  }
}
