/** Puts pictures of a grid with labels onto one sheet. */
import { sharp } from '../../../core/engine/sharp.ts';
import type { Picture } from '../super-resolution-sets.ts';

export interface SheetRow {
  readonly label: string;
  /** One for each column; all at most as large as the sheet's cell. */
  readonly cells: readonly { readonly picture: Picture; readonly note: string }[];
}

export interface Sheet {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly SheetRow[];
  /** Pixels of a cell. */
  readonly cell: { readonly width: number; readonly height: number };
  /** Rows go on beside each other in so many blocks, so that a sheet fits a screen. */
  readonly blocks: number;
}

const gap = 8;
const line = 24;
const ink = '#202020';

/** Where the picture of a row and column begins. */
export function cellPlace(
  { cell, columns, rows, blocks }: Pick<Sheet, 'cell' | 'columns' | 'rows' | 'blocks'>,
  row: number,
  column: number,
): { left: number; top: number } {
  const perBlock = Math.max(1, Math.ceil(rows.length / blocks));
  const across = Math.floor(row / perBlock) * (columns.length * (cell.width + gap) + gap) + column * (cell.width + gap);
  return { left: gap + across, top: gap + 2 * line + (row % perBlock) * (cell.height + line + gap) + line };
}

/** Size of the whole sheet. */
export function sheetSize(sheet: Pick<Sheet, 'cell' | 'columns' | 'rows' | 'blocks'>): { width: number; height: number } {
  const places = sheet.rows.map((_, row) => cellPlace(sheet, row, sheet.columns.length - 1));
  return {
    width: Math.max(...places.map(({ left }) => left)) + sheet.cell.width + gap,
    height: Math.max(...places.map(({ top }) => top)) + sheet.cell.height + gap,
  };
}

/** Writes the sheet as a PNG. Throws RangeError when a row has not one cell for each column. */
export async function writeSheet(sheet: Sheet, path: string): Promise<void> {
  const { cell, columns, rows } = sheet;
  const size = sheetSize(sheet);
  const layers: { input: Buffer; raw?: { width: number; height: number; channels: 3 }; left: number; top: number }[] = [];
  const write = async (text: string, left: number, top: number, width: number): Promise<void> => {
    if (text !== '') layers.push({ input: await label(text, width), left, top });
  };
  await write(sheet.title, gap, gap, size.width - 2 * gap);
  const heads = new Map(rows.flatMap((_, row) => columns.map((name, column) => [cellPlace(sheet, row, column).left, name])));
  for (const [left, name] of heads) await write(name, left, gap + line, cell.width);
  for (const [row, { label: name, cells }] of rows.entries()) {
    if (cells.length !== columns.length) throw new RangeError(`Row "${name}" has ${cells.length} cells, not ${columns.length}`);
    for (const [column, { picture, note }] of cells.entries()) {
      const { left, top } = cellPlace(sheet, row, column);
      await write(column === 0 ? name : note, left, top - line + 2, cell.width);
      const { width, height } = picture;
      layers.push({ input: Buffer.from(picture.rgb), raw: { width, height, channels: 3 }, left, top });
    }
  }
  await sharp({ create: { ...size, channels: 3, background: 'white' } })
    .composite(layers)
    .png()
    .toFile(path);
}

/** One line of text on transparent ground, at most `width` pixels wide. */
async function label(text: string, width: number): Promise<Buffer> {
  const escaped = text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? '');
  const picture = await sharp({
    text: { text: `<span foreground="${ink}">${escaped}</span>`, font: 'sans 11', dpi: 96, rgba: true },
  })
    .png()
    .toBuffer({ resolveWithObject: true });
  if (picture.info.width <= width) return picture.data;
  return await sharp(picture.data).extract({ left: 0, top: 0, width, height: picture.info.height }).png().toBuffer();
}
