/**
 * Protobuf's wire format, read defensively: every length is checked against its parent before use,
 * nothing is allocated by a length the file only claims, and the number of elements is bounded.
 */

/** Why bytes are no acceptable network; the caller turns it into a sentence for the user. */
export class OnnxError extends Error {
  override readonly name = 'OnnxError';
}

/** More list elements than any network needs whose weights are stored as raw bytes. */
const maxElements = 2_000_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export class WireReader {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #elements = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Next field number and wire type. */
  tag(end: number): { number: number; wireType: number } {
    const tag = this.integer(end);
    const number = Math.floor(tag / 8);
    if (tag < 8 || number > 0x1fffffff) throw new OnnxError('it is no ONNX file');
    return { number, wireType: tag % 8 };
  }

  expect(wireType: number, wanted: number): void {
    if (wireType !== wanted) throw new OnnxError('it is no ONNX file (a field has the wrong type)');
  }

  /** Counts a list element against the bound. */
  countElement(): void {
    this.#elements += 1;
    if (this.#elements > maxElements) throw new OnnxError('it has too many list elements; weights must be stored as raw data');
  }

  /** Signed 64-bit varint as a number; beyond ±2^53 it is refused rather than rounded. */
  integer(end: number): number {
    let low = 0;
    for (let index = 0; index < 10; index += 1) {
      this.#need(1, end);
      const byte = this.#bytes[this.position] ?? 0;
      this.position += 1;
      // Four groups of 7 bits stay below 2^28; longer numbers take the exact, slower way.
      if (index === 4) return this.#longInteger(end, low, byte);
      low += (byte & 0x7f) * 2 ** (7 * index);
      if (byte < 0x80) return low;
    }
    throw new OnnxError('it is no ONNX file (a number does not end)');
  }

  #longInteger(end: number, low: number, fifth: number): number {
    let value = BigInt(low) | (BigInt(fifth & 0x7f) << 28n);
    let byte = fifth;
    for (let shift = 35n; byte >= 0x80; shift += 7n) {
      if (shift > 63n) throw new OnnxError('it is no ONNX file (a number does not end)');
      this.#need(1, end);
      byte = this.#bytes[this.position] ?? 0;
      this.position += 1;
      value |= BigInt(byte & 0x7f) << shift;
    }
    const signed = Number(BigInt.asIntN(64, value));
    if (!Number.isSafeInteger(signed)) throw new OnnxError('it contains a number that is out of range');
    return signed;
  }

  float(end: number): number {
    this.#need(4, end);
    const value = this.#view.getFloat32(this.position, true);
    this.position += 4;
    return value;
  }

  double(end: number): number {
    this.#need(8, end);
    const value = this.#view.getFloat64(this.position, true);
    this.position += 8;
    return value;
  }

  /** Reads a length and returns where the part it measures ends. */
  enter(end: number): number {
    const length = this.integer(end);
    if (length < 0) throw new OnnxError('it is no ONNX file (a length is negative)');
    this.#need(length, end);
    return this.position + length;
  }

  /** A view, not a copy. */
  bytes(end: number): Uint8Array {
    const stop = this.enter(end);
    const view = this.#bytes.subarray(this.position, stop);
    this.position = stop;
    return view;
  }

  text(end: number): string {
    try {
      return utf8.decode(this.bytes(end));
    } catch (error) {
      if (error instanceof OnnxError) throw error;
      throw new OnnxError('it is no ONNX file (a name is not text)');
    }
  }

  #need(length: number, end: number): void {
    if (this.position + length > end) throw new OnnxError('it is cut short or is no ONNX file');
  }
}
