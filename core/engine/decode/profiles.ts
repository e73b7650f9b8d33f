/** ICC profiles: which one goes with the decoded samples. */
import { describedProfile, isSrgbLike, srgbPrimaries } from '../colour/matrix-profile.ts';
import type { Cicp, PhotoHeader, PngColours } from '../recognise/photo-header.ts';
import { sharp } from '../sharp.ts';
import { describeCicp, isDisplayP3 } from './cicp-colours.ts';

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

/** The profile that the device values of a photo are meant in; null is sRGB, as everywhere for untagged pictures. */
export async function chooseProfile(header: PhotoHeader): Promise<ChosenProfile> {
  if (header.colour === 'cmyk') return { icc: await builtInProfile('srgb'), notes: ['CMYK was converted to sRGB'] };
  if (header.colour === 'other') return { icc: await builtInProfile('srgb'), notes: ['Lab was converted to sRGB'] };
  if (header.icc !== null) {
    return fitsPixels(header.icc, header.colour)
      ? { icc: header.icc, notes: [] }
      : { icc: null, notes: ['the embedded colour profile is broken or of another colour model and was left out'] };
  }
  if (header.cicp !== undefined) return await profileOfCicp(header.cicp, header.colour);
  if (header.pngColours !== undefined) return profileOfPng(header.pngColours, header.colour);
  return { icc: null, notes: [] };
}

async function profileOfCicp(cicp: Cicp, colour: 'rgb' | 'grey'): Promise<ChosenProfile> {
  const description = describeCicp(cicp);
  if (description === null)
    return { icc: null, notes: ['its colours are described in a way that is not kept (CICP); they may look different'] };
  if (isSrgbLike(description, colour)) return { icc: null, notes: [] };
  // The usual one of phones keeps the name that other programs know.
  if (colour === 'rgb' && isDisplayP3(description)) return { icc: await builtInProfile('p3'), notes: [] };
  return {
    icc: describedProfile(description, colour),
    notes: ['its colours are described by numbers (CICP): they were written as a colour profile'],
  };
}

/** Gamma of gAMA that is no mistake; its inverse is the exponent of the profile. */
const sensibleGamma = { from: 0.1, to: 10 };

function profileOfPng({ gamma, primaries }: PngColours, colour: 'rgb' | 'grey'): ChosenProfile {
  const isUsed = gamma !== null && gamma >= sensibleGamma.from && gamma <= sensibleGamma.to;
  const description = { primaries: primaries ?? srgbPrimaries, curve: isUsed ? 1 / gamma : ('srgb' as const) };
  if (isSrgbLike(description, colour)) return { icc: null, notes: [] };
  const icc = describedProfile(description, colour);
  if (icc === null) return { icc, notes: ['the PNG describes its colours by impossible numbers (cHRM), which were left out'] };
  const chunks = [isUsed ? ['gAMA'] : [], primaries !== null && colour === 'rgb' ? ['cHRM'] : []].flat().join(' and ');
  return { icc, notes: [`the PNG describes its colours by ${chunks}: they were written as a colour profile`] };
}

/** A profile's header: length at 0, colour space at 16, signature "acsp" at 36 (ICC.1:2022, 7.2). */
function fitsPixels(icc: Uint8Array, colour: PhotoHeader['colour']): boolean {
  if (icc.length < 132) return false;
  const text = (at: number): string => Buffer.from(icc.subarray(at, at + 4)).toString('latin1');
  const declaredBytes = new DataView(icc.buffer, icc.byteOffset).getUint32(0);
  return text(36) === 'acsp' && declaredBytes <= icc.length && text(16) === (colour === 'grey' ? 'GRAY' : 'RGB ');
}
