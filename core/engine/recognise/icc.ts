/** Name of an ICC profile: its `desc` tag, in the form of version 2 (ASCII) or 4 (Unicode). ICC.1:2022, 9.2.41. */

const longestNameBytes = 1024;

/** The profile's description, or `unnamed` when it has none that can be read. */
export function iccProfileName(icc: Uint8Array): string {
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  const at = descriptionOffset(view);
  const text = at === null ? null : descriptionText(icc, view, at);
  const printable = text?.replace(/\p{Cc}+/gu, ' ').trim() ?? '';
  return printable === '' ? 'unnamed' : printable;
}

function descriptionOffset(view: DataView): number | null {
  if (view.byteLength < 132) return null;
  const tags = Math.min(view.getUint32(128), 200, Math.floor((view.byteLength - 132) / 12));
  for (let tag = 0; tag < tags; tag++) {
    const entry = 132 + tag * 12;
    if (view.getUint32(entry) !== 0x64657363) continue;
    const offset = view.getUint32(entry + 4);
    return offset + 28 <= view.byteLength ? offset : null;
  }
  return null;
}

function descriptionText(icc: Uint8Array, view: DataView, at: number): string | null {
  const type = view.getUint32(at);
  if (type === 0x64657363) {
    return ascii(icc, at + 12, view.getUint32(at + 8));
  }
  // 'mluc': the first record will do, it is English in practice.
  if (type !== 0x6d6c7563 || view.getUint32(at + 8) === 0) return null;
  const length = Math.min(view.getUint32(at + 20), longestNameBytes);
  const start = at + view.getUint32(at + 24);
  if (start + length > icc.length) return null;
  return new TextDecoder('utf-16be').decode(icc.subarray(start, start + (length & ~1)));
}

function ascii(icc: Uint8Array, start: number, length: number): string {
  const bytes = icc.subarray(start, start + Math.min(length, longestNameBytes));
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('latin1');
}
