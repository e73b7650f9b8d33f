/** What people and programs do to files, as scripts: each kind in a folder of its own, with what must have become of every photo. */
import { copyFileSync, mkdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Absolute path of a file of the case, in the first root or in the second. */
type In = (name: string) => string;

export interface IdentityCase {
  readonly kind: string;
  /** Its own, in each root. */
  readonly folder: string;
  /** Photos that are there in the beginning, in the first root. */
  readonly photos: readonly string[];
  /** Each is followed by a scan. */
  readonly steps: readonly (() => void)[];
  /** Where each photo is afterwards; null: nowhere, but not forgotten. */
  readonly ends: Readonly<Record<string, string | null>>;
}

type Script = (one: In, two: In) => Omit<IdentityCase, 'kind' | 'folder'>;

function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}

/** Another file number, and, unless it is kept, another time: what moving to another disk, or restoring from a backup, leaves. */
function copy(from: string, to: string, keepsTime: boolean): void {
  mkdirSync(dirname(to), { recursive: true });
  const { atime, mtime } = statSync(from);
  copyFileSync(from, to);
  if (keepsTime) utimesSync(to, atime, mtime);
}

function carry(from: string, to: string, keepsTime: boolean): void {
  copy(from, to, keepsTime);
  rmSync(from);
}

function swap(a: string, b: string, how: (from: string, to: string) => void): void {
  how(a, `${a}.swap`);
  how(b, a);
  how(`${a}.swap`, b);
}

const late = new Date('2031-02-03T04:05:06Z');

export const scripts: Readonly<Record<string, Script>> = {
  rename: (one) => ({
    photos: ['a.jpg'],
    steps: [() => move(one('a.jpg'), one('b.jpg'))],
    ends: { 'a.jpg': one('b.jpg') },
  }),
  'move to another folder': (one) => ({
    photos: ['a.jpg', 'b.jpg'],
    steps: [() => move(one('a.jpg'), one('deep/er/a.jpg'))],
    ends: { 'a.jpg': one('deep/er/a.jpg'), 'b.jpg': one('b.jpg') },
  }),
  'move to another root': (one, two) => ({
    photos: ['a.jpg'],
    steps: [() => move(one('a.jpg'), two('a.jpg'))],
    ends: { 'a.jpg': two('a.jpg') },
  }),
  'case-only rename': (one) => ({
    photos: ['Photo.jpg', 'other.jpg'],
    steps: [() => move(one('Photo.jpg'), one('photo.JPG'))],
    ends: { 'Photo.jpg': one('photo.JPG'), 'other.jpg': one('other.jpg') },
  }),
  'composed to decomposed': (one) => ({
    photos: ['Caf\u00e9.jpg'],
    steps: [() => move(one('Caf\u00e9.jpg'), one('Cafe\u0301.jpg'))],
    ends: { 'Caf\u00e9.jpg': one('Cafe\u0301.jpg') },
  }),
  swap: (one) => ({
    photos: ['a.jpg', 'b.jpg'],
    steps: [() => swap(one('a.jpg'), one('b.jpg'), move)],
    ends: { 'a.jpg': one('b.jpg'), 'b.jpg': one('a.jpg') },
  }),
  'swap by copies': (one) => ({
    photos: ['a.jpg', 'bb.jpg'],
    steps: [() => swap(one('a.jpg'), one('bb.jpg'), (from, to) => carry(from, to, false))],
    ends: { 'a.jpg': one('bb.jpg'), 'bb.jpg': one('a.jpg') },
  }),
  'swap of equal size and time': (one) => ({
    photos: ['a.jpg', 'b.jpg'],
    steps: [
      () => {
        for (const name of ['a.jpg', 'b.jpg']) utimesSync(one(name), late, late);
      },
      () => swap(one('a.jpg'), one('b.jpg'), move),
    ],
    ends: { 'a.jpg': one('b.jpg'), 'b.jpg': one('a.jpg') },
  }),
  rotation: (one) => ({
    photos: ['a.jpg', 'x/b.jpg', 'x/c.jpg'],
    steps: [
      () => {
        move(one('a.jpg'), one('hold.jpg'));
        move(one('x/b.jpg'), one('a.jpg'));
        move(one('x/c.jpg'), one('x/b.jpg'));
        move(one('hold.jpg'), one('x/c.jpg'));
      },
    ],
    ends: { 'a.jpg': one('x/c.jpg'), 'x/b.jpg': one('a.jpg'), 'x/c.jpg': one('x/b.jpg') },
  }),
  'chain of renames': (one) => ({
    photos: ['a.jpg', 'b.jpg'],
    steps: [
      () => {
        move(one('b.jpg'), one('c.jpg'));
        move(one('a.jpg'), one('b.jpg'));
      },
    ],
    ends: { 'a.jpg': one('b.jpg'), 'b.jpg': one('c.jpg') },
  }),
  'rename of a folder': (one) => ({
    photos: ['Trip/a.jpg', 'Trip/deep/b.jpg'],
    steps: [() => move(one('Trip'), one('trip'))],
    ends: { 'Trip/a.jpg': one('trip/a.jpg'), 'Trip/deep/b.jpg': one('trip/deep/b.jpg') },
  }),
  'move of a folder to another root': (one, two) => ({
    photos: ['in/a.jpg', 'in/deep/b.jpg'],
    steps: [() => move(one('in'), two('into/in'))],
    ends: { 'in/a.jpg': two('into/in/a.jpg'), 'in/deep/b.jpg': two('into/in/deep/b.jpg') },
  }),
  'undo from trash': (one, two) => ({
    photos: ['a.jpg', 'b.jpg'],
    steps: [() => move(one('a.jpg'), two('.trash/a.jpg')), () => move(two('.trash/a.jpg'), one('a.jpg'))],
    ends: { 'a.jpg': one('a.jpg'), 'b.jpg': one('b.jpg') },
  }),
  'restored by a copy': (one, two) => ({
    photos: ['a.jpg'],
    steps: [() => move(one('a.jpg'), two('.trash/a.jpg')), () => carry(two('.trash/a.jpg'), one('a.jpg'), false)],
    ends: { 'a.jpg': one('a.jpg') },
  }),
  'restored elsewhere': (one, two) => ({
    photos: ['in/a.jpg', 'in/b.jpg'],
    steps: [() => move(one('in'), two('.trash/in')), () => copyTree(two('.trash/in'), two('out'), ['a.jpg', 'b.jpg'])],
    ends: { 'in/a.jpg': two('out/a.jpg'), 'in/b.jpg': two('out/b.jpg') },
  }),
  'rename and another time': (one) => ({
    photos: ['a.jpg'],
    steps: [
      () => {
        move(one('a.jpg'), one('b.jpg'));
        utimesSync(one('b.jpg'), late, late);
      },
    ],
    ends: { 'a.jpg': one('b.jpg') },
  }),
  'carried to another disk': (one, two) => ({
    photos: ['a.jpg'],
    steps: [() => carry(one('a.jpg'), two('b.jpg'), true)],
    ends: { 'a.jpg': two('b.jpg') },
  }),
  'moved over another': (one) => ({
    photos: ['a.jpg', 'b.jpg'],
    steps: [() => move(one('a.jpg'), one('b.jpg'))],
    ends: { 'a.jpg': one('b.jpg'), 'b.jpg': null },
  }),
  'place taken, then restored under another name': (one, two) => ({
    photos: ['a.jpg', 'b.jpg'],
    steps: [
      () => move(one('a.jpg'), two('.trash/a.jpg')),
      () => move(one('b.jpg'), one('a.jpg')),
      () => carry(two('.trash/a.jpg'), one('b.jpg'), false),
    ],
    ends: { 'a.jpg': one('b.jpg'), 'b.jpg': one('a.jpg') },
  }),
  'name used again by a new photo, old one restored': (one, two) => ({
    photos: ['a.jpg'],
    steps: [
      () => move(one('a.jpg'), two('.trash/a.jpg')),
      () => writeFileSync(one('a.jpg'), `another photo at ${one('a.jpg')}`),
      () => move(two('.trash/a.jpg'), one('old.jpg')),
    ],
    ends: { 'a.jpg': one('old.jpg') },
  }),
  'moved away and back': (one, two) => ({
    photos: ['a.jpg'],
    steps: [() => move(one('a.jpg'), two('a.jpg')), () => move(two('a.jpg'), one('a.jpg'))],
    ends: { 'a.jpg': one('a.jpg') },
  }),
};

function copyTree(from: string, to: string, names: readonly string[]): void {
  for (const name of names) copy(`${from}/${name}`, `${to}/${name}`, false);
}

/** `count` cases in turns of `kinds`. */
export function identityCases(
  count: number,
  one: (path: string) => string,
  two: (path: string) => string,
  kinds = Object.entries(scripts),
): IdentityCase[] {
  return Array.from({ length: count }, (_, index) => {
    const [kind, script] = kinds[index % kinds.length]!;
    const folder = `case-${String(index)}`;
    return {
      kind,
      folder,
      ...script(
        (name) => one(`${folder}/${name}`),
        (name) => two(`${folder}/${name}`),
      ),
    };
  });
}
