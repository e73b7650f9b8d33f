/** A catalog of many photos that are only rows, as varied as a real library. */
import { randomNumbers } from '../../core/engine/sample/noise.ts';
import type { Catalog } from '../../core/library/catalog.ts';
import { noDetails, type PhotoDetails } from '../../core/photo/photo-details.ts';
import type { PhotoFacts } from '../../core/photo/facts.ts';
import { enhanceJob, newResult } from '../fixtures/catalog-rows.ts';
import { photoFacts } from '../fixtures/facts.ts';

const photosInFolder = 200;
const cameras = ['Canon EOS R5', 'NIKON Z 6_2', 'iPhone 15 Pro', 'DSC-RX100M7', 'Pixel 8'];
const places = ['Lisbon', 'Kyoto', 'Oslo', 'Marrakesh', 'Zürich', 'Reykjavík', 'Home', 'Garden'];

/** Names of the albums: one with every photo, one with every tenth, one with fifty. */
export const albumNames = { all: 'All of them', tenth: 'A tenth', few: 'Fifty' } as const;

/** Fills an empty catalog; about half a minute for 100,000 photos. `contentOf`: the hash of a photo's file; without it each has another. */
export function fillCatalog(
  catalog: Catalog,
  photos: number,
  say: (text: string) => void,
  contentOf: ((id: number) => string) | null = null,
): void {
  const random = randomNumbers(5);
  const below = (end: number): number => Math.floor(random() * end);
  const root = catalog.photos.addRoot({ path: '/home/anna/Pictures', scope: 'tree', watched: true, marker: 'disk' });
  const ids: number[] = [];
  while (ids.length < photos) {
    const folder = ids.length / photosInFolder;
    const place = places[folder % places.length] ?? '';
    catalog.transaction(() => {
      const path = `${root.path}/${2004 + (folder % 22)}/${String(folder % 12).padStart(2, '0')} ${place} ${folder}`;
      const files = Array.from({ length: photosInFolder }, (_, index) => ({
        name: index % 3 === 0 ? `IMG_${ids.length + index}.JPG` : `DSC${String(ids.length + index).padStart(6, '0')}.jpg`,
        stamp: { bytes: 1_000_000 + below(20_000_000), mtimeNs: BigInt(1_100_000_000 + below(600_000_000)) * 1_000_000_000n },
        inode: `66306:${ids.length + index}`,
      }));
      const added = catalog.photos.addFiles(catalog.photos.ensureFolder(root.id, path), files, 1_700_000_000_000 + folder);
      catalog.photos.setLookedAll(
        added.map((id, index) => ({
          id,
          stamp: files[index]?.stamp ?? { bytes: 0, mtimeNs: 0n },
          looked: {
            ok: true,
            facts: facts(below, id, contentOf),
            details: details(below, random, place),
            damaged: below(500) === 0,
            thumbnailBytes: 9000,
          },
        })),
      );
      ids.push(...added);
    });
    if (ids.length % 20_000 === 0) say(`${ids.length} rows`);
  }
  catalog.transaction(() => {
    catalog.photos.favour(
      ids.filter(() => below(25) === 0),
      true,
    );
    for (let rating = 1; rating <= 5; rating += 1) {
      const some = ids.filter(() => below(30) === 0);
      catalog.photos.rate(some, rating);
    }
    for (const [index, photoId] of ids.filter((id) => id % 20 === 0).entries()) judge(catalog, photoId, index);
    for (const [kind, every] of Object.entries({ all: 1, tenth: 10, few: Math.ceil(photos / 50) })) {
      const name = albumNames[kind as keyof typeof albumNames];
      catalog.albums.create(name);
      catalog.albums.add(
        name,
        ids.filter((id) => id % every === 0),
      );
    }
    catalog.jobs.add(ids.filter((id) => id % 100 === 1).map((id) => enhanceJob(id)));
  });
}

function facts(below: (end: number) => number, id: number, contentOf: ((id: number) => string) | null): PhotoFacts {
  const [width, height] = below(3) === 0 ? [3000 + below(20), 4000] : [6000, 4000 + below(20)];
  const sha256 = Array.from({ length: 8 }, () =>
    below(2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  return photoFacts({
    width,
    height,
    sha256: contentOf?.(id) ?? sha256,
    fileBytes: 1_000_000 + id,
    profileName: 'sRGB IEC61966-2.1',
  });
}

function details(below: (end: number) => number, random: () => number, place: string): PhotoDetails {
  const two = (value: number): string => String(value).padStart(2, '0');
  const takenAt = `${2004 + below(22)}-${two(1 + below(12))}-${two(1 + below(28))}T${two(below(24))}:${two(below(60))}:${two(below(60))}`;
  // Few words are common and many are rare, as in any language.
  const keywords = Array.from({ length: 4 }, () => `kw${Math.floor(random() ** 3 * 5000).toString(36)}`);
  return {
    ...noDetails,
    takenAt,
    takenZone: '+01:00',
    camera: cameras[below(cameras.length)] ?? null,
    lens: 'EF 24-70mm f/2.8',
    exposureSeconds: 1 / 250,
    fNumber: 2.8,
    iso: 100 * (1 + below(32)),
    focalLengthMm: 24 + below(46),
    latitude: random() * 90,
    longitude: random() * 180,
    rating: null,
    title: `${place} at noon`,
    keywords: [place, ...keywords],
  };
}

function judge(catalog: Catalog, photoId: number, index: number): void {
  const { id } = catalog.results.put(newResult(photoId));
  catalog.results.apply(id, 'rendered', { strength: 0.4 });
  if (index % 3 === 1) catalog.results.apply(id, 'accept');
  if (index % 3 === 2) catalog.results.apply(id, 'reject');
}
