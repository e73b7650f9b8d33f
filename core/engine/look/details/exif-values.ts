/** EXIF as numbers and texts, for what people want to read of it. */
import { asBuffer } from '../../metadata/as-buffer.ts';
import { fieldType } from '../../metadata/exif/exif-format.ts';
import { type ExifEntry, type IfdKind, layOutExif, u16, u32 } from '../../metadata/exif/exif-layout.ts';
import { decodeText } from '../../metadata/text.ts';

export class ExifValues {
  readonly #bytes: Buffer;
  readonly #littleEndian: boolean;
  readonly #entries = new Map<string, ExifEntry>();

  /** Throws `MalformedMetadata` when the block is no EXIF at all. */
  constructor(block: Uint8Array) {
    this.#bytes = asBuffer(block);
    const { ifds, littleEndian } = layOutExif(block);
    this.#littleEndian = littleEndian;
    for (const { kind, entries } of ifds) {
      for (const entry of entries) {
        const name = nameOf(kind, entry.tag);
        if (!this.#entries.has(name)) this.#entries.set(name, entry);
      }
    }
  }

  /** The text of a tag; of UNDEFINED bytes too, which some cameras write. Null when it is absent or blank. */
  text(kind: IfdKind, tag: number): string | null {
    const bytes = this.bytes(kind, tag);
    if (bytes === null) return null;
    const end = bytes.indexOf(0);
    const text = decodeText(end < 0 ? bytes : bytes.subarray(0, end)).trim();
    return text === '' ? null : text;
  }

  /** The bytes of a value that is no number. */
  bytes(kind: IfdKind, tag: number): Uint8Array | null {
    const entry = this.#entries.get(nameOf(kind, tag));
    const isBytes = entry?.type === fieldType.ascii || entry?.type === fieldType.byte || entry?.type === fieldType.undefined;
    return isBytes && entry.value !== null ? this.#bytes.subarray(entry.value.start, entry.value.end) : null;
  }

  /** The first number of a tag; null when it is absent, of another type, or a fraction over zero. */
  number(kind: IfdKind, tag: number): number | null {
    return this.numbers(kind, tag, 1)?.[0] ?? null;
  }

  /** The first `count` numbers of a tag; null when there are fewer, or one is none. */
  numbers(kind: IfdKind, tag: number, count: number): number[] | null {
    const entry = this.#entries.get(nameOf(kind, tag));
    if (entry === undefined || entry.value === null || entry.count < count) return null;
    const { start } = entry.value;
    const read = numberReaders[entry.type];
    if (read === undefined) return null;
    const values = Array.from({ length: count }, (_, index) =>
      read.at(this.#bytes, start + index * read.bytes, this.#littleEndian),
    );
    return values.every(Number.isFinite) ? values : null;
  }
}

function nameOf(kind: IfdKind, tag: number): string {
  return `${kind}:${String(tag)}`;
}

interface NumberReader {
  readonly bytes: number;
  readonly at: (block: Buffer, at: number, littleEndian: boolean) => number;
}

const i32 = (block: Buffer, at: number, little: boolean): number => u32(block, at, little) | 0;

/** By the types of TIFF 6.0. */
const numberReaders: Readonly<Record<number, NumberReader>> = {
  1: { bytes: 1, at: (block, at) => block.readUInt8(at) },
  3: { bytes: 2, at: u16 },
  4: { bytes: 4, at: u32 },
  5: { bytes: 8, at: (block, at, little) => u32(block, at, little) / u32(block, at + 4, little) },
  9: { bytes: 4, at: i32 },
  10: { bytes: 8, at: (block, at, little) => i32(block, at, little) / i32(block, at + 4, little) },
};
