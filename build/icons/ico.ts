/** @file The icon format of Windows: https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10), with pictures as PNG. */

const HEADER_BYTES = 6;
const ENTRY_BYTES = 16;

export interface IconPicture {
  /** Pixels, at most 256. */
  readonly side: number;
  readonly png: Buffer;
}

/** An `.ico` file of square pictures, which stay as they are. */
export function icoOf(pictures: readonly IconPicture[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + ENTRY_BYTES * pictures.length);
  header.writeUInt16LE(1, 2); // An icon, not a cursor.
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  pictures.forEach(({ side, png }, index) => {
    const entry = HEADER_BYTES + ENTRY_BYTES * index;
    // One byte each: 256 is written as 0.
    header.writeUInt8(side % 256, entry);
    header.writeUInt8(side % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(png.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...pictures.map(({ png }) => png)]);
}
