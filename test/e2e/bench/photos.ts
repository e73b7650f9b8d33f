/** Large photos for benches: drawn small and blown up, so that they cost what large ones do and are made in seconds. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sharp } from '../../../core/engine/sharp.ts';
import type { BenchPlace } from '../../bench/bench-place.ts';
import { drawAlbum } from '../../fixtures/album/album.ts';

export interface PhotoSize {
  readonly width: number;
  readonly height: number;
}

/** Returns the path of a JPEG of this size. */
export async function largePhoto(place: BenchPlace, { width, height }: PhotoSize): Promise<string> {
  const [drawing = ''] = await drawAlbum(join(place.directory, 'drawing'), { count: 1, longSide: 1600 });
  const path = join(place.directory, `photo-${width}x${height}.jpg`);
  await enlarge(drawing, path, { width, height });
  return path;
}

/** Fills a folder with JPEGs of this size that all differ, though not by much; returns its path. */
export async function folderOfPhotos(place: BenchPlace, count: number, { width, height }: PhotoSize): Promise<string> {
  const folder = join(place.directory, `folder-of-${count}`);
  await mkdir(folder, { recursive: true });
  const drawings = await drawAlbum(join(place.directory, 'drawings'), { count: 8, longSide: 1600 });
  const originals = await Promise.all(
    drawings.map(async (drawing) => {
      const path = join(place.directory, `large-${basename(drawing)}`);
      await enlarge(drawing, path, { width, height });
      return path;
    }),
  );
  for (let index = 0; index < count; index += 1) {
    const path = join(folder, `IMG_${String(index).padStart(4, '0')}.jpg`);
    await copyFile(originals[index % originals.length] ?? '', path);
    await sayInside(path, `photo ${index}`);
  }
  return folder;
}

async function enlarge(from: string, to: string, { width, height }: PhotoSize): Promise<void> {
  await sharp(from, { limitInputPixels: false }).resize(width, height, { fit: 'fill' }).jpeg({ quality: 80 }).toFile(to);
}

/** Adds a comment to a JPEG, right behind its beginning: another content, the same picture. */
async function sayInside(path: string, text: string): Promise<void> {
  const content = await readFile(path);
  const comment = Buffer.from(text);
  const head = Buffer.from([0xff, 0xfe, 0, comment.length + 2]);
  await writeFile(path, Buffer.concat([content.subarray(0, 2), head, comment, content.subarray(2)]));
}
