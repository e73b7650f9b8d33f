/** Photoshop image resources (`8BIM`), the wrapper in which JPEG and TIFF carry IPTC. Adobe Photoshop File Formats Specification. */
import { asBuffer } from '../as-buffer.ts';

const iptcResource = 0x0404;
/** CopyrightFlag and URL. */
const copyrightResources: ReadonlySet<number> = new Set([0x040a, 0x040b]);
/** More is no address. */
const copyrightLimitBytes = 16 * 1024;
const signature = '8BIM';

interface Resource {
  readonly id: number;
  readonly data: Uint8Array;
  /** The whole resource as stored, of an even length. */
  readonly raw: Uint8Array;
}

/** Whole resources, in order. Stops quietly where the resources stop making sense. */
function* imageResources(resources: Uint8Array): Generator<Resource> {
  const bytes = asBuffer(resources);
  for (let at = 0; at + 12 <= bytes.length && bytes.toString('latin1', at, at + 4) === signature;) {
    const nameBytes = 1 + (bytes[at + 6] ?? 0);
    const sizeAt = at + 6 + nameBytes + (nameBytes % 2);
    if (sizeAt + 4 > bytes.length) return;
    const start = sizeAt + 4;
    const end = start + bytes.readUInt32BE(sizeAt);
    if (end > bytes.length) return;
    const next = end + ((end - start) % 2);
    const raw = Buffer.alloc(next - at);
    raw.set(resources.subarray(at, end));
    yield { id: bytes.readUInt16BE(at + 4), data: resources.subarray(start, end), raw };
    at = next;
  }
}

/** The IPTC datasets among image resources, or null. */
export function iptcOfResources(resources: Uint8Array): Uint8Array | null {
  for (const { id, data } of imageResources(resources)) if (id === iptcResource && data.length > 0) return data;
  return null;
}

/** The image resources that say whose photo it is, whether it is protected and where to read about it; or null. */
export function copyrightOfResources(resources: Uint8Array): Uint8Array | null {
  const kept: Uint8Array[] = [];
  for (const { id, data, raw } of imageResources(resources))
    if (copyrightResources.has(id) && data.length <= copyrightLimitBytes) kept.push(raw);
  return kept.length === 0 ? null : Buffer.concat(kept);
}

/** Image resources that hold nothing but IPTC. */
export function resourcesOfIptc(iptc: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.write(signature, 'latin1');
  head.writeUInt16BE(iptcResource, 4);
  head.writeUInt32BE(iptc.length, 8);
  return Buffer.concat([head, iptc, Buffer.alloc(iptc.length % 2)]);
}
