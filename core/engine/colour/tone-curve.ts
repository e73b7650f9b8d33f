/**
 * Tone response curves of an RGB or grey ICC profile: from device value to linear light and back.
 * ICC.1:2022 §10.6 (curveType) and §10.18 (parametricCurveType).
 */

/** Maps a device value 0..1 to linear light 0..1. */
export type ToneCurve = (device: number) => number;

/** IEC 61966-2-1, used when a photo has no profile or the profile has no simple curves. */
export const srgbToneCurve: ToneCurve = (device) => (device <= 0.04045 ? device / 12.92 : ((device + 0.055) / 1.055) ** 2.4);

/** Curves for red, green, blue (or one for grey); the sRGB curve wherever the profile does not say. */
export function toneCurves(icc: Uint8Array | null, colourChannels: 1 | 3): ToneCurve[] {
  const signatures = colourChannels === 1 ? ['kTRC'] : ['rTRC', 'gTRC', 'bTRC'];
  return signatures.map((signature) => (icc === null ? null : profileCurve(icc, signature)) ?? srgbToneCurve);
}

function profileCurve(icc: Uint8Array, signature: string): ToneCurve | null {
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  if (view.byteLength < 132) return null;
  const tags = Math.min(view.getUint32(128), 200);
  for (let tag = 0; tag < tags; tag += 1) {
    const entry = 132 + tag * 12;
    if (entry + 12 > view.byteLength) return null;
    if (ascii(view, entry) !== signature) continue;
    const offset = view.getUint32(entry + 4);
    const size = view.getUint32(entry + 8);
    if (offset + size > view.byteLength || size < 12) return null;
    return parseCurve(new DataView(icc.buffer, icc.byteOffset + offset, size));
  }
  return null;
}

function parseCurve(view: DataView): ToneCurve | null {
  switch (ascii(view, 0)) {
    case 'curv':
      return sampledCurve(view);
    case 'para':
      return parametricCurve(view);
    default:
      return null;
  }
}

function sampledCurve(view: DataView): ToneCurve | null {
  const count = view.getUint32(8);
  if (count === 0) return (device) => device;
  if (12 + count * 2 > view.byteLength) return null;
  if (count === 1) {
    const gamma = view.getUint16(12) / 256;
    return gamma > 0 ? (device) => device ** gamma : null;
  }
  const samples = Float64Array.from({ length: count }, (_, index) => view.getUint16(12 + index * 2) / 65535);
  return (device) => {
    const position = Math.min(1, Math.max(0, device)) * (count - 1);
    const below = Math.min(count - 2, Math.floor(position));
    const low = samples[below] ?? 0;
    return low + ((samples[below + 1] ?? low) - low) * (position - below);
  };
}

function parametricCurve(view: DataView): ToneCurve | null {
  const kind = view.getUint16(8);
  const lengths = [1, 3, 4, 5, 7];
  const length = lengths[kind];
  if (length === undefined || 12 + length * 4 > view.byteLength) return null;
  const parameter = (index: number): number => (index < length ? view.getInt32(12 + index * 4) / 65536 : 0);
  const gamma = parameter(0);
  const [a, b, c, d, e, f] = [parameter(1), parameter(2), parameter(3), parameter(4), parameter(5), parameter(6)];
  switch (kind) {
    case 0:
      return (x) => x ** gamma;
    case 1:
      return (x) => (a * x + b >= 0 ? (a * x + b) ** gamma : 0);
    case 2:
      return (x) => (a * x + b >= 0 ? (a * x + b) ** gamma + c : c);
    case 3:
      return (x) => (x >= d ? (a * x + b) ** gamma : c * x);
    default:
      return (x) => (x >= d ? (a * x + b) ** gamma + e : c * x + f);
  }
}

function ascii(view: DataView, offset: number): string {
  return String.fromCharCode(
    view.getUint8(offset),
    view.getUint8(offset + 1),
    view.getUint8(offset + 2),
    view.getUint8(offset + 3),
  );
}
