/** Another density for a picture: where EXIF says one, it must say the same as the container. */
import { layOutExif } from './exif-layout.ts';
import { buildExif, densityFields, type ExifField, parseExifTree, toLittleEndian } from './exif-tree.ts';

/**
 * A copy of the block that says `dotsPerInch` on both axes. Nothing is moved where the tags are there as EXIF demands them; else the block is
 * built anew with them. Throws `MalformedMetadata`.
 */
export function setExifDensity(block: Uint8Array, dotsPerInch: number): Uint8Array {
  const fields = densityFields({ x: dotsPerInch, y: dotsPerInch });
  const bytes = Buffer.from(block);
  const { ifds, littleEndian } = layOutExif(bytes);
  for (const field of fields) {
    const entry = ifds[0]?.entries.find((candidate) => candidate.tag === field.tag);
    if (entry === undefined || entry.value === null || entry.type !== field.type || entry.count !== field.count)
      return rebuilt(block, fields);
    bytes.set(toLittleEndian(field.data, field.type, littleEndian), entry.value.start);
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function rebuilt(block: Uint8Array, fields: readonly ExifField[]): Uint8Array {
  const { littleEndian, ...tree } = parseExifTree(block);
  const others = tree.ifd0.filter(({ tag: id }) => !fields.some((field) => field.tag === id));
  return buildExif({ ...tree, ifd0: [...others, ...fields] }, littleEndian);
}
