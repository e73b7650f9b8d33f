/** One folder on the disk against its rows: what is new, changed, moved, back, gone. */
import { join } from 'node:path';
import { findMoved, sameStamp, waitingName, type MoveSearch } from './identity.ts';
import type { FileStamp } from '../photo/stores.ts';
import type { FileMove, FileRow, PhotoRows } from './photo-rows.ts';
import { isWanted, type Wanted } from './scan-candidates.ts';
import type { Listing, SeenFile } from './scan-listing.ts';
import type { ScanTally } from './scan-report.ts';

export interface Comparison {
  readonly rows: PhotoRows;
  readonly tally: ScanTally;
  readonly search: MoveSearch;
  readonly wanted: Wanted;
  /** Null while the folder has no row. */
  readonly folderId: number | null;
  /** The folder's number; makes its row when there is none. */
  readonly makeFolder: () => number;
}

/** What was found out about one folder and is not yet written down. */
interface Findings {
  readonly known: ReadonlyMap<string, FileRow>;
  /** Files that the user does not want here, by name. */
  readonly leftOut: ReadonlyMap<string, FileStamp>;
  readonly changed: { readonly row: FileRow; readonly file: SeenFile }[];
  /** The same content under another time or file number. */
  readonly touched: { readonly row: FileRow; readonly file: SeenFile }[];
  readonly back: number[];
  readonly moves: { readonly row: FileRow; readonly file: SeenFile }[];
  /** Photos whose place another file has taken. */
  readonly ousted: FileRow[];
  readonly added: SeenFile[];
  /** Photos that lie here, or are about to. */
  readonly here: Set<number>;
}

/** New files that are not recorded yet. */
export interface Leftover {
  readonly folderId: number;
  readonly files: readonly SeenFile[];
}

/** So many new files are recorded in one transaction: about 30 ms of whoever else wants this thread. */
const addedAtOnce = 150;

/**
 * Makes the rows right, but for new files beyond the first few, which it returns; to be called inside a transaction. What is known, has moved or is
 * gone is decided about the whole folder at once; new files are new, whenever they are recorded.
 */
export function compareFolder(listing: Listing, given: Comparison): Leftover | null {
  const comparison = { ...given, search: knowingInodes(listing, given.search) };
  const { rows, folderId } = comparison;
  const findings: Findings = {
    known: folderId === null ? new Map<string, FileRow>() : rows.filesIn(folderId),
    leftOut: folderId === null ? new Map<string, FileStamp>() : rows.leftOutOf(folderId),
    changed: [],
    touched: [],
    back: [],
    moves: [],
    ousted: [],
    added: [],
    here: new Set(),
  };
  const others: SeenFile[] = [];
  for (const file of listing.files.values()) if (!isKnown(file, listing, findings, comparison)) others.push(file);
  // All moves first: a place is only judged when it is known that its photo did not go elsewhere.
  const arrivals = others.filter((file) => !hasMovedHere(file, listing, findings, comparison));
  for (const file of arrivals) judgeOther(file, listing, findings, comparison);
  return write(listing, findings, comparison);
}

/** Records some of what is left, in a transaction of its own, and returns the rest. */
export function addLeftover({ folderId, files }: Leftover, { rows, tally }: Pick<Comparison, 'rows' | 'tally'>): Leftover | null {
  const added = rows.addFiles(folderId, files.slice(0, addedAtOnce), Date.now()).length;
  tally.added += added;
  tally.files += added;
  return files.length > addedAtOnce ? { folderId, files: files.slice(addedAtOnce) } : null;
}

/** A folder of new files would ask for ten thousand file numbers one by one, to hear that none is known. */
function knowingInodes({ files }: Listing, search: MoveSearch): MoveSearch {
  const known = search.rows.knownInodes([...files.values()].map(({ inode }) => inode));
  return { ...search, rows: { ...search.rows, byInode: (inode) => (known.has(inode) ? search.rows.byInode(inode) : []) } };
}

/** True when the row under the file's name is the file's. */
function isKnown(file: SeenFile, listing: Listing, findings: Findings, { search, tally }: Comparison): boolean {
  const row = findings.known.get(file.name);
  if (row === undefined || !sameStamp(row.stamp, file.stamp)) return false;
  findings.here.add(row.id);
  if (row.missing) findings.back.push(row.id);
  if (row.inode === file.inode) {
    if (!row.missing) tally.unchanged += 1;
  } else if (findMoved(file, listing, search, new Set([row.id])) === null) {
    // Restored from a backup, or a disk that numbers its files anew each time.
    findings.touched.push({ row, file });
    if (!row.missing) tally.unchanged += 1;
  } else {
    // The name and the file number each tell of another photo. Which of the two it is, only its content can say.
    findings.changed.push({ row, file });
  }
  return true;
}

function hasMovedHere(
  file: SeenFile,
  listing: Listing,
  { moves, known, ousted, here }: Findings,
  { search }: Comparison,
): boolean {
  const row = findMoved(file, listing, search, here);
  if (row === null) return false;
  moves.push({ row, file });
  here.add(row.id);
  const former = known.get(file.name);
  if (former !== undefined) ousted.push(former);
  return true;
}

function judgeOther(file: SeenFile, listing: Listing, findings: Findings, { wanted }: Comparison): void {
  const row = findings.known.get(file.name);
  const leftOut = findings.leftOut.get(file.name);
  const isUnwanted = leftOut !== undefined && sameStamp(leftOut, file.stamp);
  const isAway = row !== undefined && findings.here.has(row.id);
  // A photo that was lost and one that now has its name need not be the same. If they are, the content tells, and joins them.
  const isLost = row?.missing === true && row.sha256 !== null;
  if (row !== undefined && !isAway && !isLost) {
    findings.changed.push({ row, file });
    findings.here.add(row.id);
    if (row.missing) findings.back.push(row.id);
  } else if (isLost || (!isUnwanted && isWanted(join(listing.folder, file.name), file.name, wanted))) {
    findings.added.push(file);
    if (isLost) findings.ousted.push(row);
  }
}

function write(listing: Listing, findings: Findings, comparison: Comparison): Leftover | null {
  const { rows, tally } = comparison;
  const { known, changed, touched, back, moves, here } = findings;
  const inOrder = findings.added.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const added = inOrder.slice(0, addedAtOnce);
  const ousted = findings.ousted.filter((row) => !here.has(row.id));
  const folderId = moves.length + added.length > 0 ? comparison.makeFolder() : null;
  if (folderId !== null) {
    moveAll(folderId, moves, ousted, rows);
    for (const id of rows.addFiles(folderId, added, Date.now())) here.add(id);
  }
  for (const { row, file } of changed) rows.setStamp(row.id, file.stamp, file.inode);
  for (const { row, file } of touched) rows.touch(row.id, file.stamp, file.inode);
  if (back.length > 0) rows.setMissing(back, false);
  const left = [...known.values()].filter(
    ({ id, name }) => !here.has(id) && !listing.files.has(name) && !listing.unsure.has(name),
  );
  const gone = left.filter((row) => !row.missing).map((row) => row.id);
  if (gone.length > 0) rows.setMissing(gone, true);

  tally.added += added.length;
  tally.changed += changed.length;
  tally.returned += back.length;
  tally.files += here.size;
  for (const { row } of moves) {
    // Found again within the same scan, or lost in an earlier one: either way it is no longer.
    if (row.missing && !tally.lost.delete(row.id)) tally.returned += 1;
    else tally.moved += 1;
  }
  for (const id of back) tally.lost.delete(id);
  for (const row of ousted) if (!row.missing) tally.lost.add(row.id);
  for (const id of gone) tally.lost.add(id);
  return folderId !== null && inOrder.length > addedAtOnce ? { folderId, files: inOrder.slice(addedAtOnce) } : null;
}

function moveAll(folderId: number, moves: Findings['moves'], ousted: readonly FileRow[], rows: PhotoRows): void {
  if (moves.length + ousted.length === 0) return;
  const away: FileMove[] = ousted.map((row) => ({ id: row.id, folderId, name: waitingName(row) }));
  const here: FileMove[] = moves.map(({ row, file }) => ({
    id: row.id,
    folderId,
    name: file.name,
    stamp: file.stamp,
    inode: file.inode,
  }));
  rows.moveFiles([...away, ...here], new Set(ousted.map(({ id }) => id)));
}
