/** What an export would make, asked for as the fields change: never more often than somebody types, and never an older answer. */
import type { Client } from '../../../core/api/client.ts';
import type { Params, Result } from '../../../core/api/contract.ts';
import { toFailure, type Failure } from '../../../core/photo/failure.ts';

export type Preview = Result<'export', 'preview'>;

/** After the last key. */
const restMs = 200;

export class ExportPreview {
  /** The last answer; it stays until the next one is there. Null before the first, and where there is nothing to ask. */
  answer = $state.raw<Preview | null>(null);
  /** Why there is none. */
  failure = $state.raw<Failure | null>(null);
  /** The answer is not of what is wanted now. */
  stale = $state(false);
  readonly #client: Pick<Client, 'export'>;
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Pick<Client, 'export'>) {
    this.#client = client;
  }

  /** Null: the fields mean nothing yet. */
  ask(params: Params<'export', 'preview'> | null): void {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.stale = true;
    if (params === null) return;
    const turn = this.#turn;
    this.#timer = setTimeout(() => void this.#load(params, turn), this.answer === null ? 0 : restMs);
  }

  /** There is nothing to export. */
  clear(): void {
    this.ask(null);
    this.answer = null;
    this.failure = null;
    this.stale = false;
  }

  async #load(params: Params<'export', 'preview'>, turn: number): Promise<void> {
    try {
      const answer = await this.#client.export.preview(params);
      if (turn !== this.#turn) return;
      this.answer = answer;
      this.failure = null;
    } catch (error) {
      if (turn !== this.#turn) return;
      this.answer = null;
      this.failure = toFailure(error);
    }
    this.stale = false;
  }
}
