/** ICC profiles: which one goes with the decoded samples. */
import type { PhotoHeader } from '../recognise/photo-header.ts';
import { sharp } from '../sharp.ts';

type BuiltIn = 'srgb' | 'p3';

/** Bytes of a profile that sharp carries. */
async function builtInProfile(name: BuiltIn): Promise<Uint8Array> {
  const tagged = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'black' } })
    .withIccProfile(name)
    .png()
    .toBuffer();
  const { icc } = await sharp(tagged).metadata();
  if (icc === undefined) throw new Error(`sharp carries no ${name} profile`);
  return new Uint8Array(icc);
}

export interface ChosenProfile {
  readonly icc: Uint8Array | null;
  readonly notes: readonly string[];
}

/** ITU-T H.273 numbers: primaries of BT.709 and of Display P3; transfers close enough to that of sRGB to be shown as it. */
const bt709 = 1;
const displayP3 = 12;
const unspecified = 2;
const srgbLikeTransfers: ReadonlySet<number> = new Set([1, 2, 6, 13, 14, 15]);

/** The profile that the device values of a photo are meant in; null is sRGB, as everywhere for untagged pictures. */
export async function chooseProfile(header: PhotoHeader): Promise<ChosenProfile> {
  if (header.colour === 'cmyk') return { icc: await builtInProfile('srgb'), notes: ['CMYK was converted to sRGB'] };
  if (header.colour === 'other') return { icc: await builtInProfile('srgb'), notes: ['Lab was converted to sRGB'] };
  if (header.icc !== null) {
    return fitsPixels(header.icc, header.colour)
      ? { icc: header.icc, notes: [] }
      : { icc: null, notes: ['the embedded colour profile is broken or of another colour model and was left out'] };
  }
  const { cicp } = header;
  if (cicp === undefined || header.colour === 'grey') return { icc: null, notes: [] };
  const srgbLike = srgbLikeTransfers.has(cicp.transfer);
  if (cicp.primaries === displayP3 && srgbLike) return { icc: await builtInProfile('p3'), notes: [] };
  if ((cicp.primaries === bt709 || cicp.primaries === unspecified || cicp.primaries === 0) && srgbLike)
    return { icc: null, notes: [] };
  return { icc: null, notes: ['its colours are described in a way that is not kept (CICP); they may look different'] };
}

/** A profile's header: length at 0, colour space at 16, signature "acsp" at 36 (ICC.1:2022, 7.2). */
function fitsPixels(icc: Uint8Array, colour: PhotoHeader['colour']): boolean {
  if (icc.length < 132) return false;
  const text = (at: number): string => Buffer.from(icc.subarray(at, at + 4)).toString('latin1');
  const declaredBytes = new DataView(icc.buffer, icc.byteOffset).getUint32(0);
  return text(36) === 'acsp' && declaredBytes <= icc.length && text(16) === (colour === 'grey' ? 'GRAY' : 'RGB ');
}
