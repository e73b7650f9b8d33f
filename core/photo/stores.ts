/**
 * What the queue and the export need of the library, as interfaces: the catalog implements them, nobody else knows of SQL. Every change is on the
 * disk when the call returns.
 */
import type { Failure } from './failure.ts';
import type { PhotoFacts } from './facts.ts';
import type { PhotoDetails } from './photo-details.ts';
import type { Recipe } from './recipe.ts';
import type { ResultEvent, ResultState } from './result.ts';

/** One photo as work needs it. */
export interface PhotoRecord {
  readonly id: number;
  /** Absolute, exactly as the disk spells it. */
  readonly path: string;
  readonly name: string;
  readonly folder: string;
  /** Null until it was looked at. */
  readonly facts: PhotoFacts | null;
  readonly details: PhotoDetails | null;
  /** Its drive is away, or the file is. */
  readonly offline: boolean;
  readonly failure: Failure | null;
  /** First album that holds it, for names. */
  readonly album: string | null;
}

export interface PhotoStore {
  get(id: number): PhotoRecord | null;
  /** What looking at the file brought. A row whose file changed meanwhile (other bytes or time) is left alone: false. */
  setLooked(
    id: number,
    stamp: FileStamp,
    looked:
      | {
          readonly ok: true;
          readonly facts: PhotoFacts;
          readonly details: PhotoDetails;
          readonly damaged: boolean;
          readonly thumbnailBytes: number | null;
        }
      | { readonly ok: false; readonly failure: Failure },
  ): boolean;
  /** The same for many, in one transaction: an import of 10,000 is not 10,000 syncs. */
  setLookedAll(
    entries: readonly {
      readonly id: number;
      readonly stamp: FileStamp;
      readonly looked: Parameters<PhotoStore['setLooked']>[2];
    }[],
  ): void;
}

/** By which a changed file is known without reading it. */
export interface FileStamp {
  readonly bytes: number;
  /** Nanoseconds since 1970. */
  readonly mtimeNs: bigint;
}

export interface ResultRecord {
  readonly id: number;
  readonly photoId: number;
  readonly recipe: Recipe;
  /** Key in the result cache. */
  readonly key: string;
  readonly sourceSha256: string;
  readonly modelId: string | null;
  readonly modelVersion: string | null;
  readonly modelSha256: string | null;
  readonly width: number;
  readonly height: number;
  readonly strength: number | null;
  readonly state: ResultState;
  readonly failure: Failure | null;
  readonly createdMs: number;
  readonly readyMs: number | null;
}

export interface NewResult {
  readonly photoId: number;
  readonly recipe: Recipe;
  readonly key: string;
  readonly sourceSha256: string;
  readonly modelId: string | null;
  readonly modelVersion: string | null;
  readonly modelSha256: string | null;
  readonly width: number;
  readonly height: number;
}

export interface ResultStore {
  get(id: number): ResultRecord | null;
  /** The photo's result of this key, made as `pending` when it has none. */
  put(result: NewResult): ResultRecord;
  /** Null when the event is not legal. `strength` is recorded with `rendered`. */
  apply(id: number, event: ResultEvent, rendered?: { readonly strength: number | null }): ResultRecord | null;
  /**
   * It was made by another file of its model than was meant, for another device. Returns the result to go on with: where the photo has one of this key
   * already and this one was still to be made, that one takes its place and its jobs. Null when there is no such result.
   */
  rekey(id: number, made: { readonly key: string; readonly modelSha256: string | null }): ResultRecord | null;
  setFailure(id: number, failure: Failure | null): void;
  list(filter: {
    readonly states?: readonly ResultState[];
    readonly photoIds?: readonly number[];
    readonly ids?: readonly number[];
    readonly limit?: number;
  }): ResultRecord[];
  /** Keys of results that were accepted and not exported: the cache must not drop them. */
  pinnedKeys(): ReadonlySet<string>;
  /** Keys of results that wait for a verdict: dropped only when nothing else is left. */
  unreviewedKeys(): ReadonlySet<string>;
}

/** `intent`: begun; `written`: the finished file is known by its hash and about to get its name; `done`: it has it. */
export type ExportState = 'intent' | 'written' | 'done';

export interface ExportRecord {
  readonly id: number;
  readonly resultId: number;
  /** Hash of result, folder and settings: at most one file for each. */
  readonly key: string;
  readonly state: ExportState;
  readonly folder: string;
  /** Name that was wanted, before numbers. */
  readonly name: string;
  /** Final path, once it is known. */
  readonly output: string | null;
  readonly outputSha256: string | null;
  readonly outputBytes: number | null;
  /** The settings as JSON. */
  readonly settings: string;
}

export interface ExportStore {
  byKey(key: string): ExportRecord | null;
  get(id: number): ExportRecord | null;
  /** Records the intent. One that is there for this key stays when it is done; otherwise it begins anew as it is asked for now. */
  begin(intent: {
    readonly resultId: number;
    readonly key: string;
    readonly folder: string;
    readonly name: string;
    readonly settings: string;
  }): ExportRecord;
  setWritten(id: number, outputSha256: string, outputBytes: number): void;
  /** The file has its name: the row, and the result's state `exported`, in one transaction. */
  setDone(id: number, output: string): void;
  /** The file of a done export is gone: begin anew. */
  reopen(id: number): void;
  /** The done export that this file belongs to. */
  byOutput(output: string): ExportRecord | null;
  /** Exports that a dead program did not finish. */
  unfinished(): ExportRecord[];
  /** Folders that the user chose and that files were written to, each once, the last one first. */
  recentFolders(limit: number): string[];
}
