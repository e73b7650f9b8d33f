import type { ByteSource } from './byte-source.ts';

/** Reads big-endian numbers of changing width one after the other. */
export class Cursor {
  readonly source: ByteSource;
  at: number;

  constructor(source: ByteSource, at: number) {
    this.source = source;
    this.at = at;
  }

  /** An unsigned number of 0, 1, 2, 4 or 8 bytes; no bytes mean 0. Throws `MalformedContainer` beyond the file. */
  next(width: 0 | 1 | 2 | 4 | 8): number {
    const at = this.at;
    this.at += width;
    switch (width) {
      case 0:
        return 0;
      case 1:
        return this.source.u8(at);
      case 2:
        return this.source.u16(at);
      case 4:
        return this.source.u32(at);
      case 8:
        return this.source.u64(at);
    }
  }
}
