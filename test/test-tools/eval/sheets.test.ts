import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decoded } from '../../eval/damage.ts';
import { cameraCrops, contactCrops, rivalCrops } from '../../eval/sheets/crops.ts';
import { bicubicPart, cut, fitted, repeated, times } from '../../eval/sheets/cut.ts';
import { cellPlace, sheetSize, writeSheet, type Sheet } from '../../eval/sheets/layout.ts';
import { bicubic } from '../../eval/super-resolution-sets.ts';
import { drawn } from '../../eval/test-charts.ts';
import { sharedData } from '../../fixtures/shared-data.ts';

const picture = drawn(40, 30, (x, y) => [(x * 37) % 256, (y * 53) % 256, (x * y) % 256]);

describe('parts of a picture', () => {
  test('lie within it, wherever they were asked for', () => {
    const extent = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(extent, extent, fc.nat(400), fc.nat(400), (width, height, left, top) => {
        const part = fitted({ left, top, width: 120, height: 90 }, { width, height });
        expect(part.left).toBeGreaterThanOrEqual(0);
        expect(part.left + part.width).toBeLessThanOrEqual(width);
        expect(part.top + part.height).toBeLessThanOrEqual(height);
        expect([part.width, part.height]).toEqual([Math.min(120, width), Math.min(90, height)]);
      }),
    );
  });

  test('are the same pixels before and after repeating', () => {
    const part = { left: 7, top: 5, width: 11, height: 9 };
    expect(repeated(cut(picture, part), 4)).toEqual(cut(repeated(picture, 4), times(part, 4)));
  });

  test.each([2, 4])('enlarged by themselves (×%i) are what they are in the whole picture', async (scale) => {
    const large = { rgb: await bicubic(scale)(picture), width: picture.width * scale, height: picture.height * scale };
    for (const part of [
      { left: 10, top: 8, width: 12, height: 9 },
      { left: 0, top: 0, width: 12, height: 9 },
      { left: 28, top: 21, width: 12, height: 9 },
    ])
      expect(bicubicPart(picture, part, scale)).toEqual(cut(large, times(part, scale)));
  });
});

describe('a sheet', () => {
  const cell = { width: 40, height: 30 };
  const sheet = (rows: number, columns: number, blocks: number): Sheet => ({
    title: 'Sheet <of> & tests',
    columns: Array.from({ length: columns }, (_, column) => `column ${column}`),
    rows: Array.from({ length: rows }, (_, row) => ({
      label: `row ${row}`,
      cells: Array.from({ length: columns }, () => ({ picture, note: 'strength 0.25' })),
    })),
    cell,
    blocks,
  });

  test('keeps its cells apart and inside, in any number of blocks', () => {
    const count = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(count, count, count, (rows, columns, blocks) => {
        const one = sheet(rows, columns, blocks);
        const size = sheetSize(one);
        const places = one.rows.flatMap((_, row) => one.columns.map((__, column) => cellPlace(one, row, column)));
        for (const [index, a] of places.entries()) {
          expect(a.left + cell.width).toBeLessThanOrEqual(size.width);
          expect(a.top + cell.height).toBeLessThanOrEqual(size.height);
          for (const b of places.slice(0, index))
            expect(Math.abs(a.left - b.left) >= cell.width || Math.abs(a.top - b.top) >= cell.height).toBe(true);
        }
      }),
    );
  });

  test('shows every picture unchanged in its place, and refuses a row that lacks one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'enlarger-sheet-test-'));
    try {
      const [one, path] = [sheet(3, 2, 2), join(folder, 'sheet.png')];
      await writeSheet(one, path);
      const written = await decoded(await readFile(path));
      expect({ width: written.width, height: written.height }).toEqual(sheetSize(one));
      for (let row = 0; row < 3; row += 1)
        for (let column = 0; column < 2; column += 1)
          expect(cut(written, { ...cellPlace(one, row, column), ...cell })).toEqual(picture);
      const lacking = { ...one, rows: [...one.rows, { label: 'short', cells: [] }] };
      await expect(writeSheet(lacking, path)).rejects.toThrow(RangeError);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const there = sharedData('eval') !== null;
  if (!there) console.log('sheets: no shared data, 0 photos covered');
  test.skipIf(!there)('has twelve crops and twenty cameras whose photos exist', () => {
    expect([contactCrops.length, cameraCrops.length, rivalCrops.length]).toEqual([12, 20, 4]);
    expect(new Set(cameraCrops.map(({ file }) => file)).size).toBe(20);
    for (const { file } of [...contactCrops, ...cameraCrops, ...rivalCrops]) expect(sharedData(file), file).not.toBeNull();
    console.log('sheets: 36 photos covered');
  });
});
