/**
 * ICC profiles for colours that a file describes by numbers instead of by a profile: version 2 display profiles of a
 * matrix and tone curves, or of one curve for grey (ICC.1:2001-04, 6.3.1 and 6.5).
 */
import { srgbToneCurve } from './tone-curve.ts';

/** CIE 1931 x and y. */
export type Chromaticity = readonly [x: number, y: number];

export interface Chromaticities {
  readonly white: Chromaticity;
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
}

/** From device value to linear light: the exponent of a power, 0.1..10, or the curve of IEC 61966-2-1. */
export type DeviceCurve = number | 'srgb';

export interface ColourDescription {
  readonly primaries: Chromaticities;
  readonly curve: DeviceCurve;
}

/** ITU-R BT.709, the primaries of sRGB. */
export const srgbPrimaries: Chromaticities = {
  white: [0.3127, 0.329],
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
};

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

const d50: Triple = [0.9642, 1, 0.8249];
/** Cone responses of Bradford, rows; ICC.1:2001-04, annex E. */
const bradford: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];
/** Writers round 1/2.2 to 0.45, and some name the power for the curve of sRGB; neither can be seen. */
const srgbExponent = 2.2;
const exponentTolerance = 0.015;
const chromaticityTolerance = 0.005;
// 1,024 steps are what usual sRGB profiles have.
const curvePoints = 1024;
// Beyond this no eye and no device has colours, and lcms loses its precision.
const longestComponent = 4;

/** True when the colours are those of sRGB as far as can be seen. The primaries of grey are not looked at. */
export function isSrgbLike({ primaries, curve }: ColourDescription, colour: 'rgb' | 'grey'): boolean {
  if (curve !== 'srgb' && Math.abs(curve / srgbExponent - 1) > exponentTolerance) return false;
  const isNear = (name: keyof Chromaticities): boolean =>
    primaries[name].every((value, axis) => Math.abs(value - (srgbPrimaries[name][axis] ?? 0)) <= chromaticityTolerance);
  return colour === 'grey' || (isNear('white') && isNear('red') && isNear('green') && isNear('blue'));
}

/** The profile's bytes, or null when no colours can be mixed from such primaries. */
export function describedProfile(description: ColourDescription, colour: 'rgb' | 'grey'): Uint8Array | null {
  const curve = curveTag(description.curve);
  const common: [string, Buffer][] = [
    ['desc', descriptionTag('Colours as the photo describes them')],
    ['cprt', textTag('No copyright')],
    ['wtpt', xyzTag(d50)],
  ];
  if (colour === 'grey') return profileOf('GRAY', [...common, ['kTRC', curve]]);
  const colorants = adaptedColorants(description.primaries);
  if (colorants === null) return null;
  const [red, green, blue] = colorants;
  return profileOf('RGB ', [
    ...common,
    ['rXYZ', xyzTag(red)],
    ['gXYZ', xyzTag(green)],
    ['bXYZ', xyzTag(blue)],
    ['rTRC', curve],
    ['gTRC', curve],
    ['bTRC', curve],
  ]);
}

/**
 * XYZ of full red, green and blue under D50: they add up to white (SMPTE RP 177), then are adapted by Bradford.
 * Null for points that span no triangle, or are no points.
 */
function adaptedColorants({ white, red, green, blue }: Chromaticities): Matrix | null {
  if (![white, red, green, blue].every(([x, y]) => x >= 0 && y >= 0 && x <= 1 && y <= 1) || white[1] < 0.01) return null;
  const xyz = ([x, y]: Chromaticity): Triple => [x, y, 1 - x - y];
  const columns = transposed([xyz(red), xyz(green), xyz(blue)]);
  const whiteXyz = xyz(white).map((value) => value / white[1]) as unknown as Triple;
  const mix = inverse(columns);
  if (mix === null) return null;
  const amounts = times(mix, whiteXyz);
  const [toCones, fromCones] = [bradford, inverse(bradford)];
  if (fromCones === null) return null;
  const [from, to] = [times(toCones, whiteXyz), times(toCones, d50)];
  const adapt = (colour: Triple): Triple => {
    const [long, middle, short] = times(toCones, colour);
    return times(fromCones, [(long * to[0]) / from[0], (middle * to[1]) / from[1], (short * to[2]) / from[2]]);
  };
  const scaled = ([x, y, z]: Triple, by: number): Triple => adapt([x * by, y * by, z * by]);
  const colorants: Matrix = [scaled(xyz(red), amounts[0]), scaled(xyz(green), amounts[1]), scaled(xyz(blue), amounts[2])];
  return colorants.flat().every((value) => Math.abs(value) < longestComponent) ? colorants : null;
}

function times([first, second, third]: Matrix, vector: Triple): Triple {
  const dot = (row: Triple): number => row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2];
  return [dot(first), dot(second), dot(third)];
}

function transposed([a, b, c]: Matrix): Matrix {
  return [
    [a[0], b[0], c[0]],
    [a[1], b[1], c[1]],
    [a[2], b[2], c[2]],
  ];
}

function inverse([a, b, c]: Matrix): Matrix | null {
  const cross = (u: Triple, v: Triple): Triple => [
    u[1] * v[2] - u[2] * v[1],
    u[2] * v[0] - u[0] * v[2],
    u[0] * v[1] - u[1] * v[0],
  ];
  const [bc, ca, ab] = [cross(b, c), cross(c, a), cross(a, b)];
  const determinant = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2];
  if (Math.abs(determinant) < 1e-4) return null;
  const divided = ([x, y, z]: Triple): Triple => [x / determinant, y / determinant, z / determinant];
  return transposed([divided(bc), divided(ca), divided(ab)]);
}

/** Header, tag table, tags; tags that share their bytes share their place. */
function profileOf(space: 'RGB ' | 'GRAY', tags: [string, Buffer][]): Uint8Array {
  const head = Buffer.alloc(128 + 4 + 12 * tags.length);
  head.writeUInt32BE(0x02400000, 8); // version 2.4
  head.write(`mntr${space}XYZ `, 12, 'latin1');
  head.writeUInt16BE(2001, 24); // a fixed date, so that equal colours give equal bytes
  head.writeUInt16BE(1, 26);
  head.writeUInt16BE(1, 28);
  head.write('acsp', 36, 'latin1');
  xyzNumber(d50).copy(head, 68);
  head.writeUInt32BE(tags.length, 128);
  const places = new Map<Buffer, number>();
  let end = head.length;
  for (const [index, [signature, tag]] of tags.entries()) {
    const at = places.get(tag) ?? end;
    if (at === end) end += tag.length;
    places.set(tag, at);
    head.write(signature, 132 + 12 * index, 'latin1');
    head.writeUInt32BE(at, 136 + 12 * index);
    head.writeUInt32BE(tag.length, 140 + 12 * index);
  }
  head.writeUInt32BE(end, 0);
  return new Uint8Array(Buffer.concat([head, ...places.keys()]));
}

/** Type, four zeros, content, zeros up to a multiple of four. */
function tagOf(type: string, content: Buffer): Buffer {
  const tag = Buffer.alloc(8 + Math.ceil(content.length / 4) * 4);
  tag.write(type, 'latin1');
  content.copy(tag, 8);
  return tag;
}

function xyzNumber(values: Triple): Buffer {
  const bytes = Buffer.alloc(12);
  for (const [index, value] of values.entries()) bytes.writeInt32BE(Math.round(value * 65536), 4 * index);
  return bytes;
}

function xyzTag(values: Triple): Buffer {
  return tagOf('XYZ ', xyzNumber(values));
}

function textTag(text: string): Buffer {
  return tagOf('text', Buffer.from(`${text}\0`, 'latin1'));
}

/** textDescriptionType: the text in ASCII, no Unicode, no Macintosh script. */
function descriptionTag(text: string): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(text.length + 1);
  return tagOf('desc', Buffer.concat([count, Buffer.from(`${text}\0`, 'latin1'), Buffer.alloc(4 + 4 + 2 + 1 + 67)]));
}

/** curveType: one number is an exponent as u8Fixed8, more are samples of the curve. */
function curveTag(curve: DeviceCurve): Buffer {
  const points =
    curve === 'srgb'
      ? Array.from({ length: curvePoints }, (_, index) => Math.round(srgbToneCurve(index / (curvePoints - 1)) * 65535))
      : [Math.round(curve * 256)];
  const content = Buffer.alloc(4 + 2 * points.length);
  content.writeUInt32BE(points.length);
  for (const [index, point] of points.entries()) content.writeUInt16BE(point, 4 + 2 * index);
  return tagOf('curv', content);
}
