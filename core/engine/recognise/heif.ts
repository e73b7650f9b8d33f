/** Header of a HEIC or AVIF still picture: the primary item, its size, turns, depth, alpha and colours. */
import type { PhotoFormat } from '../../photo/facts.ts';
import { type ByteSource, readLimitBytes } from '../container/byte-source.ts';
import { readHeifMeta } from '../container/heif-items.ts';
import { type Box, findBox } from '../container/isobmff.ts';
import { cameraRaw } from './camera-raw.ts';
import { type HeifItems, readHeifItems } from './heif-items.ts';
import type { Cicp, PhotoHeader } from './photo-header.ts';
import { damaged, notAPhoto, unsupported } from './refusals.ts';

const stillBrands: ReadonlySet<string> = new Set([
  'heic',
  'heix',
  'heim',
  'heis',
  'hevc',
  'hevx',
  'mif1',
  'mif2',
  'msf1',
  'miaf',
  'avif',
  'avis',
  'MA1A',
  'MA1B',
]);
const codecs: Readonly<Record<string, PhotoFormat>> = { hvc1: 'heic', av01: 'avif' };
const alphaUrns: ReadonlySet<string> = new Set([
  'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha',
  'urn:mpeg:hevc:2015:auxid:1',
  'urn:mpeg:avc:2015:auxid:1',
]);
/** Planes of the decoder, the converted picture and libheif's copies between them, at 8 bits; measured 16.1 for AVIF. */
const heldBytesPerPixel = { heic: 14, avif: 18 } as const;
// A derived picture may derive from a derived one; real files do so once or twice.
const deepestDerivation = 4;

interface Coding {
  readonly format: PhotoFormat;
  readonly bitDepth: number;
  readonly monochrome: boolean;
}

export function readHeifHeader(source: ByteSource): PhotoHeader {
  checkBrands(source);
  const meta = readHeifMeta(source);
  if (meta === null) throw damaged('it has no picture in it');
  const items = readHeifItems(source, meta);
  const properties = items.properties(items.primary);
  const coding = readCoding(source, items, items.primary, 0);
  const size = readSize(source, properties);
  const turned =
    properties.filter((box) => box.type === 'irot').reduce((turns, box) => turns + (source.u8(box.bodyAt) & 3), 0) % 2 === 1;
  const colours = readColours(source, properties);
  const hasAlpha = hasAlphaItem(source, items, items.primary, 0);
  const sampleBytes = coding.bitDepth > 8 ? 2 : 1;
  return {
    format: coding.format,
    width: turned ? size.height : size.width,
    height: turned ? size.width : size.height,
    orientation: 1,
    colour: coding.monochrome ? 'grey' : 'rgb',
    hasAlpha,
    bitDepth: coding.bitDepth,
    progressive: false,
    pages: countFrames(source),
    icc: colours.icc,
    heldBytes: size.codedPixels * sampleBytes * heldBytesPerPixel[coding.format === 'heic' ? 'heic' : 'avif'],
    ...(colours.cicp === null ? {} : { cicp: colours.cicp }),
    turned,
  };
}

function checkBrands(source: ByteSource): void {
  const length = Math.min(source.u32(0), 4096, source.sizeBytes);
  if (length < 16) throw damaged('it does not say what it is');
  const brands: string[] = [];
  for (let at = 8; at + 4 <= length; at += 4) {
    if (at !== 12) brands.push(source.text(at, 4));
  }
  if (brands[0] === 'crx ') throw cameraRaw('a camera RAW photo (Canon CR3)');
  if (brands.some((brand) => stillBrands.has(brand))) return;
  if (brands.includes('mif3')) throw unsupported('a HEIF photo in the new compact form');
  if (brands.includes('jxl ')) throw unsupported('a JPEG XL photo');
  if (brands.includes('avci') || brands.includes('vvic') || brands.includes('j2ki') || brands.includes('jpeg')) {
    throw unsupported('a HEIF photo with an uncommon codec');
  }
  throw notAPhoto('a video or sound file');
}

function readCoding(source: ByteSource, items: HeifItems, item: number, depth: number): Coding {
  const type = items.types.get(item);
  if (type === undefined) throw damaged('its main picture is missing');
  if (type === 'grid' || type === 'iovl' || type === 'iden' || type === 'tmap' || type === 'sato') {
    const from = items.referencesFrom(item, 'dimg')[0];
    if (from === undefined || depth >= deepestDerivation) throw damaged('its main picture has no parts');
    return readCoding(source, items, from, depth + 1);
  }
  const format = codecs[type];
  if (format === undefined) throw unsupported(`a HEIF photo with the codec "${type.replace(/[^\x20-\x7e]/gu, '?')}"`);
  const properties = items.properties(item);
  const configuration = properties.find((box) => box.type === (format === 'heic' ? 'hvcC' : 'av1C'));
  if (configuration === undefined) throw damaged('its main picture has no description');
  return format === 'heic' ? readHevc(source, configuration) : readAv1(source, configuration);
}

/** HEVCDecoderConfigurationRecord: ISO/IEC 14496-15, 8.3.2.1. */
function readHevc(source: ByteSource, box: Box): Coding {
  const bitDepth = (source.u8(box.bodyAt + 17) & 7) + 8;
  return { format: 'heic', bitDepth, monochrome: (source.u8(box.bodyAt + 16) & 3) === 0 };
}

/** AV1CodecConfigurationRecord: AV1-ISOBMFF, 2.3.3. */
function readAv1(source: ByteSource, box: Box): Coding {
  const flags = source.u8(box.bodyAt + 2);
  const bitDepth = (flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12;
  return { format: 'avif', bitDepth, monochrome: (flags & 0x10) !== 0 };
}

/** Size before turns, cut to the clean aperture where there is one. */
function readSize(source: ByteSource, properties: readonly Box[]): { width: number; height: number; codedPixels: number } {
  const ispe = properties.find((box) => box.type === 'ispe');
  if (ispe === undefined) throw damaged('its header names no size');
  let width = source.u32(ispe.bodyAt + 4);
  let height = source.u32(ispe.bodyAt + 8);
  if (width === 0 || height === 0) throw damaged('its header names a size of zero');
  const codedPixels = width * height;
  const clap = properties.find((box) => box.type === 'clap');
  if (clap !== undefined) {
    width = aperture(source, clap.bodyAt, width);
    height = aperture(source, clap.bodyAt + 8, height);
  }
  return { width, height, codedPixels };
}

function aperture(source: ByteSource, at: number, whole: number): number {
  const side = Math.round(source.u32(at) / source.u32(at + 4));
  if (!(side >= 1)) throw damaged('its header cuts the picture to nothing');
  return Math.min(whole, side);
}

function readColours(source: ByteSource, properties: readonly Box[]): { icc: Uint8Array | null; cicp: Cicp | null } {
  let icc: Uint8Array | null = null;
  let cicp: Cicp | null = null;
  for (const box of properties) {
    if (box.type !== 'colr') continue;
    const kind = source.text(box.bodyAt, 4);
    const length = box.end - box.bodyAt - 4;
    if (kind === 'nclx') cicp ??= { primaries: source.u16(box.bodyAt + 4), transfer: source.u16(box.bodyAt + 6) };
    else if ((kind === 'prof' || kind === 'rICC') && length <= readLimitBytes) icc ??= source.read(box.bodyAt + 4, length);
  }
  return { icc, cicp };
}

/** Alpha belongs to the picture, or to the parts that it is put together from. */
function hasAlphaItem(source: ByteSource, items: HeifItems, item: number, depth: number): boolean {
  if (items.referencesTo(item, 'auxl').some((auxiliary) => isAlpha(source, items, auxiliary))) return true;
  const part = items.referencesFrom(item, 'dimg')[0];
  return part !== undefined && depth < deepestDerivation && hasAlphaItem(source, items, part, depth + 1);
}

function isAlpha(source: ByteSource, items: HeifItems, item: number): boolean {
  const auxC = items.properties(item).find((box) => box.type === 'auxC');
  if (auxC === undefined) return false;
  const urn = source.text(auxC.bodyAt + 4, Math.min(128, auxC.end - auxC.bodyAt - 4)).split('\0')[0] ?? '';
  return alphaUrns.has(urn);
}

/** Frames of an animation's first track, 1 for a still picture. */
function countFrames(source: ByteSource): number {
  let place: Box | null = findBox(source, 0, source.sizeBytes, 'moov', true);
  for (const type of ['trak', 'mdia', 'minf', 'stbl', 'stsz']) {
    if (place === null) return 1;
    place = findBox(source, place.bodyAt, place.end, type, true);
  }
  return place === null || !source.has(place.bodyAt, 12) ? 1 : Math.max(1, source.u32(place.bodyAt + 8));
}
