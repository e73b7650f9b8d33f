import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeIcons, type IconFiles } from '../../../build/icons/icon-files.ts';
import { renderIcon } from '../../../build/icons/render-icon.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'enlarger-icons-'));
let files: IconFiles;
beforeAll(async () => {
  files = await writeIcons(path.join(folder, 'icons'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const size = async (png: Buffer): Promise<unknown> => {
  const { format, width, height, channels } = await sharp(png).metadata();
  return { format, width, height, channels };
};
const square = (side: number): unknown => ({ format: 'png', width: side, height: side, channels: 4 });

describe.each([16, 32, 256, 1024])('drawn with %d pixels', (side) => {
  test('it has that size, clear corners and a filled middle', async () => {
    const png = await renderIcon(side);
    expect(await size(png)).toEqual(square(side));
    const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    const alpha = (x: number, y: number): number | undefined => data[4 * (y * side + x) + 3];
    expect(alpha(0, 0)).toBe(0);
    expect(alpha(side - 1, side - 1)).toBe(0);
    expect(alpha(side / 2, side / 2)).toBe(255);
  });
});

test('the folder for Linux has a picture of each size, named by it', async () => {
  const names = readdirSync(files.linux);
  expect(names).toContain('512x512.png');
  for (const name of names) expect(await size(readFileSync(path.join(files.linux, name)))).toEqual(square(Number.parseInt(name)));
});

test('the file for Windows has a whole picture behind each entry', async () => {
  const ico = readFileSync(files.windows);
  expect([ico.readUInt16LE(0), ico.readUInt16LE(2)]).toEqual([0, 1]);
  const count = ico.readUInt16LE(4);
  expect(count).toBe(7);
  let end = 6 + 16 * count;
  for (let entry = 6; entry < 6 + 16 * count; entry += 16) {
    const side = ico.readUInt8(entry) === 0 ? 256 : ico.readUInt8(entry);
    const [bytes, offset] = [ico.readUInt32LE(entry + 8), ico.readUInt32LE(entry + 12)];
    expect(offset).toBe(end);
    expect(await size(ico.subarray(offset, offset + bytes))).toEqual(square(side));
    end = offset + bytes;
  }
  expect(end).toBe(ico.length);
});

test('the file for macOS has a whole picture in each block, up to 1024 pixels', async () => {
  const icns = readFileSync(files.mac);
  expect(icns.toString('latin1', 0, 4)).toBe('icns');
  expect(icns.readUInt32BE(4)).toBe(icns.length);
  const sides: number[] = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    const { width } = await sharp(icns.subarray(at + 8, at + icns.readUInt32BE(at + 4))).metadata();
    sides.push(width);
  }
  expect(sides).toEqual([32, 64, 128, 256, 256, 512, 512, 1024]);
});
