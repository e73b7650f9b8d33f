/** An export that is being made up: which photos, where to, and how. */
import type { Client } from '../../../core/api/client.ts';
import type { Params } from '../../../core/api/contract.ts';
import type { PlaceView } from '../../../core/api/host-views.ts';
import type { ExportSettings } from '../../../core/photo/export-settings.ts';
import type { PhotoChoice, ResultView } from '../../../core/photo/library-view.ts';
import type { ExportRequest } from '../../state/exporting.svelte.ts';
import { faultsOf, fieldsOf, settingsOf, type ExportFields, type FieldFaults } from './export-fields.ts';
import { ExportPreview } from './export-preview.svelte.ts';

/** `fresh`: accepted and in no export yet; `photos`: those that were selected; `again`: those of the last export. */
export type Which = 'fresh' | 'accepted' | 'photos' | 'album' | 'again';

export interface DraftStart {
  readonly which: Which | null;
  readonly album: string | null;
  /** Numbers of the photos that are selected, in order. */
  readonly selected: readonly number[];
  readonly settings: ExportSettings | null;
}

export class ExportDraft {
  fields: ExportFields;
  album: string | null;
  folder = $state.raw<PlaceView | null>(null);
  /** Newest first. */
  recent = $state.raw<readonly PlaceView[]>([]);
  /** Accepted, exported before or not; null until the first answer. */
  results = $state.raw<readonly ResultView[] | null>(null);
  /** Photos of the export before. */
  again = $state.raw<readonly number[] | null>(null);
  readonly selected: readonly number[];
  readonly preview: ExportPreview;
  readonly #client: Client;
  #wanted = $state.raw<Which | null>(null);
  #turn = 0;

  fresh = $derived.by<readonly ResultView[]>(() => (this.results ?? []).filter(({ state }) => state === 'accepted'));
  /** What the user chose; before that, what is new, or else everything. */
  which = $derived.by<Which>(() => this.#wanted ?? (this.fresh.length > 0 ? 'fresh' : 'accepted'));
  faults = $derived.by<FieldFaults>(() => faultsOf(this.fields));
  settings = $derived.by<ExportSettings | null>(() => settingsOf(this.fields));
  /** Undefined: everything accepted. Null: nothing that there is. */
  choice = $derived.by<PhotoChoice | undefined | null>(() => {
    switch (this.which) {
      case 'accepted':
        return undefined;
      case 'fresh':
        return choiceOf(this.fresh.map(({ photoId }) => photoId));
      case 'photos':
        return choiceOf(this.selected);
      case 'again':
        return choiceOf(this.again ?? []);
      case 'album':
        return this.album === null ? null : { album: this.album };
    }
  });
  /** What the files would be, as a question; null while a field is wrong. */
  question = $derived.by<Params<'export', 'preview'> | null>(() => {
    const { choice, settings, folder } = this;
    if (choice === null || settings === null || this.results === null) return null;
    return { ...(choice === undefined ? {} : { choice }), folder: folder?.grant ?? null, settings };
  });
  /** Null until everything is said and fits. */
  request = $derived.by<ExportRequest | null>(() => {
    const { choice, settings, folder, preview } = this;
    if (choice === null || settings === null || folder === null) return null;
    const isGood =
      preview.answer !== null && !preview.stale && preview.answer.failure === null && preview.answer.files.length > 0;
    return isGood ? { choice, settings, folder } : null;
  });

  constructor(client: Client, { which, album, selected, settings }: DraftStart) {
    this.#client = client;
    this.selected = selected;
    this.preview = new ExportPreview(client);
    this.fields = $state.raw(fieldsOf(settings));
    this.album = $state.raw(album);
    this.#wanted = which;
  }

  choose(which: Which): void {
    this.#wanted = which;
  }

  change(fields: Partial<ExportFields>): void {
    this.fields = { ...this.fields, ...fields };
  }

  /** Asks for what can be exported and where it went before. Rejects with the failure of the call. */
  async load(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const { review, host } = this.#client;
    const [accepted, exported, { targets }] = await Promise.all([
      review.list({ state: 'accepted' }),
      review.list({ state: 'exported' }),
      host.recent(),
    ]);
    if (turn !== this.#turn) return;
    this.results = [...accepted.results, ...exported.results];
    this.recent = targets;
    this.folder ??= targets[0] ?? null;
  }

  /** Of the photo behind a result, as far as it is known. */
  nameOf(resultId: number): string {
    return this.results?.find(({ id }) => id === resultId)?.name ?? '';
  }

  /** The photos of an export that is over are at hand for the next one. */
  remember(resultIds: ReadonlySet<number>): void {
    this.again = [...new Set((this.results ?? []).filter(({ id }) => resultIds.has(id)).map(({ photoId }) => photoId))];
    this.#wanted = 'again';
  }
}

function choiceOf(photoIds: readonly number[]): PhotoChoice | null {
  const ids = [...new Set(photoIds)];
  return ids.length === 0 ? null : { ids };
}
