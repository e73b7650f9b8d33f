/** @file The program's icon, drawn in `enlarger.svg`, as pixels. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

const drawing = path.join(import.meta.dirname, 'enlarger.svg');
/** Side of the drawing in its own units. */
const DRAWING_SIDE = 1024;

// Where VIPS_BLOCK_UNTRUSTED is set, libvips takes no SVG. This one is ours.
sharp.unblock({ operation: ['VipsForeignLoadSvg'] });

/** A square PNG with `side` pixels, drawn at that size, with transparent corners. */
export async function renderIcon(side: number): Promise<Buffer> {
  // 72 dots an inch are one pixel for each unit; libvips draws at the density that is asked for.
  const density = (72 * side) / DRAWING_SIDE;
  return await sharp(readFileSync(drawing), { density }).resize(side, side).png({ compressionLevel: 9 }).toBuffer();
}
