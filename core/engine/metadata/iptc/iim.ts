/** IPTC-IIM 4.2 datasets. */
import { asBuffer } from '../as-buffer.ts';
import { MalformedMetadata } from '../malformed.ts';

export interface Dataset {
  readonly record: number;
  readonly dataset: number;
  readonly value: Uint8Array;
  /** The whole dataset as stored. */
  readonly raw: Uint8Array;
}

/** Application record datasets that name a place: content location, city, sublocation, state, country. */
const locationDatasets = new Set([26, 27, 90, 92, 95, 100, 101]);

/** Splits a block into datasets; padding zeros at the end are ignored. Throws `MalformedMetadata`. */
export function parseIim(block: Uint8Array): Dataset[] {
  const bytes = asBuffer(block);
  const datasets: Dataset[] = [];
  for (let at = 0; at < bytes.length;) {
    if (bytes[at] !== 0x1c) {
      if (bytes.subarray(at).every((byte) => byte === 0)) break;
      throw new MalformedMetadata('a dataset does not start with 0x1C');
    }
    const size = bytes.readUInt16BE(at + 3);
    // Above 32,767 the two bytes say how many bytes hold the length.
    const lengthBytes = size & 0x8000 ? size & 0x7fff : 0;
    if (lengthBytes > 4) throw new MalformedMetadata('a dataset is impossibly long');
    const length = lengthBytes > 0 ? bytes.readUIntBE(at + 5, lengthBytes) : size;
    const start = at + 5 + lengthBytes;
    if (start + length > bytes.length) throw new MalformedMetadata('a dataset runs out of the block');
    const [record = 0, dataset = 0] = bytes.subarray(at + 1, at + 3);
    datasets.push({ record, dataset, value: block.subarray(start, start + length), raw: block.subarray(at, start + length) });
    at = start + length;
  }
  return datasets;
}

/** The block without the datasets that name a place; null when nothing is left. Throws `MalformedMetadata`. */
export function withoutLocation(block: Uint8Array): Uint8Array | null {
  const kept = parseIim(block).filter(({ record, dataset }) => !(record === 2 && locationDatasets.has(dataset)));
  return kept.length === 0 ? null : Buffer.concat(kept.map(({ raw }) => raw));
}
