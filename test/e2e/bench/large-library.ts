/** A library of 100,000 photos that are only rows; their thumbnails are those of the drawn album, so that what is scrolled by is decoded and painted. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { openCache } from '../../../core/cache/cache.ts';
import { sharp } from '../../../core/engine/sharp.ts';
import { openCatalog } from '../../../core/library/catalog.ts';
import { thumbnailSide } from '../../../core/library/import-batch.ts';
import { thumbnailFile } from '../../../core/photo/thumbnail.ts';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { fillCatalog } from '../../bench/library-rows.ts';
import { drawAlbum } from '../../fixtures/album/album.ts';

export const largeCount = 100_000;

/** Returns the folder of the library. */
export async function largeLibrary(place: BenchPlace): Promise<string> {
  const folder = join(place.directory, 'large-library');
  place.say(`a library of ${largeCount} photos`);
  const pictures = await drawAlbum(join(place.directory, 'thumbnails'), { longSide: thumbnailSide });
  const contents = pictures.map((_, index) => index.toString(16).padStart(64, '0'));
  const catalog = openCatalog({ path: join(folder, 'catalog.db') });
  fillCatalog(
    catalog,
    largeCount,
    (text) => place.say(text),
    (id) => contents[id % contents.length] ?? '',
  );
  catalog.close();

  const cache = await openCache({ directory: join(folder, 'cache'), limitBytes: null });
  for (const [index, picture] of pictures.entries()) {
    const draft = await cache.thumbnails.draft();
    await writeFile(draft, await thumbnailOf(picture));
    await cache.thumbnails.adopt(draft, contents[index] ?? '', 1);
  }
  await cache.close();
  return folder;
}

/** As the engine writes it. */
async function thumbnailOf(path: string): Promise<Buffer> {
  const picture = await sharp(await readFile(path))
    .autoOrient()
    .resize(thumbnailSide, thumbnailSide, { fit: 'inside' })
    .jpeg({ quality: 80 })
    .toBuffer();
  const head = Buffer.alloc(thumbnailFile.headerBytes);
  head.write(thumbnailFile.magic, 'latin1');
  head.writeUInt32BE(crc32(picture), thumbnailFile.magic.length);
  return Buffer.concat([head, picture]);
}
