/** @file The icon format of macOS: blocks of a type of four letters, a length and a PNG. */

/** Types that hold a PNG, with their side in pixels; those for screens of double density among them. */
const TYPES: readonly (readonly [type: string, side: number])[] = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024],
];
const BLOCK_HEADER_BYTES = 8;

/** An `.icns` file; `render` draws a PNG with that many pixels on a side. */
export async function icnsOf(render: (side: number) => Promise<Buffer>): Promise<Buffer> {
  const blocks = await Promise.all(TYPES.map(async ([type, side]) => block(type, await render(side))));
  return block('icns', Buffer.concat(blocks));
}

function block(type: string, content: Buffer): Buffer {
  const header = Buffer.alloc(BLOCK_HEADER_BYTES);
  header.write(type, 'latin1');
  header.writeUInt32BE(BLOCK_HEADER_BYTES + content.length, 4);
  return Buffer.concat([header, content]);
}
