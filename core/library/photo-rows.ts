/**
 * Roots, folders and files as rows: what a scan of the disk reads and writes. No call touches a file. Each is one transaction, on the disk when it
 * returns; inside `catalog.transaction` they become one together.
 */
import type { FileStamp, PhotoStore } from '../photo/stores.ts';
import type { RootView } from '../photo/library-view.ts';
import type { Connection } from './connection.ts';
import { fileRows } from './file-rows.ts';
import { leftOutRows } from './left-out-rows.ts';
import { lookedRows } from './looked-rows.ts';
import { rootRows } from './root-rows.ts';

export type RootScope = RootView['scope'];

export interface RootRow {
  readonly id: number;
  /** Absolute, exactly as the disk spells it. */
  readonly path: string;
  readonly scope: RootScope;
  readonly watched: boolean;
  /** By which the scan knows that the very same disk is there; opaque here. */
  readonly marker: string | null;
  readonly offline: boolean;
  /** End of the last whole scan; null before the first. */
  readonly scannedMs: number | null;
}

export interface FolderRow {
  readonly id: number;
  readonly path: string;
}

/** What a scan compares with the disk. */
export interface FileRow {
  readonly id: number;
  readonly folderId: number;
  readonly name: string;
  readonly stamp: FileStamp;
  /** Device and file number as the scan spells them; opaque here. */
  readonly inode: string | null;
  /** Of the content that was seen last; null until the file was looked at. */
  readonly sha256: string | null;
  /** False: the content may be another than `sha256` says, and has to be looked at. */
  readonly looked: boolean;
  readonly missing: boolean;
}

export interface NewFile {
  readonly name: string;
  readonly stamp: FileStamp;
  readonly inode: string | null;
}

/** A photo's new place; what is left out stays as it is. */
export interface FileMove {
  readonly id: number;
  readonly folderId: number;
  readonly name: string;
  readonly stamp?: FileStamp;
  readonly inode?: string | null;
}

export interface LookedEntry {
  readonly id: number;
  readonly stamp: FileStamp;
  readonly looked: Parameters<PhotoStore['setLooked']>[2];
}

export interface PhotoRows {
  roots(): RootRow[];
  /** Adds a root, or returns the one that has this path. */
  addRoot(root: Pick<RootRow, 'path' | 'scope' | 'watched' | 'marker'>): RootRow;
  setRoot(id: number, changes: Partial<Pick<RootRow, 'scope' | 'watched' | 'marker' | 'scannedMs'>>): void;
  /** Its photos are offline, or there again, with it. */
  setRootOffline(id: number, offline: boolean): void;
  /** Forgets a root with its folders and photos. */
  removeRoot(id: number): void;

  /** The folder's number; made when there is none. A folder keeps the root that it was made with. */
  ensureFolder(rootId: number, path: string): number;
  foldersOf(rootId: number): FolderRow[];
  /** Forgets a folder that holds no photo; one that does stays. */
  removeEmptyFolder(id: number): void;

  /** By name. */
  filesIn(folderId: number): Map<string, FileRow>;
  /** Numbers of the photos that lie there, in the order of their names. */
  presentIn(folderId: number): number[];
  file(id: number): FileRow | null;
  bySha256(sha256: string): FileRow[];
  byInode(inode: string): FileRow[];
  /** Which of these file numbers belong to photos. */
  knownInodes(inodes: readonly string[]): Set<string>;
  /** Adds files that have no row yet; returns their numbers in order. */
  addFiles(folderId: number, files: readonly NewFile[], addedMs: number): number[];
  /**
   * Gives photos other places, all at once, so that swaps work. They are not missing afterwards, except those in `missingIds`, which only make
   * room. Throws when a row that is not among them has one of the names.
   */
  moveFiles(moves: readonly FileMove[], missingIds?: ReadonlySet<number>): void;
  /**
   * The file's content may be another: it has to be looked at again. `sha256` keeps telling the old content until then, by which that is found
   * where it went.
   */
  setStamp(id: number, stamp: FileStamp, inode: string | null): void;
  /** The same content under another time or file number: nothing has to be looked at again. */
  touch(id: number, stamp: FileStamp, inode: string | null): void;
  setMissing(ids: readonly number[], missing: boolean): void;
  /** Photos that have to be looked at and can be reached, by number, after `afterId`. */
  toLookAt(limit: number, afterId?: number): { readonly id: number; readonly path: string; readonly stamp: FileStamp }[];
  /** How many those are. */
  countToLookAt(): number;
  /** Which of these are among them, in the order given. */
  unlooked(ids: readonly number[]): number[];
  /** True when nobody changed the row since its file had this stamp, and what was seen is recorded. */
  setLooked(id: number, stamp: FileStamp, looked: LookedEntry['looked']): boolean;
  setLookedAll(entries: readonly LookedEntry[]): void;
  /** True when nothing would be lost with a photo: the user said nothing of it, it is in no album, and nothing was made of it. */
  isUntouched(id: number): boolean;
  /** Forgets photos with their results, jobs and places in albums. Returns how many there were. Never touches a file. */
  remove(ids: readonly number[]): number;

  /** The same, and their files stay out from now on, though a scan finds them. */
  leaveOut(ids: readonly number[]): number;
  /** Files of a folder that are to stay out, by name. One with another stamp is another file. */
  leftOutOf(folderId: number): Map<string, FileStamp>;
  /** Files of a folder that need not stay out any more; null: all. */
  takeBack(folderId: number, names: ReadonlySet<string> | null): void;
}

export function photoRows(connection: Connection): PhotoRows {
  const files = fileRows(connection);
  return { ...rootRows(connection), ...files, ...lookedRows(connection), ...leftOutRows(connection, files.remove) };
}
