/**
 * Reads and writes the safetensors format (huggingface/safetensors, "Format"): the header's length as u64 LE, a JSON
 * header, raw little-endian data. Only the two element types that training uses: F32 and U8.
 */
import { EnlargerError } from '../../core/photo/failure.ts';

export interface StoredTensor {
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly data: Float32Array | Uint8Array;
}

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const lengthBytes = 8;
/** The reference implementation's own limit. */
const maxHeaderBytes = 100_000_000;
const elementBytes: Readonly<Record<string, number>> = { F32: 4, U8: 1 };

/**
 * Reads a whole file; the tensors are copies. Every range is checked: data must lie inside the file, be exactly as long as its
 * shape says, and neither overlap nor leave gaps, as the format demands. Throws EnlargerError `damaged`.
 */
export function readSafetensors(bytes: Uint8Array): TensorFile {
  if (bytes.length < lengthBytes) throw damaged('it is shorter than its own header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes || headerBytes > bytes.length - lengthBytes)
    throw damaged('its header claims to be longer than the file');
  const header = parseHeader(bytes.subarray(lengthBytes, lengthBytes + headerBytes));
  const body = bytes.subarray(lengthBytes + headerBytes);
  const tensors = new Map<string, StoredTensor>();
  const spans: { begin: number; end: number }[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = textRecord(entry);
      continue;
    }
    const { shape, begin, end, type } = tensorEntry(name, entry, body.length);
    spans.push({ begin, end });
    // A copy, because the data need not lie on a multiple of four bytes.
    const own = Uint8Array.from(body.subarray(begin, end));
    tensors.set(name, { shape, data: type === 'U8' ? own : new Float32Array(own.buffer) });
  }
  requireTiling(spans, body.length);
  return { tensors, metadata };
}

/** Writes a file that `readSafetensors` gives back; tensors in the map's order, the data on a multiple of eight bytes. */
export function writeSafetensors({ tensors, metadata }: TensorFile): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Uint8Array[] = [];
  let offset = 0;
  // Larger elements first keeps every tensor aligned to its element.
  const ordered = [...tensors].sort(([, a], [, b]) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  for (const [name, { shape, data }] of ordered) {
    const dtype = data instanceof Float32Array ? 'F32' : 'U8';
    if (shape.reduce((product, side) => product * side, 1) !== data.length)
      throw new RangeError(`Tensor ${name} has ${data.length} values, not what its shape [${shape.join()}] says`);
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    parts.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    offset += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header), 'utf8');
  const padded = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ');
  text.copy(padded);
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...parts]);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(parsed)) return parsed;
  } catch (error) {
    throw damaged('its header is not valid JSON', error);
  }
  throw damaged('its header is not a JSON object');
}

function textRecord(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw damaged('its metadata is not an object');
  for (const [key, text] of Object.entries(value))
    if (typeof text !== 'string') throw damaged(`its metadata "${key}" is not text`);
  return value as Record<string, string>;
}

function tensorEntry(
  name: string,
  entry: unknown,
  available: number,
): { shape: number[]; begin: number; end: number; type: string } {
  if (!isRecord(entry)) throw damaged(`tensor "${name}" is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const size = typeof dtype === 'string' ? elementBytes[dtype] : undefined;
  if (size === undefined) throw damaged(`tensor "${name}" has the element type ${JSON.stringify(dtype)}, not F32 or U8`);
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
    throw damaged(`tensor "${name}" has no valid shape and place`);
  const [begin = 0, end = 0] = offsets;
  if (begin > end || end > available) throw damaged(`tensor "${name}" lies outside the file`);
  if (shape.reduce((product, side) => product * side, size) !== end - begin)
    throw damaged(`tensor "${name}" has more or less data than its shape says`);
  return { shape, begin, end, type: String(dtype) };
}

function requireTiling(spans: { begin: number; end: number }[], length: number): void {
  let position = 0;
  for (const { begin, end } of spans.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== position) throw damaged('its tensors overlap or leave gaps');
    position = end;
  }
  if (position !== length) throw damaged('it has data that belongs to no tensor');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && (side as number) >= 0);
}

function damaged(reason: string, cause?: unknown): EnlargerError {
  return new EnlargerError('damaged', `This safetensors file cannot be read: ${reason}. Write it again by training.`, { cause });
}
