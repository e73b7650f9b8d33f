/** Photoshop image resources (`8BIM`), the wrapper in which JPEG and TIFF carry IPTC. */
import { asBuffer } from '../as-buffer.ts';

const iptcResource = 0x0404;
const signature = '8BIM';

/** The IPTC datasets among image resources, or null. Stops quietly where the resources stop making sense. */
export function iptcOfResources(resources: Uint8Array): Uint8Array | null {
  const bytes = asBuffer(resources);
  for (let at = 0; at + 12 <= bytes.length && bytes.toString('latin1', at, at + 4) === signature;) {
    const id = bytes.readUInt16BE(at + 4);
    const nameBytes = 1 + (bytes[at + 6] ?? 0);
    const sizeAt = at + 6 + nameBytes + (nameBytes % 2);
    if (sizeAt + 4 > bytes.length) return null;
    const size = bytes.readUInt32BE(sizeAt);
    const data = resources.subarray(sizeAt + 4, sizeAt + 4 + size);
    if (id === iptcResource && data.length === size && size > 0) return data;
    at = sizeAt + 4 + size + (size % 2);
  }
  return null;
}

/** Image resources that hold nothing but IPTC. */
export function resourcesOfIptc(iptc: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.write(signature, 'latin1');
  head.writeUInt16BE(iptcResource, 4);
  head.writeUInt32BE(iptc.length, 8);
  return Buffer.concat([head, iptc, Buffer.alloc(iptc.length % 2)]);
}
