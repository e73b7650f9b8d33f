/** Writes ONNX models: the inverse of the strict reader, from the same description of the format. */
import { messages } from '../../core/engine/network/onnx-proto.ts';
import type { Field, MessageName, OnnxModel } from '../../core/engine/network/onnx-proto.ts';

/** Bytes of a model, fields in the order of their numbers, as protobuf's own writers do; the same model always gives the same bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return encodeMessage(model as unknown as Record<string, unknown>, 'Model');
}

function encodeMessage(message: Record<string, unknown>, type: MessageName): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [number, field] of Object.entries(messages[type])) {
    const value = message[field.name];
    if (value === undefined) continue;
    if (!field.repeated) parts.push(...encodeField(Number(number), field.kind, value));
    else if (isPacked(field)) parts.push(...encodePacked(Number(number), field, value as number[]));
    else for (const element of value as unknown[]) parts.push(...encodeField(Number(number), field.kind, element));
  }
  return Buffer.concat(parts);
}

/** ONNX declares its numeric data lists packed in TensorProto only; dims and attribute lists are not. Readers take both forms. */
function isPacked(field: Field): boolean {
  return field.name.endsWith('Data') && (field.kind === 'int' || field.kind === 'float' || field.kind === 'double');
}

function encodePacked(number: number, field: Field, values: readonly number[]): Uint8Array[] {
  if (values.length === 0) return [];
  const body = Buffer.concat(values.map((value) => scalar(field.kind, value)));
  return [tag(number, 2), varint(body.length), body];
}

function encodeField(number: number, kind: Field['kind'], value: unknown): Uint8Array[] {
  switch (kind) {
    case 'int':
      return [tag(number, 0), scalar(kind, value as number)];
    case 'float':
      return [tag(number, 5), scalar(kind, value as number)];
    case 'double':
      return [tag(number, 1), scalar(kind, value as number)];
    case 'string':
      return delimited(number, Buffer.from(value as string, 'utf8'));
    case 'bytes':
      return delimited(number, value as Uint8Array);
    default:
      return delimited(number, encodeMessage(value as Record<string, unknown>, kind));
  }
}

function delimited(number: number, body: Uint8Array): Uint8Array[] {
  return [tag(number, 2), varint(body.length), body];
}

function scalar(kind: Field['kind'], value: number): Uint8Array {
  if (kind === 'int') return varint(value);
  const bytes = Buffer.alloc(kind === 'float' ? 4 : 8);
  if (kind === 'float') bytes.writeFloatLE(value);
  else bytes.writeDoubleLE(value);
  return bytes;
}

function tag(number: number, wireType: number): Uint8Array {
  return varint(number * 8 + wireType);
}

/** Negative numbers take ten bytes, as protobuf's int64 does. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
