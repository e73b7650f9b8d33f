import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scanPlace, type ScanPlace } from './scan-place.ts';

let place: ScanPlace;
beforeEach(() => {
  place = scanPlace();
});
afterEach(() => {
  place.remove();
});

const longestBytes = 255;

/** Cut to bytes of UTF-8, filled with `letter`. */
function longName(letter: string): string {
  const bytes = Buffer.byteLength(letter);
  return `${letter.repeat(Math.floor((longestBytes - 4) / bytes))}.jpg`;
}

/** Sixty names that some program somewhere has tripped over. Linux takes them all. */
const names = [
  ...['café.jpg', 'cafe\u0301.jpg', 'Å.jpg', 'A\u030a.jpg', '\u212b.jpg', 'ﬁ.jpg', 'fi.jpg', 'ſ.jpg', 's.jpg', 'S.jpg'],
  ...['ß.jpg', 'ẞ.jpg', 'ss.jpg', 'ı.jpg', 'İ.jpg', 'i.jpg', 'I.jpg', 'ς.jpg', 'σ.jpg', 'Σ.jpg'],
  ...[
    '👩‍👩‍👧‍👦.jpg',
    '🏳️‍🌈.jpg',
    '写真.jpg',
    'صورة.jpg',
    'תמונה.jpg',
    'ภาพ.jpg',
    '한글.jpg',
    '\u1112\u1161\u11ab.jpg',
    'Фото.jpg',
    'पेड़.jpg',
  ],
  ...[
    'a\nb.jpg',
    'a\tb.jpg',
    'a\rb.jpg',
    '\u0001.jpg',
    'a\u007f.jpg',
    '\u200b.jpg',
    '\u202egpj.exe.jpg',
    '\ufeff.jpg',
    'a\u00a0b.jpg',
    '\u2028.jpg',
  ],
  ...[
    ' leading.jpg',
    'trailing.jpg ',
    'dot.jpg.',
    'two..jpg',
    'CON.jpg',
    'nul.jpg',
    'COM1.jpg',
    'a:b.jpg',
    'a\\b.jpg',
    'a*?"<>|.jpg',
  ],
  ...[
    "it's.jpg",
    '"q".jpg',
    '%2e%2e.jpg',
    '$(x).jpg',
    '-rf.jpg',
    '~.jpg',
    '#1.jpg',
    longName('n'),
    longName('ñ'),
    longName('漢'),
  ],
];

describe.runIf(process.platform === 'linux')('sixty strange names', () => {
  it('are sixty different ones', () => {
    expect(new Set(names).size).toBe(60);
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(longestBytes);
  });

  it('are stored byte for byte, each as a photo of its own, and stay so', async () => {
    for (const name of names) place.space.put(`in/${name}`, `photo ${name}`);
    // Trailing dots and spaces hide the extension, so that the user's word is needed.
    const paths = [place.space.path('in'), ...names.map((name) => place.space.path(`in/${name}`))];
    const report = await place.scanner.add(paths, { recursive: true, watch: false });
    expect(report).toMatchObject({ added: 60, failed: [], skipped: [] });
    await place.lookAtAll();
    const [folder] = place.catalog.photos.foldersOf(place.catalog.photos.roots()[0]!.id);
    const rows = [...place.catalog.photos.filesIn(folder!.id).values()];
    const spelt = (list: readonly string[]): string[] => list.map((name) => Buffer.from(name).toString('hex')).sort();
    expect(spelt(rows.map(({ name }) => name))).toEqual(spelt(readdirSync(place.space.path('in'))));
    expect(rows.filter(({ looked, sha256 }) => looked && sha256 !== null)).toHaveLength(60);
    for (const { id, name } of rows) expect(readFileSync(place.catalog.photos.get(id)!.path, 'utf8')).toBe(`photo ${name}`);
    expect(await place.scanner.scan()).toMatchObject({ files: 60, unchanged: 60, added: 0, missing: 0 });
  });

  it('are as good for folders', async () => {
    const folders = names.filter((name) => Buffer.byteLength(name) < 200);
    for (const name of folders) place.space.put(`in/${name}/a.jpg`, `photo in ${name}`);
    expect(await place.add('in')).toMatchObject({ added: folders.length, skipped: [] });
    expect(await place.scanner.scan()).toMatchObject({ unchanged: folders.length, added: 0, missing: 0 });
    for (const name of folders) expect(place.idOf(`in/${name}/a.jpg`)).toBeGreaterThan(0);
  });
});
