/** Section `quality`: PSNR through the command itself, beside bicubic and Lanczos. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { sharedData } from '../fixtures/shared-data.ts';
import type { BenchPlace } from './bench-place.ts';
import { runEnhance } from './command.ts';
import { lanczos } from './lanczos.ts';
import { bicubic, compare, measureSet, pictures, protocol, shrunk } from './super-resolution-sets.ts';
import type { Row, Section } from './table.ts';

const scale = 2;

export async function qualitySection(place: BenchPlace): Promise<Section> {
  const title = `Quality: PSNR at ×${String(scale)} through the command, beside bicubic and Lanczos`;
  const rows: Row[] = [];
  const missing: string[] = [];
  for (const name of ['Set5', 'Set14', 'BSD100']) {
    const directory = sharedData(`eval/${name}`);
    if (directory === null) {
      missing.push(name);
      continue;
    }
    place.say(`PSNR of ${name} through the command`);
    const { psnrDb, count } = await throughCommand(place, name, directory);
    const simple = await measureSet(directory, scale, { bicubic: bicubic(scale), lanczos: lanczos(scale) });
    rows.push({
      figure: `${name} (${String(count)} pictures)`,
      measured: `**${psnrDb.toFixed(2)} dB**, bicubic ${simple['bicubic']!.psnrDb.toFixed(2)}, Lanczos ${simple['lanczos']!.psnrDb.toFixed(2)}`,
      target: '',
    });
  }
  const notes = rows.length > 0 ? [`${protocol}; PNG in, PNG out.`] : [];
  if (missing.length > 0) notes.push(`Not measured, because its pictures are not there: ${missing.join(', ')}.`);
  return { title, rows, notes };
}

/** Shrinks every picture of a set into a folder, enlarges the folder with one command, and compares. */
async function throughCommand(place: BenchPlace, name: string, directory: string): Promise<{ psnrDb: number; count: number }> {
  const small = join(place.directory, `${name}-small`);
  const out = join(place.directory, `${name}-large`);
  await mkdir(small);
  let count = 0;
  for await (const original of pictures(directory, scale)) {
    const { rgb, width, height } = shrunk(original, scale);
    await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png()
      .toFile(join(small, original.name));
    count += 1;
  }
  const run = await runEnhance(['--scale', String(scale), '--format', 'png', '--out', out, small], place);
  const written = run.lines.flatMap(({ line }) => (line.type === 'done' ? [line.output] : []));
  if (written.length !== count)
    throw new Error(`${String(written.length)} of ${String(count)} pictures of ${name} were enlarged`);
  let sumDb = 0;
  for await (const original of pictures(directory, scale)) {
    const { data } = await sharp(join(out, original.name))
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    sumDb += compare(data, original, scale).psnrDb;
  }
  return { psnrDb: sumDb / count, count };
}
